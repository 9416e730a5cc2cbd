package ocr

import (
	"cmp"
	"image"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds for telling line numbers, of which many are misread or not read at all. What
// a page has of them is as of a text layer, in pdf/layout: 15 over half of the page.
const (
	readNumbers   = 8                         // that are read right, at even distances
	lineNumbers   = 15                        // up to the last
	lastNumber    = 60                        // no page has more lines
	numberedShare = 0.5                       // of the page's height
	unevenPitch   = 0.3                       // of the distance between numbers
	mostNumbers   = 150                       // on a page are looked at
	scrap         = 3                         // characters of a misread number
	ruleMarks     = `|}{][)(!_:;.,'"-—‘’“”/\` // what the rule beside the numbers is read as
)

// Bounds for telling what stands up a margin.
const (
	upright  = 3   // times as high as wide: a line that runs up or down
	misread  = 0.6 // mean confidence of what was meant to be read another way
	outwards = 0.2 // of the page's width: how far the margins reach
)

// withoutMargins leaves out of a page's lines the numbers of pleading paper and
// transcripts, and what was misread up a margin, where tesseract takes a column of
// numbers for words on their side. What it reads well there comes last.
func withoutMargins(lines []line, page image.Rectangle) []line {
	var level, aside []line
	for _, l := range lines {
		if l.runsUp() {
			aside = append(aside, l)
		} else {
			level = append(level, l)
		}
	}
	if page.Empty() || len(level) == 0 || len(aside) > len(level) {
		return lines
	}
	numbers, numbered := findNumbers(level, page)
	if numbered {
		for i := range level {
			level[i].words = numbers.without(level[i].words)
		}
	}
	edge := int(outwards * float64(page.Dx()))
	inner := image.Rect(page.Min.X+edge, page.Min.Y, page.Max.X-edge, page.Max.Y)
	aside = slices.DeleteFunc(aside, func(l line) bool {
		return !l.box.Overlaps(inner) && (l.confidence() < misread || numbered && numbers.hold(l.box))
	})
	if len(aside) > 0 {
		aside[0].start = true
	}
	return slices.Concat(level, aside)
}

// runsUp says whether a line runs up or down the page. A digit alone is as narrow.
func (l line) runsUp() bool {
	letters := 0
	for _, w := range l.words {
		letters += utf8.RuneCountInString(w.text)
	}
	return l.box.Dy() > upright*l.box.Dx() && letters > 1
}

// confidence is the mean of a line's words.
func (l line) confidence() float64 {
	sum := 0.0
	for _, w := range l.words {
		sum += w.confidence
	}
	return sum / float64(max(len(l.words), 1))
}

// number is the first word of a line that may be the line's number.
type number struct {
	value int
	rect  image.Rectangle
}

func (n number) y() float64 { return float64(n.rect.Min.Y+n.rect.Max.Y) / 2 }

// numberColumn is where a page's line numbers stand.
type numberColumn struct {
	number          // one of them
	pitch   float64 // pixels from one number to the next
	slack   int     // pixels that others are off to the side: a scan is never straight
	lines   int     // the last number
	x0, x1  int
	matched int // numbers that were read right
}

// findNumbers looks for a column of numbers among the first words of lines: one from
// which most others stand as far as they count.
func findNumbers(lines []line, page image.Rectangle) (numberColumn, bool) {
	var all []number
	for _, l := range lines {
		if len(l.words) == 0 || len(all) == mostNumbers {
			continue
		}
		w := l.words[0]
		if value, err := strconv.Atoi(w.text); err == nil && value > 0 && value <= lastNumber && len(w.text) <= 2 {
			all = append(all, number{value, w.rect})
		}
	}
	if len(all) < readNumbers {
		return numberColumn{}, false
	}
	slices.SortStableFunc(all, func(a, b number) int { return cmp.Compare(a.value, b.value) })
	var best numberColumn
	for i, n := range all {
		for _, m := range all[i+1:] {
			pitch := (m.y() - n.y()) / float64(max(m.value-n.value, 1))
			if m.value == n.value || pitch < float64(n.rect.Dy())/2 {
				continue
			}
			c := numberColumn{number: n, pitch: pitch, slack: 2 * n.rect.Dy()}
			if c.count(all); c.matched > best.matched {
				best = c
			}
		}
	}
	return best, best.matched >= readNumbers && best.lines >= lineNumbers &&
		best.pitch*float64(best.lines-1) >= numberedShare*float64(page.Dy()) &&
		best.at(1) > float64(page.Min.Y)
}

// at is where a line's number stands.
func (c numberColumn) at(value int) float64 {
	return c.y() + float64(value-c.value)*c.pitch
}

// count looks for the numbers of all, in the order of their values, that are of the
// column.
func (c *numberColumn) count(all []number) {
	for _, n := range all {
		off := n.y() - c.at(n.value)
		if off > unevenPitch*c.pitch || off < -unevenPitch*c.pitch ||
			n.rect.Max.X < c.rect.Min.X-c.slack || n.rect.Min.X > c.rect.Max.X+c.slack {
			continue
		}
		if n.value == c.lines {
			continue
		}
		if c.matched == 0 {
			c.x0, c.x1 = n.rect.Min.X, n.rect.Max.X
		}
		c.matched, c.lines = c.matched+1, n.value
		c.x0, c.x1 = min(c.x0, n.rect.Min.X), max(c.x1, n.rect.Max.X)
	}
}

// hold says whether something stands in the column, from its first number on.
func (c numberColumn) hold(r image.Rectangle) bool {
	side := c.rect.Dy() / 2
	return r.Min.X >= c.x0-side && r.Max.X <= c.x1+side && float64(r.Max.Y) > c.at(1)-c.pitch/2
}

// without is a line's words without its number, and without what was made of the
// rule beside it.
func (c numberColumn) without(words []word) []word {
	if len(words) == 0 || !c.hold(words[0].rect) || utf8.RuneCountInString(words[0].text) > scrap {
		return words
	}
	words = words[1:]
	for len(words) > 0 && strings.Trim(words[0].text, ruleMarks) == "" {
		words = words[1:]
	}
	return words
}
