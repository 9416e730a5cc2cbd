package ocr

import (
	"image"
	"maps"
	"slices"
	"strings"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// pageHeight is that of a page in points, whatever its picture's resolution is: what
// stands in one place of all pages is reckoned in shares of it.
const pageHeight = 792

// maxAround is how many characters of stamps or running heads are told.
const maxAround = 1000

// seenPage is a page as it was recognised.
type seenPage struct {
	own   string // text of its own, besides which it is kept
	lines []line
	page  image.Rectangle
}

// leaveOutAround leaves what is printed around the text out of the pages that were
// recognised, as for a text layer: running heads and feet, page numbers, and stamps
// but for the first page with each. Pages of an earlier attempt keep theirs.
func (r *reading) leaveOutAround() {
	var margins []layout.Margin
	var known stamps
	numbers := slices.Sorted(maps.Keys(r.seen))
	kept := map[string]bool{} // by pages that were recognised
	for _, n := range numbers {
		p := r.seen[n]
		for i, text := range strings.Split(p.own, "\n") {
			if layout.Stamp(text) {
				text = known.named(text)
				kept[layout.StampKey(text)] = true
				margins = append(margins, layout.Margin{Page: n - 1, Line: len(p.lines) + i, Text: text, Y: pageHeight})
			}
		}
		for _, m := range layout.Margins(n-1, pageHeight, p.layoutLines()) {
			m.Text = known.named(m.Text)
			margins = append(margins, m)
		}
	}
	for stamp := range strings.SplitSeq(r.content.Metadata[metaStamps], "; ") {
		if stamp = known.named(stamp); layout.Stamp(stamp) && !kept[layout.StampKey(stamp)] {
			// It stays on a page that has its text.
			margins = slices.Insert(margins, 0, layout.Margin{Page: -1, Text: stamp, Y: pageHeight})
		}
	}
	around := layout.Running(len(r.content.Pages), margins, layout.Stamp)
	for _, n := range numbers {
		if drop := around.Drop[n-1]; len(drop) > 0 {
			r.waiting[n].Text = r.seen[n].text(drop)
		}
	}
	r.tell(metaStamps, around.Stamps)
	if heads := r.content.Metadata[metaHeads]; heads != "" && !slices.Contains(around.Heads, heads) {
		around.Heads = append([]string{heads}, around.Heads...)
	}
	r.tell(metaHeads, around.Heads)
}

// Keys of the metadata that a text layer has as well.
const (
	metaStamps = "filing-stamps"
	metaHeads  = "running-heads"
)

// text is a page's, without the lines of which drop has the index: of those that were
// recognised, and after them of its own.
func (p seenPage) text(drop map[int]bool) string {
	var own []string
	for i, line := range strings.Split(p.own, "\n") {
		if !drop[len(p.lines)+i] {
			own = append(own, line)
		}
	}
	return besides(strings.Join(own, "\n"), extract.Normalize(joinLines(p.lines, drop)))
}

func (p seenPage) layoutLines() []layout.Line {
	lines := make([]layout.Line, len(p.lines))
	if p.page.Empty() {
		return lines
	}
	scale := pageHeight / float64(p.page.Dy())
	for i, l := range p.lines {
		lines[i] = layout.Line{
			Text: l.text(), Rotated: l.runsUp(),
			X0: float64(l.box.Min.X) * scale, X1: float64(l.box.Max.X) * scale,
			Y: float64(p.page.Max.Y-l.box.Max.Y) * scale, Size: float64(l.box.Dy()) * scale,
		}
	}
	return lines
}

// tell puts what was left out into the metadata.
func (r *reading) tell(key string, values []string) {
	value := strings.Join(strings.Fields(strings.Join(values, "; ")), " ")
	if value == "" {
		return
	}
	if all := []rune(value); len(all) > maxAround {
		value = string(all[:maxAround])
	}
	if r.content.Metadata == nil {
		r.content.Metadata = map[string]string{}
	}
	r.content.Metadata[key] = value
}
