package corpus

import (
	"fmt"
	"strings"
)

// articles are a contract's, in order; the first and the last three are in any.
var articles = []struct {
	heading string
	pool    []string
}{
	{"Scope", scopeClauses}, {"Fees and Payment", paymentClauses}, {"Performance", scopeClauses}, {"Acceptance", scopeClauses},
	{"Records and Audit", paymentClauses}, {"Confidentiality", riskClauses}, {"Intellectual Property", riskClauses},
	{"Data Protection", riskClauses}, {"Insurance", paymentClauses}, {"Personnel", scopeClauses}, {"Change Control", scopeClauses},
	{"Warranties", riskClauses}, {"Indemnification", riskClauses}, {"Limitation of Liability", riskClauses},
	{"Term and Termination", termClauses}, {"Dispute Resolution", termClauses}, {"General Provisions", termClauses},
}

func (d *draft) contract() {
	m := d.matter
	d.title = m.agreement
	if d.percent(35) {
		d.title = fmt.Sprintf("%s Amendment to %s", pick(d.dice, []string{"First", "Second", "Third"}), m.agreement)
	}
	d.add(block{shape: blockTitle, text: strings.ToUpper(d.title)})
	d.para(d.say("This " + d.title + " (the “Agreement”) is {made|entered into} as of {date} (the “Effective Date”) between {plaintiff} (“{P}”) and {defendant} (“{D}”)."))
	d.para(d.say("The parties {wish to set out|agree on} the terms on which {D} will provide {good} to {P} for a fee of {amount} over the initial term."))
	few := len(articles)
	if d.pages < 6 {
		few = min(few, 5+2*d.pages)
	}
	skip := len(articles) - few
	scheduled := d.pages > 2 && d.percent(60)
	reserve := 14
	if scheduled {
		reserve += 10
	}
	start, number := d.used, 0
	body := max(0, d.budget-reserve*d.sheet.leading-start)
	for i, a := range articles {
		if i >= 2 && i < 2+skip {
			continue
		}
		number++
		d.head(fmt.Sprintf("%d. %s", number, a.heading))
		for clause := 1; clause == 1 || d.used < start+body*number/few; clause++ {
			d.para(fmt.Sprintf("%d.%d %s", number, clause, d.passage(a.pool, d.between(1, 3))))
		}
	}
	if scheduled {
		d.schedule()
	}
	d.para("IN WITNESS WHEREOF, the parties have executed this Agreement as of the Effective Date.")
	for _, p := range []party{m.plaintiff, m.defendant} {
		d.lines(p.name, "By: ______________________", "Name: "+pick(d.dice, m.witnesses).name(), "Date: "+d.day(d.date))
	}
}

// schedule is a table of fees.
func (d *draft) schedule() {
	d.head("Schedule A: Fees")
	rows := [][]string{{"Item", "Due", "Fee"}}
	items := []string{"Initial delivery", "Monthly service", "Acceptance testing", "Training", "Extended support", "Expedited shipment", "Annual audit", "Storage"}
	from := d.below(len(items))
	for i := range d.between(3, 6) {
		rows = append(rows, []string{items[(from+i)%len(items)], d.say("{later}"), d.say("{money}")})
	}
	d.add(block{shape: blockTable, rows: rows})
}
