package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

const circuitWord = `(First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|\d{1,2}(?:st|nd|rd|th)|Federal|District\s+of\s+Columbia|D\.\s?C\.)\s+Circuit\b`

var (
	// circuitBeneath is the circuit on the line beneath the court's name.
	circuitBeneath = regexp.MustCompile(`^[\s,_]{1,12}(?i:for\s+the\s+)?(?i:` + circuitWord + `)`)
	circuitNamed   = regexp.MustCompile(`\b(?i:` + circuitWord + `)`)
	circuitSite    = regexp.MustCompile(`(?i)\bca(\d{1,2}|fc|dc)\.uscourts\.gov\b`)
)

// federalAppeals is what a court of appeals is called where its circuit is not said.
const federalAppeals = "United States Court of Appeals"

// circuitOf is the court of appeals that the words up to offset end mean, which name no
// circuit: of the circuit beneath them, else of that whose site the document names, else
// of the only one that its head does. It is empty where none is: every circuit's court is
// called so.
func (p *page) circuitOf(end int) string {
	if m := circuitBeneath.FindStringSubmatch(window(p.text, end)); m != nil {
		return circuitName(m[1])
	}
	if !p.memory.circuitKnown {
		p.memory.circuitKnown, p.memory.circuit = true, circuitIn(p.memory.text)
	}
	return p.memory.circuit
}

// circuitIn is the court of appeals that a document is of, by its beginning.
func circuitIn(text string) string {
	text = text[:min(len(text), maxCaption)]
	name := ""
	for _, form := range []*regexp.Regexp{circuitSite, circuitNamed} {
		for _, m := range form.FindAllStringSubmatch(text, -1) {
			of := circuitName(strings.Replace(strings.ToLower(m[1]), "fc", "federal", 1))
			if name != "" && of != name {
				return ""
			}
			name = of
		}
		if name != "" {
			return name
		}
	}
	return ""
}

// addAppeals adds the federal court of appeals in [start, end), which its own words do
// not give a circuit.
func (p *page) addAppeals(start, end int) {
	if name := p.circuitOf(end); name != "" {
		p.add(document.Court, start, end, name, 0.9, "")
	}
}
