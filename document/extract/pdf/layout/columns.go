package layout

import (
	"cmp"
	"slices"
	"strings"
)

// Bounds for telling columns of text. What has columns of another kind (a
// caption, a table, a signature block) has lines that are shorter than its
// columns are wide, or few of them.
const (
	maxColumns  = 5
	wideLine    = 0.45 // of the page: may stretch over a gutter
	minGutter   = 0.7  // of the letters' height: no wider space is between words, but in a line set loosely
	sampled     = 10   // wide lines whose words are looked at
	agreeing    = 0.4  // of them have a gap in one place
	minColumn   = 6    // lines of each column
	minWidth    = 0.12 // of the page, of a column
	filled      = 0.75 // of a column's width, by half of its lines
	crossing    = 0.5  // most lines that cross a gutter, of those that do not
	stepPoints  = 2.0  // resolution at which gutters are sought
	sameRow     = 0.35 // of the letters' height: lines less apart stand beside each other
	besideShare = 0.5  // of the lower column's height that both columns share
)

// cutAtGutters cuts lines that run over the gutter between columns. Whether the
// page has one is told by a sample of its wide lines: most have a wide gap, in
// one place.
func cutAtGutters(lines []Line, probe *prober) ([]Line, error) {
	var wide []int
	for i, l := range lines {
		if l.placed() && l.X1-l.X0 > wideLine*probe.page.Width {
			wide = append(wide, i)
		}
	}
	if len(wide) < minColumn {
		return lines, nil
	}
	words := map[int][]Word{}
	ask := func(i int) ([]Word, error) {
		if w, known := words[i]; known {
			return w, nil
		}
		w, err := probe.words(lines[i].At)
		words[i] = w
		return w, err
	}
	step := max(1, len(wide)/sampled)
	var sample []int
	for k := step / 2; k < len(wide); k += step {
		w, err := ask(wide[k])
		if err != nil {
			return nil, err
		}
		if len(w) > 1 {
			sample = append(sample, wide[k])
		}
	}
	gutters := commonGaps(lines, sample, words, probe.page.Width)
	if len(gutters) == 0 {
		return lines, nil
	}
	cut := make(map[int][]Line, len(wide))
	for _, i := range wide {
		w, err := ask(i)
		if err != nil {
			return nil, err
		}
		if parts := cutLine(lines[i], probe.page.Lines[lines[i].At].Text, w, gutters); len(parts) > 1 {
			cut[i] = parts
		}
	}
	// A few lines with a gap there are chance.
	if len(cut) < minColumn {
		return lines, nil
	}
	var out []Line
	for i, l := range lines {
		if parts := cut[i]; parts != nil {
			out = append(out, parts...)
		} else {
			out = append(out, l)
		}
	}
	return out, nil
}

// commonGaps are the places where most of the sampled lines have a gap, at most
// maxColumns-1.
func commonGaps(lines []Line, sample []int, words map[int][]Word, width float64) []float64 {
	if len(sample) < minColumn/2 {
		return nil
	}
	bins := int(width/stepPoints) + 1
	if bins > 20_000 {
		return nil
	}
	count := make([]int, bins)
	for _, i := range sample {
		w := words[i]
		last := -1 // a place counts once a line
		for k := 1; k < len(w); k++ {
			if w[k].X0-w[k-1].X1 < minGutter*lines[i].Size {
				continue
			}
			from, to := max(int(w[k-1].X1/stepPoints)+1, last+1, 0), min(int(w[k].X0/stepPoints), bins-1)
			for b := from; b <= to; b++ {
				count[b]++
			}
			last = max(last, to)
		}
	}
	var gutters []float64
	least := int(agreeing*float64(len(sample)) + 0.999)
	for b := 0; b < bins; b++ {
		if count[b] < least {
			continue
		}
		// The middle of the best stretch.
		best, from := count[b], b
		end := b
		for ; end < bins && count[end] >= least; end++ {
			if count[end] > best {
				best, from = count[end], end
			}
		}
		to := from
		for to+1 < end && count[to+1] == best {
			to++
		}
		gutters = append(gutters, (float64(from)+float64(to))/2*stepPoints)
		b = end
	}
	if len(gutters) >= maxColumns {
		return nil // a table
	}
	return gutters
}

// cutLine cuts l where a gap lies over a gutter. text is that of the whole line
// that l is of, to which words refer.
func cutLine(l Line, text string, words []Word, gutters []float64) []Line {
	var parts []Line
	rest := l
	for k := 1; k < len(words); k++ {
		a, b := words[k-1], words[k]
		if a.From < l.from || b.From < a.To || b.X0-a.X1 < minGutter*l.Size {
			continue
		}
		if !slices.ContainsFunc(gutters, func(g float64) bool { return a.X1-stepPoints <= g && g <= b.X0+stepPoints }) {
			continue
		}
		left := rest
		left.Text, left.X1 = strings.TrimSpace(text[rest.from:a.To]), a.X1
		parts = append(parts, left)
		rest.from, rest.X0 = b.From, b.X0
	}
	if len(parts) > 0 {
		rest.Text = strings.TrimSpace(text[rest.from:])
	}
	return append(parts, rest)
}

