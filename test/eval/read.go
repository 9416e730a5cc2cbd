package main

import (
	"strings"

	"github.com/caseload/caseload/document/cite"
)

// readCitations is what the citations of a text are, in the fields of cases.
func readCitations(text string) []answer {
	var all []answer
	found := cite.Scan(text)
	for _, c := range found {
		all = append(all, fields(c, found))
	}
	return all
}

func fields(c cite.Citation, found []cite.Citation) answer {
	a := answer{}
	put := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	put("year", c.Year)
	put("pincite", c.Pin)
	switch c.Kind {
	case cite.Case, cite.Short:
		a["type"] = "case"
		if c.Kind == cite.Short {
			a["type"] = "shortFormCase"
		}
		put("volume", c.Volume)
		put("reporter", c.Reporter)
		if !c.Blank {
			put("page", c.Page)
		} else {
			a["hasBlankPage"] = true
		}
		a["court"] = []string{c.Court, c.CourtID}
		put("caseName", c.Name)
		put("plaintiff", c.Plaintiff)
		put("defendant", c.Defendant)
		put("proceduralPrefix", c.Prefix)
		put("disposition", c.Disposition)
		if g := found[c.Group]; g.Kind == cite.Case {
			a["groupId"] = g.Volume + "-" + g.Reporter + "-" + g.Page
		}
	case cite.Neutral:
		a["type"] = "neutral"
		put("database", c.Reporter)
		put("documentNumber", c.Page)
		put("proceduralPrefix", c.Prefix)
		a["confidence"] = int(c.Confidence + 0.5)
	case cite.Journal:
		a["type"] = "journal"
		put("volume", c.Volume)
		put("journal", c.Reporter)
		put("page", c.Page)
	case cite.ID:
		a["type"] = "id"
	case cite.Supra:
		a["type"] = "supra"
		put("partyName", c.Name)
	case cite.Statute, cite.Regulation:
		a["type"] = string(c.Kind)
		put("title", c.Title)
		put("code", c.Code)
		put("section", strings.TrimPrefix(c.Section, "pt. "))
		put("subsection", c.Subsection)
	case cite.Constitution:
		a["type"] = "constitutional"
		put("amendment", arabic(c.Amendment))
		put("article", arabic(c.Article))
		put("section", c.Section)
	case cite.Rule:
		a["type"] = "federalRule"
		put("ruleSet", c.Code)
		put("rule", c.Section)
	case cite.PublicLaw:
		a["type"] = "publicLaw"
		put("congress", c.Volume)
		put("lawNumber", c.Page)
	case cite.StatutesAtLarge, cite.Register, cite.SessionLaw:
		a["type"] = map[cite.Kind]string{cite.StatutesAtLarge: "statutesAtLarge", cite.Register: "federalRegister", cite.SessionLaw: "sessionLaw"}[c.Kind]
		put("volume", c.Volume)
		put("page", c.Page)
	}
	return a
}

// arabic is a Roman numeral as a number, or what was written.
func arabic(s string) string {
	values := map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100}
	n := 0
	for i := 0; i < len(s); i++ {
		v, ok := values[s[i]]
		if !ok {
			return s
		}
		if i+1 < len(s) && values[s[i+1]] > v {
			v = -v
		}
		n += v
	}
	if n == 0 {
		return s
	}
	return text(n)
}

// readReporters are the canonical reporters or codes of a text's citations.
func readReporters(text string) []string {
	var all []string
	for _, c := range cite.Scan(text) {
		all = append(all, c.Root)
	}
	return all
}

func readCourt(name string) string { return cite.CourtID(name) }
