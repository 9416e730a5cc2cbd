package textline

import "slices"

// Insert puts the lines of added among lines, each where a reader would come
// upon it: after the last line that stands beside it on its left, or else before
// the first line below it. What has no position goes to the end.
func Insert(lines, added []Line) []Line {
	out := slices.Clone(lines)
	for _, l := range added {
		out = slices.Insert(out, Position(out, l), l)
	}
	return out
}

// Position is where in lines Insert puts l.
func Position(lines []Line, l Line) int {
	if l.Size <= 0 {
		return len(lines)
	}
	below := len(lines)
	for i := len(lines) - 1; i >= 0; i-- {
		at := lines[i]
		if at.Size <= 0 {
			continue
		}
		if abs(at.Y-l.Y) <= sameRow*max(at.Size, l.Size) {
			if at.X <= l.X {
				return i + 1
			}
			below = i
		} else if at.Y < l.Y {
			below = i
		}
	}
	return below
}
