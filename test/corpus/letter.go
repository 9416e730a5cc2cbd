package corpus

import "fmt"

var subjects = []string{
	"Demand for Payment", "Discovery Deficiencies", "Litigation Hold", "Settlement Proposal", "Document Production", "Meet and Confer",
	"Notice of Breach", "Inspection of Premises", "Expert Disclosures", "Insurance Coverage", "Engagement Terms", "Status Report",
}

func (d *draft) letter() {
	side, counsel, own, other := d.side()
	recipient := d.matter.forDefense
	if side == "Defendant" {
		recipient = d.matter.forPlaintiff
	}
	subject := pick(d.dice, subjects)
	d.title = "Letter re " + subject
	d.add(block{shape: blockCentred, lines: []string{counsel.name, counsel.street, counsel.city, counsel.phone}})
	d.lines(d.day(d.date))
	d.lines(recipient.attorney.name(), recipient.name, recipient.street, recipient.city)
	d.name(&d.truth.Parties, d.matter.plaintiff.name)
	d.name(&d.truth.Parties, d.matter.defendant.name)
	d.truth.Docket = d.matter.docket
	d.para(fmt.Sprintf("Re: %s: %s v. %s, %s", subject, d.matter.plaintiff.name, d.matter.defendant.name, d.matter.docketLine))
	d.para("Dear " + recipient.attorney.titled() + ":")
	d.para(d.say(fmt.Sprintf("{We represent|This firm represents|As you know, we represent} %s. I write {to follow up on|concerning|about} the %s between %s and %s dated {date}.",
		own.short, d.matter.agreement, own.short, other.short)))
	d.fillBody(8, section{pool: letters, weight: 1})
	d.para(d.say("{Please call me|I am available to talk} before {later}. {Nothing in this letter waives any right of|All rights are reserved by} " + own.short + "."))
	d.lines("Sincerely,", "", "/s/ "+counsel.attorney.name(), counsel.attorney.name())
}
