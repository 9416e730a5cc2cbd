package layout

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds for telling the line numbers of pleading paper and of transcripts. A
// list's numbers end earlier, have a point, or stand at uneven distances.
const (
	leastNumbers = 15  // on a page
	lastNumber   = 60  // no page has more lines
	numberSpan   = 0.5 // of the page's height
	unevenPitch  = 0.3 // of the distance between numbers
	mostColumns  = 40  // of numbers are tried
)

// number is a line that is a line number, or begins with one.
type number struct {
	at    int // in lines
	value int
	rest  string // how the line goes on
}

// dropNumbers leaves out the numbers of lines: those down one margin that count
// from 1, at even distances, over most of the page.
func dropNumbers(lines []Line, probe *prober) ([]Line, bool, error) {
	var all []number
	for i, l := range lines {
		text := strings.TrimSpace(l.Text)
		digits := leadingDigits(text)
		if digits == 0 || digits > 2 || l.Size <= 0 || l.Rotated {
			continue
		}
		rest := text[digits:]
		if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
			continue
		}
		value, err := strconv.Atoi(text[:digits])
		if err != nil || value == 0 || value > lastNumber {
			continue
		}
		all = append(all, number{i, value, strings.TrimSpace(rest)})
	}
	taken := numberColumn(lines, all)
	if taken == nil {
		return lines, false, nil
	}
	return without(lines, taken, probe)
}

// numberColumn is those of all that are a page's line numbers, nil if it has
// none.
func numberColumn(lines []Line, all []number) []number {
	if len(all) < leastNumbers {
		return nil
	}
	// Numbers are flush left or flush right; so a number of one digit stands at
	// most a digit's width to the right of one of two.
	slices.SortStableFunc(all, func(a, b number) int { return cmp.Compare(lines[a.at].X0, lines[b.at].X0) })
	tried, last := 0, math.Inf(-1)
	for first := 0; first+leastNumbers <= len(all) && tried < mostColumns; first++ {
		left := lines[all[first].at]
		if left.X0 < last+left.Size/8 { // the column before had as good as all of this one
			continue
		}
		tried, last = tried+1, left.X0
		var column []number
		for _, n := range all[first:] {
			if lines[n.at].X0 > left.X0+left.Size {
				break
			}
			column = append(column, n)
		}
		if run := countingRun(lines, column); run != nil {
			return run
		}
	}
	return nil
}

// countingRun is those of column that count 1, 2, 3 down the page at even
// distances.
func countingRun(lines []Line, column []number) []number {
	slices.SortStableFunc(column, func(a, b number) int {
		return cmp.Or(cmp.Compare(lines[b.at].Y, lines[a.at].Y), cmp.Compare(a.value, b.value))
	})
	var run []number
	for _, n := range column {
		if n.value == len(run)+1 {
			run = append(run, n)
		}
	}
	if len(run) < leastNumbers {
		return nil
	}
	top, bottom := lines[run[0].at].Y, lines[run[len(run)-1].at].Y
	pitch := (top - bottom) / float64(len(run)-1)
	if pitch <= 0 {
		return nil
	}
	for i, n := range run {
		if off := top - float64(i)*pitch - lines[n.at].Y; off > unevenPitch*pitch || off < -unevenPitch*pitch {
			return nil
		}
	}
	return run
}

// without is lines without the numbers. What follows a number begins where its
// first word does.
func without(lines []Line, taken []number, probe *prober) ([]Line, bool, error) {
	byLine := make(map[int]number, len(taken))
	top, bottom := lines[taken[0].at].Y, lines[taken[len(taken)-1].at].Y
	if top-bottom < numberSpan*probe.page.Height {
		return lines, false, nil
	}
	for _, n := range taken {
		byLine[n.at] = n
	}
	out := make([]Line, 0, len(lines))
	for i, l := range lines {
		n, numbered := byLine[i]
		if !numbered {
			out = append(out, l)
			continue
		}
		if n.rest == "" {
			continue
		}
		words, err := probe.words(l.At)
		if err != nil {
			return nil, false, err
		}
		if len(words) > 1 {
			l.X0, l.from = words[1].X0, words[1].From
		}
		l.Text = n.rest
		out = append(out, l)
	}
	return out, true, nil
}

func leadingDigits(s string) int {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return i
		}
	}
	return len(s)
}
