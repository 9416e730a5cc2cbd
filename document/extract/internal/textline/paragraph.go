package textline

// Shares of the letters' height, unless said otherwise. They were chosen on
// court opinions, pleadings and briefs, single and double spaced.
const (
	sameRow     = 0.5  // lines less apart stand beside each other
	tightPitch  = 0.9  // no line pitch is smaller; what looks so is a superscript
	widerPitch  = 1.35 // of the pitch: a gap this much wider separates blocks
	lonePitch   = 2.6  // a gap this wide separates blocks when there is no pitch to compare with
	minIndent   = 0.8  // of a paragraph's first line
	maxIndent   = 4.5
	sameMargin  = 0.3 // left edges less apart are flush
	upwardsJump = 1.0 // a line this far above the one before begins a column or another block
)

// markParagraphs sets Start on lines that begin a block: after a gap clearly
// wider than those around it, after a jump upwards, and on an indented line
// between two flush ones.
func markParagraphs(lines []Line) {
	for i := 1; i < len(lines); i++ {
		if startsBlock(lines, i) {
			lines[i].Start = true
		}
	}
}

func startsBlock(lines []Line, i int) bool {
	prev, l := lines[i-1], lines[i]
	if prev.Size <= 0 || l.Size <= 0 {
		return false
	}
	em := max(prev.Size, l.Size)
	gap := prev.Y - l.Y
	if gap <= sameRow*em {
		return gap < -upwardsJump*em
	}
	if pitch, ok := pitchAround(lines, i); ok {
		if gap > widerPitch*max(pitch, tightPitch*em) {
			return true
		}
	} else if gap > lonePitch*em {
		return true
	}
	if gap < tightPitch*em || i+1 == len(lines) || lines[i+1].Size <= 0 {
		return false
	}
	next := lines[i+1]
	indent := l.X - next.X
	return next.Y < l.Y && indent >= minIndent*em && indent <= maxIndent*em &&
		abs(prev.X-next.X) <= sameMargin*em
}

// pitchAround is the smaller of the gaps before and after the one above line i,
// and whether there is any.
func pitchAround(lines []Line, i int) (pitch float64, ok bool) {
	consider := func(a, b Line) {
		gap := a.Y - b.Y
		if a.Size > 0 && b.Size > 0 && gap > sameRow*max(a.Size, b.Size) && (!ok || gap < pitch) {
			pitch, ok = gap, true
		}
	}
	if i >= 2 {
		consider(lines[i-2], lines[i-1])
	}
	if i+1 < len(lines) {
		consider(lines[i], lines[i+1])
	}
	return pitch, ok
}

func abs(x float64) float64 { return max(x, -x) }