// orderColumns puts lines in order by column where the page has columns of
// text, and says whether it has. Lines above and below them, and those that
// run over all of them, keep their places.
func orderColumns(lines []Line, width float64) ([]Line, bool) {
	if slices.ContainsFunc(lines, func(l Line) bool { return l.Size <= 0 }) {
		return joinCut(lines), false
	}
	gutter, ok := findGutter(lines, width)
	if !ok || !interleaved(lines, gutter) {
		return joinCut(lines), false
	}
	var out []Line
	columns := false
	for _, band := range bands(lines, gutter) {
		left, right, over := sides(band, gutter)
		if len(over) > 0 || !beside(left, right) {
			slices.SortStableFunc(band, func(a, b Line) int { return cmp.Compare(a.At, b.At) })
			out = append(out, joinCut(band)...)
			continue
		}
		columns = true
		for _, side := range [][]Line{left, right} {
			sortDown(side)
			side, _ = orderColumns(side, width)
			side[0].Start = true
			out = append(out, side...)
		}
	}
	if !columns {
		return joinCut(lines), false
	}
	return out, true
}

// joinCut puts the parts of lines that were cut for nothing together again.
func joinCut(lines []Line) []Line {
	out := lines[:0:0]
	for _, l := range lines {
		if n := len(out); n > 0 && out[n-1].At == l.At && out[n-1].Y == l.Y {
			out[n-1].Text += " " + l.Text
			out[n-1].X1 = l.X1
			continue
		}
		out = append(out, l)
	}
	return out
}

// findGutter is the x that separates most lines on both sides of it, and
// whether they look like columns of text.
func findGutter(lines []Line, width float64) (float64, bool) {
	bins := int(width/stepPoints) + 2
	if bins > 20_000 || len(lines) < 2*minColumn {
		return 0, false
	}
	bin := func(x float64) int { return min(max(int(x/stepPoints), 0), bins-1) }
	ends, begins, over := make([]int, bins+1), make([]int, bins+1), make([]int, bins+1)
	for _, l := range lines {
		ends[bin(l.X1)+1]++
		begins[bin(l.X0)]++
		over[bin(l.X0)]++
		over[min(bin(l.X1)+1, bins)]--
	}
	best, at, to := 0, 0, 0
	left, right, cross := 0, len(lines), 0
	for b := range bins {
		left += ends[b]
		cross += over[b]
		right -= begins[b]
		score := min(left, right)
		if score < minColumn || float64(cross) > crossing*float64(left+right) {
			continue
		}
		if score -= cross; score > best {
			best, at, to = score, b, b
		} else if score == best && to == b-1 {
			to = b
		}
	}
	if best == 0 {
		return 0, false
	}
	x := (float64(at) + float64(to) + 1) / 2 * stepPoints
	l, r, _ := sides(lines, x)
	return x, textColumn(l, width) && textColumn(r, width)
}

// textColumn says whether lines fill a column as running text does.
func textColumn(lines []Line, width float64) bool {
	if len(lines) < minColumn {
		return false
	}
	wide := make([]float64, len(lines))
	for i, l := range lines {
		wide[i] = l.X1 - l.X0
	}
	slices.Sort(wide)
	column := wide[len(wide)*9/10]
	if column < minWidth*width {
		return false
	}
	full, marks, letters, sum := 0, 0, 0, 0.0
	for _, l := range lines {
		if l.X1-l.X0 >= filled*column {
			full++
		}
		if mark := strings.Trim(l.Text, ")(:§|.*_- "); mark == "" || strings.HasSuffix(l.Text, " )") {
			marks++
		}
		letters += len(l.Text)
		sum += l.Size
	}
	em := sum / float64(len(lines))
	// A column of text is some 20 letters wide; a table's cells are short.
	return full*2 >= len(lines) && marks*4 < len(lines) && letters >= 18*len(lines) && column >= 8*em
}

// interleaved says whether lines go back and forth over x. Where they do not,
// their source knows of the columns, or of a table's cells, and is not corrected.
func interleaved(lines []Line, x float64) bool {
	left, right, turns, was := 0, 0, 0, 0
	for _, l := range lines {
		is := 0
		switch {
		case l.X1 <= x+stepPoints:
			left++
			is = 1
		case l.X0 >= x-stepPoints:
			right++
			is = 2
		default:
			continue
		}
		if was != 0 && is != was {
			turns++
		}
		was = is
	}
	return turns*10 >= min(left, right)*9
}

// sides are the lines left of x, right of it and over it.
func sides(lines []Line, x float64) (left, right, over []Line) {
	for _, l := range lines {
		switch {
		case l.X1 <= x+stepPoints:
			left = append(left, l)
		case l.X0 >= x-stepPoints:
			right = append(right, l)
		default:
			over = append(over, l)
		}
	}
	return left, right, over
}

// bands cuts lines, from the top down, into stretches that run over x and
// stretches that do not.
func bands(lines []Line, x float64) [][]Line {
	sorted := slices.Clone(lines)
	sortDown(sorted)
	var out [][]Line
	was := false
	for i, l := range sorted {
		_, _, o := sides(sorted[i:i+1], x)
		is := len(o) > 0
		if i == 0 || is != was {
			out = append(out, nil)
		}
		was = is
		out[len(out)-1] = append(out[len(out)-1], l)
	}
	return out
}

// beside says whether left and right are columns that stand beside each other.
func beside(left, right []Line) bool {
	if len(left) < 2 || len(right) < 2 {
		return false
	}
	top := func(lines []Line) float64 { return lines[0].Y + lines[0].Size }
	bottom := func(lines []Line) float64 { return lines[len(lines)-1].Y }
	shared := min(top(left), top(right)) - max(bottom(left), bottom(right))
	lower := min(top(left)-bottom(left), top(right)-bottom(right))
	return shared >= besideShare*lower
}

// sortDown sorts lines from the top down; those that stand beside each other,
// from the left.
func sortDown(lines []Line) {
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(b.Y, a.Y) })
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && lines[from].Y-lines[to].Y <= sameRow*lines[from].Size {
			to++
		}
		slices.SortStableFunc(lines[from:to], func(a, b Line) int { return cmp.Compare(a.X0, b.X0) })
		from = to
	}
}
