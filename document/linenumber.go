package document

import "strings"

// Bounds of a run of line numbers, as transcripts and pleading paper have them.
const (
	maxLineNumber = 28
	minNumberRun  = 8
)

// WithoutLineNumbers is text with the line numbers of transcripts and pleading paper
// blanked, so that what a line break parts reads on. Offsets stay as they are. Numbers
// count as a page's where at least eight lines in order have them, each one more than
// the last; text without such a run is returned as it is.
func WithoutLineNumbers(text string) string {
	var runs []Span // of digits
	var run []Span
	last := 0
	flush := func() {
		if len(run) >= minNumberRun {
			runs = append(runs, run...)
		}
		run = run[:0]
	}
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += at
		}
		if s, n, ok := numberOfLine(text, at, end); ok {
			if n != last+1 {
				flush()
			}
			if n == last+1 || n == 1 {
				run = append(run, s)
			}
			last = n
		}
		at = end + 1
	}
	flush()
	if len(runs) == 0 {
		return text
	}
	blank := []byte(text)
	for _, s := range runs {
		for i := s.Start; i < s.End; i++ {
			blank[i] = ' '
		}
	}
	return string(blank)
}

// numberOfLine is the number that stands before the text of the line text[at:end],
// apart from it.
func numberOfLine(text string, at, end int) (s Span, n int, ok bool) {
	i := at
	for i < end && (text[i] == ' ' || text[i] == '\t' || text[i] == '\f') && i-at < 12 {
		i++
	}
	s.Start = i
	for i < end && i-s.Start < 3 && '0' <= text[i] && text[i] <= '9' {
		n = 10*n + int(text[i]-'0')
		i++
	}
	s.End = i
	apart := i == end || text[i] == '\r' || text[i] == '\t' || text[i] == ' ' && (i+1 == end || text[i+1] == ' ' || text[i+1] == '\t')
	return s, n, s.Len() > 0 && s.Len() < 3 && n >= 1 && n <= maxLineNumber && apart
}
