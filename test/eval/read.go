package main

import (
	"context"
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/entity"
)

// What follows turns mentions into the fields of cases.

var (
	caseForm = regexp.MustCompile(`^(\S+) (.+?) (at )?(\S+)$`)
	codeForm = regexp.MustCompile(`^(\d+) (U\.S\.C\.|C\.F\.R\.) (?:§|pt\.) ([^(]+)`)
	volForm  = regexp.MustCompile(`^(\d+) (Stat\.|Fed\. Reg\.) (\d+)$`)
	lawForm  = regexp.MustCompile(`^Pub\. L\. No\. (\d+)-(\d+)$`)
	years    = regexp.MustCompile(`(\d{4})\)?$`)
)

func readCitations(text string) []answer {
	var all []answer
	for _, m := range entity.NewFinder().Find(context.Background(), text) {
		n := m.Normalized
		switch m.Type {
		case document.CaseCitation:
			p := caseForm.FindStringSubmatch(n)
			if p == nil {
				continue
			}
			a := answer{"type": "case", "volume": p[1], "reporter": p[2], "page": p[4]}
			if strings.Contains(m.Text, " at ") {
				a["type"] = "shortFormCase"
			}
			if p[2] == "WL" {
				a = answer{"type": "neutral", "year": p[1], "database": "WL", "documentNumber": p[4], "confidence": 1}
			}
			if y := years.FindStringSubmatch(m.Text); y != nil {
				a["year"] = y[1]
			}
			if p[4] == "___" {
				a["hasBlankPage"] = true
			}
			all = append(all, a)
		case document.Statute:
			if p := codeForm.FindStringSubmatch(n); p != nil {
				kind := "statute"
				if p[2] == "C.F.R." {
					kind = "regulation"
				}
				all = append(all, answer{"type": kind, "title": p[1], "code": p[2], "section": p[3]})
			} else if p := volForm.FindStringSubmatch(n); p != nil {
				kind := "statutesAtLarge"
				if p[2] != "Stat." {
					kind = "federalRegister"
				}
				all = append(all, answer{"type": kind, "volume": p[1], "page": p[3]})
			} else if p := lawForm.FindStringSubmatch(n); p != nil {
				all = append(all, answer{"type": "publicLaw", "congress": p[1], "lawNumber": p[2]})
			}
		}
	}
	return all
}

var series = regexp.MustCompile(` ?\d(?:d|th)$`)

func readReporters(text string) []string {
	var all []string
	for _, m := range entity.NewFinder().Find(context.Background(), text) {
		switch m.Type {
		case document.CaseCitation:
			if p := caseForm.FindStringSubmatch(m.Normalized); p != nil {
				all = append(all, series.ReplaceAllString(p[2], ""))
			}
		case document.Statute:
			code, _, _ := strings.Cut(m.Normalized, " §")
			code, _, _ = strings.Cut(code, " tit.")
			all = append(all, strings.TrimLeft(code, "0123456789- "))
		}
	}
	return all
}

// readCourt has no identifiers to answer with.
func readCourt(string) string { return "" }
