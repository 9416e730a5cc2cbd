package opinion

import (
	"slices"
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
	columns = regexp.MustCompile(`[ \t]+(?:[:)}\]§*|][ \t]*)+(?:[ \t]+|$)|[ \t]{5,}|\t+`)
	versus  = regexp.MustCompile(`^(?i:v|vs|versus|against|-against-)[.,]?$`)
)

// reviewed begins a line that says what is reviewed, beneath a caption of two columns.
var reviewed = regexp.MustCompile(`^[ \t]*(?i:(?:on[ \t]+)?(?:appeals?|petitions?[ \t]+for[ \t]+review)[ \t]+(?:from|of)\b)`)

func newView(text string) *view {
	v := &view{}
	var b strings.Builder
	emit := func(from, end int) {
		for from < end && (text[from] == ' ' || text[from] == '\t') {
			from++
		}
		for _, to := range breaks(text, from, end) {
			v.parts = append(v.parts, part{b.Len(), from})
			b.WriteString(text[from:to])
			b.WriteByte('\n')
			from = to
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
		if strings.Trim(line, columnMarks) == "" {
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
		case !ok && len(right) > 0 && (indent(line) >= column-6 || strings.ContainsAny(line[:indent(line)], ")}]§|")):
			right = append(right, document.Span{Start: from + indent(line), End: from + len(line)})
		case strings.Trim(line, " \t_=-—–*") == "": // a rule across both columns
			flush()
			emit(from, from+len(line))
		case !ok, strings.HasSuffix(line[:left], ":") && !strings.ContainsAny(line[left:cell], ")}]§|"): // a label with its value is one
			if opened || reviewed.MatchString(line) {
				flush()
			}
			emit(from+indent(line), from+len(line))
		case versus.MatchString(strings.TrimSpace(line[:left])) && len(right) == 0 && !strings.ContainsAny(line, ")}]§|:*"):
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
	if from >= minColumn && strings.ContainsAny(line[:from], ":)}]§*|") {
		return from, from, true // the left cell is empty
	}
	if !hasColumns(line[from:]) {
		return 0, 0, false
	}
	gaps := slices.DeleteFunc(columns.FindAllStringIndex(line[from:], -1), func(gap []int) bool {
		return line[from+gap[0]:from+gap[1]] == " § " && from+gap[1] < len(line) && line[from+gap[1]] >= '0' && line[from+gap[1]] <= '9' // of a statute
	})
	if len(gaps) == 0 {
		return 0, 0, false
	}
	last := gaps[len(gaps)-1]
	return from + last[0], from + last[1], true
}

// columnMarks are space and the marks of a rule between two columns.
const columnMarks = " \t:)}]§*|"

// minColumn is where a right column begins at least, in bytes.
const minColumn = 20

// indent is where a line's text begins.
func indent(line string) int { return len(line) - len(strings.TrimLeft(line, columnMarks)) }

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
	spaces := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\t':
			return true
		case c == ' ':
			if spaces++; spaces == 5 {
				return true
			}
			continue
		case spaces > 0 && (c == ')' || c == '}' || c == ']' || c == ':' || c == '*' || c == '|' || c == 0xC2 && strings.HasPrefix(line[i:], "§")):
			return true
		}
		spaces = 0
	}
	return false
}

// Bounds of breaks: how long a line is that may be several run together, in bytes, and
// how many times words must do so.
const (
	minRunTogether = 240
	minBreaks      = 2
)

// runTogether are words without the space that was between them: "Courtfor the".
var runTogether = regexp.MustCompile(`(?:\b(the)\p{Lu}\pL|(Court|Appeals|District|Division|Board)(?:for|of|in)\b)`)

// breaks are where the lines of a head end that extraction has run together into one,
// from text[from:end]: "District Courtfor the Eastern District of TexasUSDC No.".
func breaks(text string, from, end int) []int {
	if end-from < minRunTogether {
		return nil
	}
	var all []int
	joined, lower := 0, 0
	for i := from; i+1 < end; i++ {
		c, next := text[i], text[i+1]
		switch {
		case c >= 'a' && c <= 'z':
			lower++
			if next >= 'A' && next <= 'Z' && lower > 3 { // no "McCabe"
				all = append(all, i+1)
				joined++
			}
			continue
		case c == '_' && next != '_' && i > from && text[i-1] == '_':
			all = append(all, i+1)
		case c != '_' && next == '_' && i+2 < end && text[i+2] == '_':
			all = append(all, i+1)
		case next >= 'A' && next <= 'Z' && i+2 < end && text[i+2] >= 'a' && text[i+2] <= 'z' &&
			(c >= '0' && c <= '9' || (c == ',' || c == '.' || c == ':' || c == '*') && i > from && (text[i-1] >= 'a' && text[i-1] <= 'z')):
			all = append(all, i+1)
			joined++
		}
		lower = 0
	}
	if joined == 0 || joined < minBreaks && len(all) == joined { // no rule in the line
		return nil
	}
	for _, m := range runTogether.FindAllStringSubmatchIndex(text[from:end], -1) {
		all = append(all, from+max(m[3], m[5]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
