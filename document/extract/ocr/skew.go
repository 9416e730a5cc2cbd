package ocr

import (
	"image"
	"math"
	"slices"
)

// How a page lies is told from where its letters begin and end. Along the lines of a
// text these edges fall into few rows, so that the sum of the squares of how many fall
// into each is greatest if rows run as the lines do: the projection profile of Postl
// ("Detection of linear oblique structures and skew scan in digitized documents", 1986),
// searched from coarse to fine as Bloomberg, Kopec and Dasari do ("Measuring document
// image skew and orientation", 1995).
const (
	profileSide = 1000   // pixels of the longer side that are looked at
	maxEdges    = 60_000 // pixels that count
	minEdges    = 300    // a page with fewer has no lines to tell by

	maxSkew    = 10.0 // degrees
	coarseSkew = 0.5
	leastSkew  = 0.3 // tesseract reads less as well as none

	clearly = 1.2 // how much sharper the profile must be than at the median angle
)

// lie is how a page lies in its picture.
type lie struct {
	clear bool    // it has lines to tell by
	side  bool    // they run from top to bottom or bottom to top
	angle float64 // degrees by which they fall to the right, of one on its side once it is turned to the right
}

// lieOf tells how a page lies. One that has no lines is taken to lie as it should.
func lieOf(img *image.Gray) lie {
	small := shrink(img, profileSide)
	limit := darkness(small)
	rows, columns := edges(small, limit)
	ratio, angle := sharpest(rows)
	sideRatio, sideAngle := sharpest(columns)
	switch {
	case max(ratio, sideRatio) < clearly:
		return lie{}
	case sideRatio > ratio:
		return lie{clear: true, side: true, angle: sideAngle}
	}
	return lie{clear: true, angle: angle}
}

// point is a pixel: along the lines, and across them.
type point struct{ along, across float64 }

// edges are the pixels at which light turns to dark or dark to light, downwards and
// to the right, but for those of rules. The latter are as of a picture that is turned to
// the right.
func edges(img *image.Gray, limit uint8) (rows, columns []point) {
	size := img.Rect.Size()
	down, right := newMarks(size.X-1, size.Y-1), newMarks(size.Y-1, size.X-1)
	for y := range size.Y - 1 {
		line, below := img.Pix[y*img.Stride:], img.Pix[(y+1)*img.Stride:]
		for x := range size.X - 1 {
			dark := line[x] < limit
			down.set(x, y, dark != (below[x] < limit))
			right.set(y, x, dark != (line[x+1] < limit))
		}
	}
	down.each(func(along, across int) { rows = append(rows, point{float64(along), float64(across)}) })
	right.each(func(along, across int) { columns = append(columns, point{float64(-along), float64(across)}) })
	return thin(rows), thin(columns)
}

// maxStroke is how far an edge of a letter runs without an end, in pixels of a page of
// profileSide; that of a rule, as down the margin of pleading paper, runs on.
const maxStroke = 60

// marks are the edges of one kind: how far each runs from the left, along the lines that
// it is meant to tell, going up or down by a pixel at most at each step.
type marks struct {
	length, width int
	runs          []int32
}

func newMarks(length, width int) marks {
	length, width = max(length, 0), max(width, 0)
	return marks{length, width, make([]int32, (length+2)*(width+2))}
}

// at is the place of an edge; there is one more on all sides, which has none.
func (m marks) at(along, across int) int { return (along+1)*(m.width+2) + across + 1 }

func (m marks) set(along, across int, edge bool) {
	if edge {
		m.runs[m.at(along, across)] = 1
	}
}

// each visits the edges that are no rule's.
func (m marks) each(visit func(along, across int)) {
	// How far they run up to each, and then that of the longest which goes on from it.
	for along := range m.length {
		for across := range m.width {
			if i := m.at(along, across); m.runs[i] > 0 {
				m.runs[i] += m.longest(i - m.width - 2)
			}
		}
	}
	for along := m.length - 1; along >= 0; along-- {
		for across := range m.width {
			if i := m.at(along, across); m.runs[i] > 0 {
				m.runs[i] = max(m.runs[i], m.longest(i+m.width+2))
				if m.runs[i] <= maxStroke {
					visit(along, across)
				}
			}
		}
	}
}

