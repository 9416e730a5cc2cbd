package main

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
)

// judgeNamePair judges whether two names that may mean one are told from two that
// do not: both "same" and "possible" count as a match.
func judgeNamePair(line []byte) (verdict, error) {
	var c struct {
		Schema string `json:"schema"`
		Name1  string `json:"name1"`
		Name2  string `json:"name2"`
		Match  string `json:"is_match"`
		Exact  string `json:"decision"` // of own cases, where more than a match is expected
	}
	if err := decode(line, &c); err != nil {
		return verdict{}, err
	}
	types := map[string]document.EntityType{
		"Person": document.Person, "Company": document.Org, "Organization": document.Org, "Vessel": document.Org,
	}
	m := resolve.Compare(types[c.Schema], resolve.Name{Text: c.Name1}, resolve.Name{Text: c.Name2})
	v := verdict{key: c.Name1 + " | " + c.Name2, onePerCase: true, want: c.Match + " " + c.Exact, got: string(m.Decision) + ": " + strings.Join(m.Reasons, "; ")}
	if (m.Decision != resolve.Different) == (c.Match == "true") && (c.Exact == "" || c.Exact == string(m.Decision)) {
		v.correct = 1
	} else {
		v.missed = 1
	}
	return v, nil
}
