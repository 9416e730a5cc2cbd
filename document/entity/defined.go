package entity

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// definedNoun is a common noun that a contract defines: (the "Settlement Payment").
	definedNoun = regexp.MustCompile(`\(\s*(?:hereinafter\s+|hereafter\s+|herein\s+|collectively,?\s+|together,?\s+|each,?\s+)*(?:the|this|an?)\s+["“]([A-Z][\w’'-]*(?:[ \n]+[A-Za-z][\w’'-]*){1,4}),?["”]`)
	// quotedNames are names that one bracket gives to several parties: ("Larkmoor" and "Wexcombe").
	quotedNames = regexp.MustCompile(`\(\s*["“]([A-Z][\w’'-]+),?["”]\s*(?:,|and|,\s*and)\s+["“]([A-Z][\w’'-]+),?["”]`)
	transcript  = regexp.MustCompile(`(?m)^\W*(?:REPORTER['’]S RECORD|A P P E A R A N C E S|P R O C E E D I N G S|(?:[A-Z-]+ ){0,3}DEPOSITION (?:UPON |UNDER |BY )?(?:ORAL |WRITTEN )?(?:EXAMINATION |QUESTIONS )?OF\b|(?:REPORTER['’]S |OFFICIAL )?TRANSCRIPT OF)`)
)

// isTranscript says whether the document is what was said in a hearing or a deposition,
// whose first page has no decision's dates and court below.
func (m *memory) isTranscript() bool {
	const head = 5000
	return transcript.MatchString(m.text[:min(len(m.text), head)])
}

// noDecision says that the document's first lines are not those of a decision, though
// dates and numbers stand in them.
func (m *memory) noDecision() bool {
	return m.kind == document.KindContract || m.kind == document.KindLetter || m.kind == document.KindMail || m.isTranscript()
}

// definedNouns are the nouns of several words that the document defines, on one line.
func (m *memory) definedNouns() map[string]bool {
	const most = 200
	if m.nouns == nil {
		m.nouns = map[string]bool{}
		if strings.Contains(m.text, "the \"") || strings.Contains(m.text, "the “") {
			for _, d := range definedNoun.FindAllStringSubmatch(m.text, most) {
				m.nouns[strings.ToLower(oneLine(d[1]))] = true
			}
		}
	}
	return m.nouns
}

// dropDefined takes out the people that are nouns which the document defines.
func (p *page) dropDefined() {
	nouns := p.memory.definedNouns()
	if len(nouns) == 0 {
		return
	}
	kept := p.mentions[:0]
	for _, m := range p.mentions {
		if m.Type != document.Person || !nouns[strings.ToLower(oneLine(m.Text))] {
			kept = append(kept, m)
		}
	}
	p.mentions = kept
}

// learnSeveral remembers the short forms that one bracket gives to several of the
// organisations that the page names.
func (p *page) learnSeveral() {
	if p.start > 0 || p.memory.kind != document.KindContract {
		return
	}
	for _, d := range quotedNames.FindAllStringSubmatch(p.text[:min(len(p.text), maxCaption)], 4) {
		for _, short := range d[1:] {
			normalized := ""
			for _, m := range p.mentions {
				if m.Type == document.Org && hasWord(m.Normalized, short) {
					if normalized != "" && normalized != m.Normalized {
						normalized = ""
						break
					}
					normalized = m.Normalized
				}
			}
			if normalized != "" && words()[short]&(opener|party|month|orgTail|orgHead) == 0 {
				p.memory.define(term{[]string{short}, document.Org, normalized, 0.9, false})
			}
		}
	}
}

func hasWord(name, word string) bool {
	for _, w := range strings.Fields(name) {
		if strings.EqualFold(strings.Trim(w, ",."), word) {
			return true
		}
	}
	return false
}

// define remembers a short form that the document defines, as it is written and in
// capitals, in the place of what the same word was taken for before.
func (m *memory) define(t term) {
	for _, w := range [...]string{t.words[0], strings.ToUpper(t.words[0])} {
		same := m.terms[w]
		kept := same[:0]
		for _, o := range same {
			if len(o.words) > 1 || o.confidence >= t.confidence {
				kept = append(kept, o)
			}
		}
		if len(same) > 0 {
			m.terms[w] = kept
		}
	}
	m.learnBoth(t)
}
