package ocr

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/assert"
)

// printed is a page with double spaced lines of letters, which are boxes, and with rules.
func printed(rules ...image.Rectangle) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, 770, 1000))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	fill := func(r image.Rectangle) {
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	for y := 100; y < 900; y += 48 {
		for x := 140; x < 560+y%90; x += 11 + (x*7+y)%9 {
			fill(image.Rect(x, y+(x*13)%4, x+6, y+12-(x/3+y)%3))
		}
	}
	for _, r := range rules {
		fill(r)
	}
	return img
}

// Rules down the margins, as pleading paper has them, do not make a page lie on its side.
func TestRulesDoNotTellHowAPageLies(t *testing.T) {
	t.Parallel()
	pleading := []image.Rectangle{image.Rect(110, 0, 112, 1000), image.Rect(116, 0, 118, 1000), image.Rect(720, 0, 722, 1000)}
	for name, rules := range map[string][]image.Rectangle{"none": nil, "pleading paper": pleading} {
		img := printed(rules...)
		assert.Equal(t, lie{clear: true}, lieOf(img), name)
		lies := lieOf(turned(img, 1))
		assert.True(t, lies.clear && lies.side, "%s, on its side", name)
		lies = lieOf(rotated(img, 1.5))
		assert.True(t, lies.clear && !lies.side, "%s, tilted", name)
		assert.InDelta(t, -1.5, lies.angle, 0.2, name)
	}
}
