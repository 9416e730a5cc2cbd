package main

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationmonoregular"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// dpi is the resolution of the scans, in pixels per inch.
const dpi = 200

// pixels are the pixels in a point.
const pixels = dpi / 72.0

// rasterCanvas sets pages in pixels with the Liberation fonts, which are as wide
// as the fonts of the PDFs.
type rasterCanvas struct {
	faces map[face]font.Face
	err   error
}

// fontData are the fonts by typeface and variant. What is bold and italic is set
// in bold.
var fontData = map[family]map[slant][]byte{
	serif:      {0: liberationserifregular.TTF, bold: liberationserifbold.TTF, italic: liberationserifitalic.TTF},
	sans:       {0: liberationsansregular.TTF, bold: liberationsansbold.TTF, italic: liberationsansitalic.TTF},
	typewriter: {0: liberationmonoregular.TTF, bold: liberationmonobold.TTF, italic: liberationmonoregular.TTF},
}

func (f face) data() []byte {
	if f.Slant&bold != 0 {
		f.Slant = bold
	}
	return fontData[f.Family][f.Slant]
}

func (c *rasterCanvas) face(f face) font.Face {
	if got, ok := c.faces[f]; ok {
		return got
	}
	parsed, err := opentype.Parse(f.data())
	if err == nil {
		var made font.Face
		made, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.Size, DPI: dpi, Hinting: font.HintingFull})
		if err == nil {
			c.faces[f] = made
			return made
		}
	}
	if c.err == nil {
		c.err = fmt.Errorf("load font: %w", err)
	}
	return nil
}

// width implements measurer.
func (c *rasterCanvas) width(f face, text string) float64 {
	face := c.face(f)
	if face == nil {
		return 0
	}
	return float64(font.MeasureString(face, text)) / 64 / pixels
}

func pixel(points float64) int { return int(math.Round(points * pixels)) }

// draw is a page in black on white.
func (c *rasterCanvas) draw(p page) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, pixel(pageWidth), pixel(pageHeight)))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for _, g := range p.Glyphs {
		d := font.Drawer{Dst: img, Src: image.Black, Face: c.face(g.Face), Dot: fixed.P(pixel(g.X), pixel(g.Y))}
		if d.Face != nil {
			d.DrawString(g.Text)
		}
	}
	for _, r := range p.Rules {
		thick := max(1, pixel(r.Width))
		for y := pixel(r.Y1); y < pixel(r.Y2)+thick; y++ {
			for x := pixel(r.X1); x < pixel(r.X2)+thick; x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	return img
}
