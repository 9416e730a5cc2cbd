package opinion

import (
	"sort"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// A view is a text with its columns one below the other, as they are read: captions
// have the parties on the left and numbers, dates and the court below on the right.
type view struct {
	text  string
	parts []part
}

// maxView is how much of a view is read, in bytes: what follows is the body.
const maxView = 4000

// A part is a run of bytes that the view has from the text.
type part struct{ at, from int }

var (
	// columns stands between the cells of a line: a mark of the rule between two
	// columns, or wide space.
	columns = regexp.MustCompile(`[ \t]+(?:[:)§*|][ \t]*)+(?:[ \t]+|$)|[ \t]{5,}|\t+`)
	versus  = regexp.MustCompile(`^(?i:v|vs|versus|against|-against-)[.,]?$`)
)

func newView(text string) *view {
	v := &view{}
	var b strings.Builder
	emit := func(from, end int) {
		for from < end && (text[from] == ' ' || text[from] == '\t') {
			from++
		}
		if from < end {
			v.parts = append(v.parts, part{b.Len(), from})
			b.WriteString(text[from:end])
		}
		b.WriteByte('\n')
	}
	var right []document.Span // cells of the right column that wait for the block's end
	opened := false           // by "v.", so that a line across both columns comes after
	column := 0               // where that column begins
	flush := func() {
		if len(right) > 0 {
			b.WriteByte('\n')
		}
		for _, s := range right {
			emit(s.Start, s.End)
		}
		if len(right) > 0 {
			b.WriteByte('\n')
		}
		right, opened = right[:0], false
	}
	at := 0
	for line := range strings.Lines(text) {
		if b.Len() > maxView {
			break
		}
		from := at
		at += len(line)
		line = strings.TrimRight(line, " \t\r\n\f\v")
		if strings.Trim(line, " \t:)§*|") == "" {
			if len(right) > 0 && line != "" {
				right = append(right, document.Span{}) // the rule between columns goes on
				continue
			}
			flush()
			emit(from, from)
			continue
		}
		left, cell, ok := cells(line)
		switch {
		case !ok && len(right) > 0 && indent(line) >= column-6:
			right = append(right, document.Span{Start: from + indent(line), End: from + len(line)})
		case strings.Trim(line, " \t_=-—–*") == "": // a rule across both columns
			flush()
			emit(from, from+len(line))
		case !ok, strings.HasSuffix(line[:left], ":"): // a label with its value is one
			if opened {
				flush()
			}
			emit(from+indent(line), from+len(line))
		case versus.MatchString(strings.TrimSpace(line[:left])) && len(right) == 0 && !strings.ContainsAny(line, ")§|:*"):
			column, opened = cell, true
			right = append(right, document.Span{Start: from + cell, End: from + len(line)})
		default:
			emit(from, from+left)
			if cell < len(line) {
				column = cell
				right = append(right, document.Span{Start: from + cell, End: from + len(line)})
			}
		}
	}
	flush()
	v.text = b.String()
	return v
}

// cells says where the left cell of a line ends and the right one begins, if it has
// two: at the last gap between columns.
func cells(line string) (left, right int, ok bool) {
	from := indent(line)
	if from >= minColumn && strings.ContainsAny(line[:from], ":)§*|") {
		return from, from, true // the left cell is empty
	}
	if !hasColumns(line[from:]) {
		return 0, 0, false
	}
	gaps := columns.FindAllStringIndex(line[from:], -1)
	if len(gaps) == 0 {
		return 0, 0, false
	}
	last := gaps[len(gaps)-1]
	return from + last[0], from + last[1], true
}

// minColumn is where a right column begins at least, in bytes.
const minColumn = 20

// indent is where a line's text begins.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t:)§*|")) }

// origin is the span of the text that the view has at s, if it is one run there.
func (v *view) origin(s document.Span) document.Span {
	i := sort.Search(len(v.parts), func(i int) bool { return v.parts[i].at > s.Start }) - 1
	if i < 0 || s.Len() <= 0 {
		return document.Span{}
	}
	j := sort.Search(len(v.parts), func(j int) bool { return v.parts[j].at >= s.End }) - 1
	start := v.parts[i].from + s.Start - v.parts[i].at
	end := v.parts[j].from + s.End - v.parts[j].at
	if end < start || end-start > 3*s.Len()+80 {
		return document.Span{}
	}
	return document.Span{Start: start, End: end}
}

// hasColumns says whether a line has anything that stands between columns.
func hasColumns(line string) bool {
	for _, mark := range [...]string{"     ", "\t", " )", " :", " §", " *", " |"} {
		if strings.Contains(line, mark) {
			return true
		}
	}
	return false
}
