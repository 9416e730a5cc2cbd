package corpus

import (
	"fmt"
	"strings"
	"time"
)

// matter is what the documents of one case have in common.
type matter struct {
	court        string   // its full name, as package entity writes it
	courtLines   []string // the head of a caption
	docket       string   // normal form
	docketLine   string   // as a caption has it
	stamp        string   // the number as the filing system stamps it; "" in a state court
	judge        person
	plaintiff    party
	defendant    party
	forPlaintiff firm
	forDefense   firm
	witnesses    []person
	seat         seat
	filed        time.Time
	good         string // what the dispute is about
	agreement    string
	cents        int // in dispute
	bates        string
}

type person struct {
	given, middle, surname string
	woman                  bool
}

func (p person) name() string {
	if p.middle != "" {
		return p.given + " " + p.middle + " " + p.surname
	}
	return p.given + " " + p.surname
}

func (p person) titled() string {
	if p.woman {
		return "Ms. " + p.surname
	}
	return "Mr. " + p.surname
}

// party is a person or a company.
type party struct {
	name, short string
	company     string // what kind of company; "" of a person
}

// firm is counsel: a law firm and the attorney who signs.
type firm struct {
	name, domain, street, city, phone string
	attorney                          person
	bar                               int
}

func (f firm) email() string {
	return strings.ToLower(ascii(f.attorney.given)+"."+ascii(f.attorney.surname)) + "@" + f.domain
}

// newMatter is matter n of a seed.
func newMatter(seed uint64, n int) *matter {
	d := newDice(seed, streamMatter, n)
	m := &matter{judge: newPerson(d), seat: pick(d, seats)}
	m.filed = epoch.AddDate(0, 0, d.below(8*365))
	m.plaintiff, m.defendant = newParty(d, 35), newParty(d, 8)
	for m.defendant.short == m.plaintiff.short {
		m.defendant = newParty(d, 0)
	}
	m.forPlaintiff, m.forDefense = newFirm(d, m.seat), newFirm(d, m.seat)
	for range d.between(3, 6) {
		m.witnesses = append(m.witnesses, newPerson(d))
	}
	g := pick(d, goods)
	m.good, m.agreement = g.thing, g.agreement
	m.cents = d.between(5, 900) * 10_000_00 / 2
	m.bates = strings.ToUpper(ascii(strings.Fields(m.defendant.short)[0])[:3])
	if d.percent(85) {
		m.federal(d)
	} else {
		m.state(d)
	}
	return m
}

func (m *matter) federal(d *dice) {
	m.court = "United States District Court for the " + m.seat.district
	m.courtLines = []string{"UNITED STATES DISTRICT COURT", strings.ToUpper(m.seat.district), "AT " + strings.ToUpper(m.seat.city)}
	if d.percent(50) {
		m.courtLines = []string{"IN THE UNITED STATES DISTRICT COURT", "FOR THE " + strings.ToUpper(m.seat.district)}
	}
	m.docket = fmt.Sprintf("%s:%02d-cv-%05d", m.seat.office, m.filed.Year()%100, d.between(11, 9999))
	m.stamp = m.docket
	initials := strings.ToUpper(ascii(m.judge.given)[:1] + ascii(m.judge.surname)[:1])
	switch d.below(3) {
	case 0:
		m.docketLine = "No. " + m.docket
	case 1:
		m.docketLine = "Case No. " + m.docket + "-" + initials
	case 2:
		m.docketLine = "Civil Action No. " + m.docket
	}
}

func (m *matter) state(d *dice) {
	m.court = "Superior Court of " + m.seat.state + ", " + m.seat.county + " County"
	m.courtLines = []string{strings.ToUpper(m.court)}
	m.docket = fmt.Sprintf("CV-%d-%06d", m.filed.Year(), d.between(100, 99999))
	m.docketLine = pick(d, []string{"Case No. ", "Cause No. ", "No. "}) + m.docket
}

func newPerson(d *dice) person {
	p := person{given: pick(d, givenNames), surname: pick(d, surnames), woman: d.percent(50)}
	if d.percent(35) {
		p.middle = string(rune('A'+d.below(23))) + "."
	}
	return p
}

// newParty is a person in that many of 100 cases.
func newParty(d *dice, people int) party {
	if d.percent(people) {
		p := newPerson(d)
		return party{name: p.name(), short: p.surname}
	}
	stem := pick(d, stems)
	suffix := pick(d, suffixes)
	company := "corporation"
	switch suffix {
	case ", LLC":
		company = "limited liability company"
	case ", L.P.":
		company = "limited partnership"
	}
	return party{name: stem + " " + pick(d, trades) + suffix, short: stem, company: company}
}

func newFirm(d *dice, s seat) firm {
	a, b := pick(d, surnames), pick(d, surnames)
	f := firm{name: a + " & " + b + " LLP", domain: strings.ToLower(ascii(a)+ascii(b)) + ".example", attorney: newPerson(d), bar: d.between(10000, 398999)}
	if d.percent(30) {
		f.name = a + ", " + pick(d, surnames) + " & " + b + " LLP"
	}
	f.street = fmt.Sprintf("%d %s, Suite %d", d.between(100, 4999), pick(d, streets), d.between(2, 60)*50)
	f.city = fmt.Sprintf("%s, %s %05d", s.city, s.state, d.between(1001, 98999))
	f.phone = fmt.Sprintf("(%d%02d) 555-01%02d", d.between(2, 9), d.between(10, 89), d.below(100))
	return f
}

// ascii is s without the accents of the lists, for addresses and file names.
var ascii = strings.NewReplacer("ö", "o", "Ö", "O").Replace
