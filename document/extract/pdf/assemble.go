package pdf

import (
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/textline"
	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// maxHeldLines is how many lines of a file are held until all its pages are
// read; the pages after that keep their heads and feet.
const maxHeldLines = 500_000

// assembly makes a file's text of its pages' lines, once all are read: what is
// printed on every page, and how words are written, is known only then.
type assembly struct {
	pages   []pageRead
	lines   int
	margins []layout.Margin
}

// add takes a page, and is how much text it has, in bytes.
func (a *assembly) add(p pageRead) int {
	bytes := 0
	for _, n := range p.notes {
		bytes += len(n)
	}
	for _, l := range p.lines {
		bytes += len(l.Text) + 1
	}
	if a.lines += len(p.lines); a.lines > maxHeldLines {
		p.text = pageText(p.lines, nil)
		p.lines = nil
	} else {
		a.margins = append(a.margins, layout.Margins(len(a.pages), p.height, p.lines)...)
	}
	a.pages = append(a.pages, p)
	return bytes
}

// finish fills c with the pages' text, and with what was left out of it.
func (a *assembly) finish(c *document.Content) {
	around := layout.Running(len(a.pages), a.margins, layout.Stamp)
	for i := range a.pages {
		p := &a.pages[i]
		if p.needsOCR {
			continue
		}
		drop := around.Drop[i]
		if len(drop) == 0 {
			continue
		}
		kept := make([]layout.Line, 0, len(p.lines))
		start := false
		for k, l := range p.lines {
			if drop[k] {
				start = start || l.Start
				continue
			}
			l.Start = l.Start || start
			start = false
			kept = append(kept, l)
		}
		p.lines = kept
	}
	words := a.vocabulary()
	for i, p := range a.pages {
		if p.lines != nil {
			p.text = pageText(p.lines, words.keeps)
		}
		if len(p.notes) > 0 {
			p.text = strings.TrimSpace(p.text + "\n\n" + extract.Normalize(strings.Join(p.notes, "\n\n")))
		}
		if p.cut {
			c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial, Page: i + 1,
				Message: "some annotations or form fields of the page are left out, the limit"})
		}
		c.Pages = append(c.Pages, document.Page{Number: i + 1, Source: document.TextLayer, Text: p.text, NeedsOCR: p.needsOCR})
	}
	put := func(key string, values []string) {
		if value := tidy(strings.Join(values, "; ")); value != "" {
			c.Metadata[key] = value
		}
	}
	put("filing-stamps", around.Stamps)
	put("running-heads", around.Heads)
}

func pageText(lines []layout.Line, keeps func(stem, rest string) bool) string {
	return extract.Normalize(textline.JoinKnowing(textLines(lines), keeps))
}

// vocabulary counts how a document writes the words that it cuts somewhere.
type vocabulary map[string]int

// vocabulary looks for the words that are cut at a line's end among the others.
func (a *assembly) vocabulary() vocabulary {
	v := vocabulary{}
	for _, p := range a.pages {
		textline.Cuts(textLines(p.lines), func(stem, rest string) {
			s, r := word(stem), word(rest)
			// The parts are met once more, as words, where the word is cut.
			v[s]--
			v[r]--
			v[s+r] += 0
			v[s+"-"+r] += 0
		})
	}
	if len(v) == 0 {
		return v
	}
	for _, p := range a.pages {
		for _, l := range p.lines {
			for w := range strings.FieldsFuncSeq(l.Text, unicode.IsSpace) {
				w = word(w)
				if n, wanted := v[w]; wanted {
					v[w] = n + 1
				}
			}
		}
	}
	return v
}

// word is w in lower case, without punctuation around it.
func word(w string) string {
	return strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// keeps says whether a word that is cut in two keeps its hyphen: the document
// writes it so elsewhere, or it is a compound as the language makes them, or
// both parts are words of the document.
func (v vocabulary) keeps(stem, rest string) bool {
	s, r := word(stem), word(rest)
	with, without := v[s+"-"+r], v[s+r]
	switch {
	case with != without:
		return with > without
	case strings.Contains(s, "-"): // "attorney-in-\nfact"
		return true
	case hyphenated[s], s == "co" && partners[r], s == "ex" && formers[r], s == "so" && r == "called":
		return true
	}
	return len(s) >= 4 && len(r) >= 4 && !joined[s] && !endings[r] && v[s] > 0 && v[r] > 0
}

var (
	// hyphenated are first parts of words that are mostly written with a hyphen.
	hyphenated = setOf("all", "attorney", "cross", "decision", "first", "half", "non", "quasi", "second", "self", "third", "vice", "well")
	// partners and formers are written with a hyphen after "co" and "ex".
	partners = setOf("appellant", "appellants", "appellee", "appellees", "borrower", "borrowers", "chair", "conspirator", "conspirators",
		"counsel", "debtor", "debtors", "defendant", "defendants", "executor", "executors", "founder", "founders", "obligor", "obligors",
		"owner", "owners", "parties", "party", "petitioner", "petitioners", "plaintiff", "plaintiffs", "respondent", "respondents",
		"signer", "tenant", "tenants", "trustee", "trustees", "worker", "workers")
	formers = setOf("boyfriend", "convict", "employee", "employees", "felon", "girlfriend", "husband", "officio", "president", "spouse", "wife")
	// joined are words that are also first parts of words written as one.
	joined = setOf("after", "counter", "down", "else", "every", "foot", "fore", "further", "hand", "head", "here", "home", "inter", "life",
		"more", "never", "none", "over", "some", "super", "them", "then", "there", "through", "trans", "under", "what", "when", "where",
		"which", "with", "work", "your")
	// endings are words that are also last parts of words written as one.
	endings = setOf("able", "after", "book", "ever", "fore", "hold", "holder", "holders", "less", "like", "more", "most", "over", "self",
		"selves", "ship", "side", "standing", "thing", "things", "time", "upon", "ward", "where", "wise", "with", "works")
)

func setOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}
