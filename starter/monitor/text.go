package monitor

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// Glyphs are the signs that lines are drawn with.
type Glyphs struct {
	full, empty string
	spark       []rune // from the lowest
	ellipsis    string
	cursor      string
	ascii       bool
}

// Unicode is for terminals whose locale is UTF-8; ASCII is for all others.
var (
	Unicode = Glyphs{full: "█", empty: "░", spark: []rune("▁▂▃▄▅▆▇█"), ellipsis: "…", cursor: "›"}
	ASCII   = Glyphs{full: "#", empty: ".", spark: []rune("_.-=+*%#"), ellipsis: "..", cursor: ">", ascii: true}
)

// fit is s in exactly width cells: cut, or filled with blanks.
func (g Glyphs) fit(s string, width int) string {
	if width <= 0 {
		return ""
	}
	w := ansi.StringWidth(s)
	if w > width {
		tail := g.ellipsis
		if width <= ansi.StringWidth(tail) {
			tail = ""
		}
		s = ansi.Truncate(s, width, tail)
		w = ansi.StringWidth(s)
	}
	return s + strings.Repeat(" ", max(width-w, 0)) // a wide character may have left a cell
}

// fitID is an ID in width cells: it is cut in the middle, since IDs differ at the
// end.
func (g Glyphs) fitID(id string, width int) string {
	w, tail := ansi.StringWidth(id), width/2
	if w <= width || tail < 4 {
		return g.fit(id, width)
	}
	end := ansi.TruncateLeft(id, w-tail, "")
	return g.fit(ansi.Truncate(id, width-ansi.StringWidth(end), g.ellipsis)+end, width)
}

// fitRight is fit with the blanks before s.
func (g Glyphs) fitRight(s string, width int) string {
	if w := ansi.StringWidth(s); w < width {
		return strings.Repeat(" ", width-w) + s
	}
	return g.fit(s, width)
}

// clean is s for a terminal: others have written it, and a terminal obeys what
// it is sent.
func (g Glyphs) clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r == unicode.ReplacementChar, unicode.Is(unicode.Bidi_Control, r):
			return '?'
		case g.ascii && r > unicode.MaxASCII:
			return '?'
		}
		return r
	}, s)
}

// wrap is s in at most lines lines of up to width cells.
func (g Glyphs) wrap(s string, width, lines int) []string {
	if width <= 0 || lines <= 0 {
		return nil
	}
	all := strings.Split(ansi.Wrap(g.clean(s), width, ""), "\n")
	if len(all) > lines {
		all = all[:lines]
		all[lines-1] = g.fit(all[lines-1]+strings.Repeat(" ", width)+g.ellipsis, width)
	}
	return all
}

// bar is a share from 0 to 1 as a bar of width cells.
func (g Glyphs) bar(share float64, width int) string {
	full := min(max(int(share*float64(width)), 0), width)
	return strings.Repeat(g.full, full) + strings.Repeat(g.empty, width-full)
}

// sparkline draws values, of which NaN is none, scaled to the greatest, in width
// cells: each the mean of those that fall in it.
func (g Glyphs) sparkline(values []float64, width int) string {
	if len(values) == 0 || width <= 0 {
		return ""
	}
	width = min(width, len(values))
	cells := make([]float64, width)
	top := 0.0
	for i := range cells {
		sum, n := 0.0, 0
		for _, v := range values[i*len(values)/width : (i+1)*len(values)/width] {
			if !math.IsNaN(v) {
				sum += v
				n++
			}
		}
		cells[i] = math.NaN()
		if n > 0 {
			cells[i] = sum / float64(n)
			top = max(top, cells[i])
		}
	}
	var b strings.Builder
	for _, v := range cells {
		switch {
		case math.IsNaN(v):
			b.WriteByte(' ')
		case top == 0:
			b.WriteRune(g.spark[0])
		default:
			b.WriteRune(g.spark[min(int(v/top*float64(len(g.spark))), len(g.spark)-1)])
		}
	}
	return b.String()
}

// column is one of a table.
type column struct {
	title string
	width int // 0: it is left out
	right bool
}

// row is a table's row, its cells a blank apart.
func (g Glyphs) row(columns []column, cells ...string) string {
	parts := make([]string, 0, len(columns))
	for i, c := range columns {
		switch {
		case c.width <= 0:
		case c.right:
			parts = append(parts, g.fitRight(cells[i], c.width))
		default:
			parts = append(parts, g.fit(cells[i], c.width))
		}
	}
	return strings.Join(parts, " ")
}

func titles(columns []column) []string {
	out := make([]string, len(columns))
	for i, c := range columns {
		out[i] = c.title
	}
	return out
}

// brief is a duration in up to six characters: 850ms, 4.2s, 3m12s, 7h41m, 12d.
func brief(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1fms", d.Seconds()*1000)
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	default:
		return fmt.Sprintf("%dd", int(d.Hours()/24))
	}
}

// ago is how long ago t was, in up to three or four characters.
func ago(t, now time.Time) string {
	d := max(now.Sub(t), 0)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	default:
		return fmt.Sprintf("%dd", int(d.Hours()/24))
	}
}

// size is a number of bytes: 812K, 1.4G.
func size(n int64) string {
	const units = "KMGTPE"
	v, i := float64(n)/1024, 0
	for v >= 999.5 && i < len(units)-1 {
		v /= 1024
		i++
	}
	if v < 10 {
		return fmt.Sprintf("%.1f%c", v, units[i])
	}
	return fmt.Sprintf("%.0f%c", v, units[i])
}

// rate is a number per second, or per minute (m) or hour (h) where that is little:
// 43.2, 4.2/m, 36/h. A dash is nothing.
func rate(v float64) string {
	switch {
	case v <= 0:
		return "-"
	case v*3600 < 10:
		return fmt.Sprintf("%.1f/h", v*3600)
	case v*60 < 1:
		return fmt.Sprintf("%.0f/h", v*3600)
	case v < 0.1:
		return fmt.Sprintf("%.1f/m", v*60)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.0f", v)
	}
}

// cells is how wide s is.
func cells(s string) int { return ansi.StringWidth(s) }