// longest is the run of the three neighbours about a place.
func (m marks) longest(i int) int32 { return max(m.runs[i-1], m.runs[i], m.runs[i+1]) }

// thin is every so manieth of points, so that not too many are left.
func thin(points []point) []point {
	step := len(points)/maxEdges + 1
	if step == 1 {
		return points
	}
	kept := points[:0]
	for i := 0; i < len(points); i += step {
		kept = append(kept, points[i])
	}
	return kept
}

// sharpest is the angle at which the profile of points is sharpest, and how much
// sharper it is than at the median angle.
func sharpest(points []point) (ratio, angle float64) {
	if len(points) < minEdges {
		return 0, 0
	}
	var p profile
	var all []float64
	best := 0.0
	try := func(a float64) float64 {
		s := p.sharpness(points, a)
		if s > best {
			best, angle = s, a
		}
		return s
	}
	for a := -maxSkew; a <= maxSkew; a += coarseSkew {
		all = append(all, try(a))
	}
	slices.Sort(all)
	for _, step := range []float64{coarseSkew / 5, coarseSkew / 25} {
		middle := angle
		for k := -5.0; k <= 5; k++ {
			try(middle + k*step)
		}
	}
	if math.Abs(angle) < leastSkew {
		angle = 0
	}
	return best / all[len(all)/2], angle
}

// profile counts points by row.
type profile struct{ rows []int }

// sharpness is the sum of the squares of how many points are in each row, of rows
// that fall to the right by so many degrees, for each point.
func (p *profile) sharpness(points []point, degrees float64) float64 {
	const half = 2 * profileSide
	if p.rows == nil {
		p.rows = make([]int, 2*half)
	}
	clear(p.rows)
	slope := math.Tan(degrees * math.Pi / 180)
	for _, at := range points {
		row := int(math.Floor(at.across-at.along*slope)) + half
		if row >= 0 && row < len(p.rows) {
			p.rows[row]++
		}
	}
	sum := 0
	for _, n := range p.rows {
		sum += n * n
	}
	return float64(sum) / float64(len(points))
}

// darkness is the shade that best parts the dark from the light of img, by Otsu's
// method ("A threshold selection method from gray-level histograms", 1979).
func darkness(img *image.Gray) uint8 {
	var histogram [256]int
	total, sum := 0, 0
	size := img.Rect.Size()
	for y := range size.Y {
		for _, v := range img.Pix[y*img.Stride : y*img.Stride+size.X] {
			histogram[v]++
			sum += int(v)
		}
		total += size.X
	}
	best, limit := 0.0, 128
	dark, darkSum := 0, 0
	for v, n := range histogram {
		dark += n
		darkSum += v * n
		light := total - dark
		if dark == 0 || light == 0 {
			continue
		}
		apart := float64(darkSum)/float64(dark) - float64(sum-darkSum)/float64(light)
		if between := float64(dark) * float64(light) * apart * apart; between > best {
			best, limit = between, v+1
		}
	}
	return uint8(min(limit, 255))
}

// shrink is img with its longer side at most side pixels long, by means of squares.
func shrink(img *image.Gray, side int) *image.Gray {
	size := img.Rect.Size()
	k := (max(size.X, size.Y) + side - 1) / side
	if k <= 1 {
		return img
	}
	small := image.NewGray(image.Rect(0, 0, size.X/k, size.Y/k))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			sum := 0
			for dy := range k {
				at := (y*k+dy)*img.Stride + x*k
				for _, v := range img.Pix[at : at+k] {
					sum += int(v)
				}
			}
			small.Pix[y*small.Stride+x] = uint8(sum / (k * k))
		}
	}
	return small
}
