package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"strconv"

	"golang.org/x/image/font"
)

// scan renders a source's pages as a scanner would see them: turned a little,
// paper not quite white, ink not quite black, specks of dust. Its arithmetic is
// in integers, so that every machine computes the same pixels.
func scan(s *source) ([]*image.Gray, error) {
	p, err := paperOf(s)
	if err != nil {
		return nil, err
	}
	c := &rasterCanvas{faces: map[face]font.Face{}}
	pages, err := typeset(s, p, c)
	if err != nil {
		return nil, err
	}
	// The turn is in 1/65536 of a radian: 300 are a quarter of a degree.
	turn, err := strconv.Atoi(s.Meta["turn"])
	if err != nil {
		return nil, fmt.Errorf("turn: %w", err)
	}
	h := fnv.New64a()
	h.Write([]byte(s.Meta["title"]))
	rng := rand.New(rand.NewPCG(h.Sum64(), uint64(turn)))
	out := make([]*image.Gray, len(pages))
	for i, pg := range pages {
		out[i] = rotate(c.draw(pg), turn)
		soil(out[i], rng)
	}
	return out, c.err
}

// rotate turns img about its centre by a small angle in 1/65536 radian, with
// bilinear interpolation. The cosine of such an angle is taken as 1.
func rotate(img *image.Gray, angle int) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewGray(img.Rect)
	at := func(x, y int) int {
		if x < 0 || y < 0 || x >= w || y >= h {
			return 0xFF
		}
		return int(img.Pix[y*img.Stride+x])
	}
	for y := range h {
		for x := range w {
			// Source position in 1/65536 pixel, then in 1/256.
			sx, sy := (x<<16-(y-h/2)*angle)>>8, (y<<16+(x-w/2)*angle)>>8
			fx, fy := sx&0xFF, sy&0xFF
			ix, iy := sx>>8, sy>>8
			top := at(ix, iy)*(256-fx) + at(ix+1, iy)*fx
			low := at(ix, iy+1)*(256-fx) + at(ix+1, iy+1)*fx
			out.Pix[y*out.Stride+x] = uint8((top*(256-fy) + low*fy) >> 16)
		}
	}
	return out
}

// soil adds the sensor's noise, and specks of a few pixels.
func soil(img *image.Gray, rng *rand.Rand) {
	for i, v := range img.Pix {
		noise := rng.IntN(17) - 8
		img.Pix[i] = uint8(min(255, max(0, 24+int(v)*221/255+noise)))
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for range 60 {
		x, y := rng.IntN(w-3), rng.IntN(h-3)
		for range 1 + rng.IntN(5) {
			img.Pix[(y+rng.IntN(2))*img.Stride+x+rng.IntN(3)] = uint8(20 + rng.IntN(90))
		}
	}
}

// bilevel is img in black and white.
func bilevel(img *image.Gray) *image.Paletted {
	out := image.NewPaletted(img.Rect, color.Palette{color.Black, color.White})
	for i, v := range img.Pix {
		if v >= 140 {
			out.Pix[i] = 1
		}
	}
	return out
}

// renderPNG is the first page of a scan in black and white.
func renderPNG(s *source) ([]byte, error) {
	img, err := firstScan(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	err = enc.Encode(&b, bilevel(img))
	return b.Bytes(), err
}

// renderJPEG is the first page of a scan in shades of grey.
func renderJPEG(s *source) ([]byte, error) {
	img, err := firstScan(s)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 35})
	return b.Bytes(), err
}

// renderTIFF is the first page of a scan as lawyers exchange them: bilevel, in
// Group 4 compression.
func renderTIFF(s *source) ([]byte, error) {
	img, err := firstScan(s)
	if err != nil {
		return nil, err
	}
	return encodeTIFF(bilevel(img)), nil
}

func firstScan(s *source) (*image.Gray, error) {
	scans, err := scan(s)
	if err != nil {
		return nil, err
	}
	if len(scans) != 1 {
		return nil, fmt.Errorf("an image of %d pages", len(scans))
	}
	return scans[0], nil
}
