package search

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxQuery is how many characters a query may have.
	MaxQuery = 1000
	// maxTerms is how many words and phrases a query may have.
	maxTerms = 64
	// minPrefix is how many characters stand before "*" at least.
	minPrefix = 2
)

// Query is what a passage must have. All of Clauses must hold.
type Query struct{ Clauses []Clause }

// Wanted is the query without what must not be there.
func (q *Query) Wanted() *Query {
	w := new(Query)
	for _, c := range q.Clauses {
		if !c.Not {
			w.Clauses = append(w.Clauses, c)
		}
	}
	return w
}

// Clause holds where one of Any is found or, with Not, none.
type Clause struct {
	Not bool
	Any []Term
}

// Term is words that follow each other, at least one. With Prefix, the last one is
// the beginning of a word.
type Term struct {
	Words  []string
	Prefix bool
}

// SyntaxError is a query that cannot be understood. Its message holds nothing of
// the query.
type SyntaxError struct {
	Position int // in characters, from 1; 0 for the whole query
	Message  string
}

func (e *SyntaxError) Error() string {
	if e.Position == 0 {
		return "the query " + e.Message
	}
	return fmt.Sprintf("the query, at character %d, %s", e.Position, e.Message)
}

// Parse reads a query, or says with a *SyntaxError why it cannot:
//
//	breach duty          both words, anywhere in the passage
//	"breach of duty"     the words in this order, with nothing but space and punctuation between them
//	neglig*              words that begin so; also for the last word of a phrase
//	-word -"two words"   not this; NOT does the same
//	fraud OR deceit      one of them; it binds more closely than AND, which may be left out
func Parse(query string) (*Query, error) {
	if n := utf8.RuneCountInString(query); n > MaxQuery {
		return nil, &SyntaxError{0, fmt.Sprintf("has %d characters: want %d at most", n, MaxQuery)}
	}
	p := parser{text: []rune(query)}
	if err := p.parse(); err != nil {
		return nil, err
	}
	terms, wanted := 0, 0
	for _, c := range p.clauses {
		terms += len(c.Any)
		if !c.Not {
			wanted++
		}
	}
	switch {
	case terms == 0:
		return nil, &SyntaxError{0, "has no word"}
	case wanted == 0:
		return nil, &SyntaxError{0, "says only what must not be there: add a word to look for"}
	case terms > maxTerms:
		return nil, &SyntaxError{0, fmt.Sprintf("has %d words and phrases: want %d at most", terms, maxTerms)}
	}
	return &Query{p.clauses}, nil
}

type parser struct {
	text    []rune
	at      int
	clauses []Clause
	// The operator that waits for what it applies to, and where it stands.
	operator string
	operated int
}

func (p *parser) parse() error {
	for {
		for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
			p.at++
		}
		if p.at == len(p.text) {
			return p.complete()
		}
		if err := p.item(); err != nil {
			return err
		}
	}
}

// complete says whether the last operator had what it applies to.
func (p *parser) complete() error {
	if p.operator == "" {
		return nil
	}
	return &SyntaxError{p.operated, "has " + p.operator + " with nothing to look for after it"}
}

// item reads an operator, a word or a phrase.
func (p *parser) item() error {
	start := p.at
	not := isMinus(p.text[p.at])
	if not {
		p.at++
	}
	if p.at < len(p.text) && isQuote(p.text[p.at]) {
		return p.phrase(start, not)
	}
	from := p.at
	for p.at < len(p.text) && !unicode.IsSpace(p.text[p.at]) && !isQuote(p.text[p.at]) {
		p.at++
	}
	word := string(p.text[from:p.at])
	if !not && (word == "AND" || word == "OR" || word == "NOT") {
		return p.operate(word, start)
	}
	return p.term(word, start, not, false)
}

func (p *parser) operate(operator string, at int) error {
	if p.operator != "" && (p.operator != "AND" || operator != "NOT") {
		return p.complete()
	}
	if len(p.clauses) == 0 && operator != "NOT" {
		return &SyntaxError{at + 1, "has " + operator + " with nothing to look for before it"}
	}
	p.operator, p.operated = operator, at+1
	return nil
}

func (p *parser) phrase(start int, not bool) error {
	p.at++
	from := p.at
	for p.at < len(p.text) && !isQuote(p.text[p.at]) {
		p.at++
	}
	if p.at == len(p.text) {
		return &SyntaxError{from, "has a quotation mark that is not closed"}
	}
	phrase := string(p.text[from:p.at])
	p.at++
	return p.term(phrase, start, not, true)
}

// term adds a word, or a phrase, that stands at start.
func (p *parser) term(s string, start int, not, quoted bool) error {
	s, prefix := strings.CutSuffix(strings.TrimRightFunc(s, unicode.IsSpace), "*")
	if strings.Contains(s, "*") {
		return &SyntaxError{start + 1, "has a * that does not end a word or phrase: it stands for the rest of the last word"}
	}
	t := Term{Prefix: prefix}
	for w := range Words(s) {
		t.Words = append(t.Words, w.Text)
	}
	switch {
	case len(t.Words) == 0 && !prefix && !quoted:
		return nil // punctuation between words
	case len(t.Words) == 0:
		return &SyntaxError{start + 1, "has a phrase or * without a word"}
	case prefix && utf8.RuneCountInString(t.Words[len(t.Words)-1]) < minPrefix:
		return &SyntaxError{start + 1, fmt.Sprintf("has a * after too little: want %d characters or more before it", minPrefix)}
	}
	not = not || p.operator == "NOT"
	if p.operator == "OR" {
		last := &p.clauses[len(p.clauses)-1]
		if not || last.Not {
			return &SyntaxError{p.operated, "has OR beside something that must not be there: want it between words or phrases to look for"}
		}
		last.Any = append(last.Any, t)
	} else {
		p.clauses = append(p.clauses, Clause{Not: not, Any: []Term{t}})
	}
	p.operator = ""
	return nil
}

func isQuote(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' }

func isMinus(r rune) bool { return r == '-' || r == '−' }
