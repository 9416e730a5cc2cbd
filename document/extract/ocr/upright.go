package ocr

import (
	"image"
	"math"
)

// placement says how a picture was turned: first by quarters, then by an angle
// about its middle, onto a picture that holds all of it.
type placement struct {
	quarters int // to the right, 0 to 3
	angle    float64
	from     image.Point // size before
	to       image.Point // size after
}

// straighten turns img to the right by quarters and to the left by angle degrees,
// which is how far its lines fall to the right once it has been turned by quarters.
func straighten(img *image.Gray, quarters int, angle float64) (*image.Gray, placement) {
	p := placement{quarters: quarters & 3, angle: angle, from: img.Rect.Size()}
	img = turned(img, p.quarters)
	if angle != 0 {
		img = rotated(img, angle)
	}
	p.to = img.Rect.Size()
	return img, p
}

// back is where a point of the turned picture was before, in pixels.
func (p placement) back(x, y float64) (float64, float64) {
	w, h := float64(p.from.X), float64(p.from.Y)
	if p.quarters%2 == 1 {
		w, h = h, w
	}
	if p.angle != 0 {
		sin, cos := math.Sincos(p.angle * math.Pi / 180)
		dx, dy := x-float64(p.to.X)/2, y-float64(p.to.Y)/2
		x, y = w/2+dx*cos-dy*sin, h/2+dx*sin+dy*cos
	}
	switch p.quarters {
	case 1:
		return y, w - x
	case 2:
		return w - x, h - y
	case 3:
		return h - y, x
	}
	return x, y
}

// turned is img turned to the right by quarters.
func turned(img *image.Gray, quarters int) *image.Gray {
	size := img.Rect.Size()
	w, h := size.X, size.Y
	if quarters == 0 {
		return img
	}
	if quarters%2 == 1 {
		w, h = h, w
	}
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		row := out.Pix[y*out.Stride : y*out.Stride+w]
		for x := range row {
			switch quarters {
			case 1:
				row[x] = img.Pix[(size.Y-1-x)*img.Stride+y]
			case 2:
				row[x] = img.Pix[(size.Y-1-y)*img.Stride+size.X-1-x]
			case 3:
				row[x] = img.Pix[x*img.Stride+size.X-1-y]
			}
		}
	}
	return out
}

// rotated is img turned to the left by degrees, on white paper that holds all of it,
// by bilinear interpolation.
func rotated(img *image.Gray, degrees float64) *image.Gray {
	size := img.Rect.Size()
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(size.X), float64(size.Y)
	width := int(math.Ceil(w*math.Abs(cos) + h*math.Abs(sin)))
	height := int(math.Ceil(w*math.Abs(sin) + h*math.Abs(cos)))
	out := image.NewGray(image.Rect(0, 0, width, height))
	// Positions are in pixels x 65,536, shares of a pixel in its 256ths.
	const one, share = 1 << 16, 8
	at := func(x, y int) int {
		if x < 0 || y < 0 || x >= size.X || y >= size.Y {
			return 255
		}
		return int(img.Pix[y*img.Stride+x])
	}
	stepX, stepY := int(math.Round(cos*one)), int(math.Round(sin*one))
	for y := range height {
		row := out.Pix[y*out.Stride : y*out.Stride+width]
		dx, dy := 0.5-float64(width)/2, float64(y)+0.5-float64(height)/2
		fx := int((w/2 + dx*cos - dy*sin - 0.5) * one)
		fy := int((h/2 + dx*sin + dy*cos - 0.5) * one)
		for x := range row {
			x0, y0 := fx>>16, fy>>16
			sx, sy := fx&(one-1)>>share, fy&(one-1)>>share
			var a, b, c, d int
			if x0 >= 0 && y0 >= 0 && x0+1 < size.X && y0+1 < size.Y {
				i := y0*img.Stride + x0
				a, b = int(img.Pix[i]), int(img.Pix[i+1])
				c, d = int(img.Pix[i+img.Stride]), int(img.Pix[i+img.Stride+1])
			} else {
				a, b, c, d = at(x0, y0), at(x0+1, y0), at(x0, y0+1), at(x0+1, y0+1)
			}
			top, bottom := a<<share+(b-a)*sx, c<<share+(d-c)*sx
			row[x] = uint8((top<<share + (bottom-top)*sy) >> (2 * share))
			fx += stepX
			fy += stepY
		}
	}
	return out
}
