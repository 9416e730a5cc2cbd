package kind

import (
	"cmp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

const (
	headBytes = 8_000 // of a text in which its title and opening words are
	tailBytes = 3_000 // of a text in which its closing words are
	headLines = 90    // in which a title is looked for

	// A kind is told from this weight on. What tells nothing has this weight too.
	enough = 2.0
)

// Of is the kind of a document by its text and format, and how sure that is, from 0
// to 1; "" and 0 if nothing tells.
func Of(text string, format document.Format, metadata map[string]string) (document.Kind, float64) {
	if format == document.FormatEML || metadata["message-id"] != "" {
		return document.KindMail, 0.99
	}
	s := score{}
	head := text[:cut(text, headBytes)]
	s.titles(head)
	s.said(head, openings)
	tail := text[len(text)-cut(text, tailBytes):]
	s.said(tail, closings)
	s.lines(head, tail)
	s.shape(text, head)
	return s.best()
}

// cut is n, or less: at most the text's length, and not within a character.
func cut(text string, n int) int {
	if len(text) <= n {
		return len(text)
	}
	for n > 0 && text[n]&0xC0 == 0x80 {
		n--
	}
	return n
}

// score is how much tells of each kind.
type score map[document.Kind]float64

func (s score) best() (document.Kind, float64) {
	kinds := make([]document.Kind, 0, len(s))
	for k := range s {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b document.Kind) int { return cmp.Or(cmp.Compare(s[b], s[a]), cmp.Compare(a, b)) })
	if len(kinds) == 0 || s[kinds[0]] < enough {
		return "", 0
	}
	first, second := s[kinds[0]], 0.0
	if len(kinds) > 1 {
		second = s[kinds[1]]
	}
	return kinds[0], first / (first + second + enough/4)
}

// shape weighs what a whole text looks like.
func (s score) shape(text, head string) {
	if headers := mailHeaders(head); headers >= 3 {
		s[document.KindMail] += 2 * float64(headers)
	}
	if s[document.KindExhibit] > 0 && len(text) < 400 && len(strings.Fields(text)) < 40 { // a sheet that says what follows
		s[document.KindExhibit] += 4
	}
}

// mailHeaders counts the first lines that begin as a printed mail's do.
func mailHeaders(head string) int {
	seen := map[string]bool{}
	n := 0
	for line := range strings.Lines(head) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if n++; n > 15 {
			break
		}
		if name, _, found := strings.Cut(line, ":"); found {
			switch name = strings.ToLower(strings.TrimSpace(name)); name {
			case "from", "to", "sent", "date", "subject", "cc", "bcc":
				seen[name] = true
			}
		}
	}
	if !seen["from"] || !seen["subject"] && !seen["sent"] { // a memorandum has no subject, or is of nobody
		return 0
	}
	return len(seen)
}
