package corpus

import (
	"fmt"
	"strings"
)

// caption writes the head of a court document and its title.
func (d *draft) caption(title string) {
	m := d.matter
	d.title = title
	d.truth.Court, d.truth.Docket = m.court, m.docket
	d.add(block{shape: blockCentred, lines: m.courtLines})
	name := func(p party) string { return strings.ToUpper(p.name) }
	if d.percent(50) {
		name = func(p party) string { return p.name }
	}
	d.name(&d.truth.Parties, m.plaintiff.name)
	d.name(&d.truth.Parties, m.defendant.name)
	d.add(block{
		shape: blockCaption,
		lines: []string{name(m.plaintiff) + ",", "", "          Plaintiff,", "", "     v.", "", name(m.defendant) + ",", "", "          Defendant."},
		right: []string{m.docketLine, "", strings.ToUpper(title)},
	})
}

// signature is counsel's, 9 lines high.
func (d *draft) signature(of firm, side string) {
	p := side + " " + d.matter.plaintiff.name
	if side == "Defendant" {
		p = side + " " + d.matter.defendant.name
	}
	d.lines("DATED: " + d.day(d.date))
	d.signed("Respectfully submitted,", "", "/s/ "+of.attorney.name(), of.attorney.name()+fmt.Sprintf(" (Bar No. %d)", of.bar),
		of.name, of.street, of.city, "Telephone: "+of.phone, of.email(), "Attorneys for "+p)
}

// side draws one of the parties with its counsel.
func (d *draft) side() (side string, counsel firm, own, other party) {
	if d.percent(50) {
		return "Plaintiff", d.matter.forPlaintiff, d.matter.plaintiff, d.matter.defendant
	}
	return "Defendant", d.matter.forDefense, d.matter.defendant, d.matter.plaintiff
}

var claims = []string{
	"Breach of Contract", "Breach of the Implied Covenant of Good Faith and Fair Dealing", "Negligent Misrepresentation", "Fraudulent Inducement",
	"Unjust Enrichment", "Misappropriation of Trade Secrets", "Tortious Interference with Contract", "Conversion", "Declaratory Judgment",
	"Unfair Competition", "Breach of Fiduciary Duty", "Violation of Civil Rights", "Retaliation", "Promissory Estoppel",
}

func (d *draft) complaint() {
	first, second := pick(d.dice, claims[:5]), pick(d.dice, claims[5:])
	d.caption("Complaint for " + first + " and " + second)
	d.para(d.say("Plaintiff {plaintiff} (“{P}”) brings this action against defendant {defendant} (“{D}”) and alleges as follows:"))
	d.head("PARTIES")
	for _, p := range []party{d.matter.plaintiff, d.matter.defendant} {
		if p.company == "" {
			d.numbered(d.say(p.name + " is an individual who resides in {city}, {state}."))
		} else {
			d.numbered(d.say(fmt.Sprintf("%s is a %s with its principal place of business in {city}, {state}.", p.name, p.company)))
		}
	}
	d.head("JURISDICTION AND VENUE")
	d.numbered(d.say("The Court has subject-matter jurisdiction under {statute}. {The amount in controversy exceeds|More is in controversy than} {money}, exclusive of interest and costs."))
	d.numbered(d.say("Venue is proper under 28 U.S.C. § 1391(b) because a substantial part of the events took place in {county}, {state}."))
	d.name(&d.truth.Statutes, "28 U.S.C. § 1391(b)")
	sections := []section{{heading: "FACTUAL ALLEGATIONS", pool: facts, weight: 10, points: true}}
	for i, claim := range []string{first, second} {
		heading := fmt.Sprintf("%s CLAIM FOR RELIEF: %s", []string{"FIRST", "SECOND"}[i], strings.ToUpper(claim))
		sections = append(sections, section{heading: heading, pool: elements, weight: 2, points: true})
	}
	d.fillBody(24, sections...)
	d.head("PRAYER FOR RELIEF")
	d.para(d.say("{P} {asks|prays} for judgment against {D} for damages of {amount} or as proved at trial, for interest, for costs and fees under {statute}, and for such other relief as the Court {finds|deems} just."))
	d.para("JURY TRIAL DEMANDED.")
	d.signature(d.matter.forPlaintiff, "Plaintiff")
}

var motions = []string{
	"to Dismiss", "for Summary Judgment", "to Compel Discovery", "for a Protective Order", "to Strike", "in Limine", "for Leave to Amend",
	"for a Preliminary Injunction", "to Transfer Venue", "for Class Certification", "to Exclude Expert Testimony", "for Sanctions", "to Stay",
}

func (d *draft) motion() {
	side, counsel, own, other := d.side()
	form := pick(d.dice, []string{"Motion %s", "Opposition to Motion %s", "Reply in Support of Motion %s", "Memorandum in Support of Motion %s"})
	name := fmt.Sprintf(form, pick(d.dice, motions))
	d.caption(side + "’s " + name)
	d.para(d.say(fmt.Sprintf("%s %s (“%s”) {respectfully submits|submits} this %s under {rule}. {It|The filing} rests on the record, the declaration of {witness}, and what follows.",
		side, d.party(own), own.short, strings.ToLower(strings.Fields(name)[0]))))
	d.fillBody(16,
		section{heading: "INTRODUCTION", pool: introductions, weight: 1},
		section{heading: "BACKGROUND", pool: facts, weight: 6, from: 2},
		section{heading: "LEGAL STANDARD", pool: standards, weight: 2, from: 3},
		section{heading: "ARGUMENT", pool: arguments, weight: 6},
		section{heading: "A. " + other.short + "’s Position Has No Support in the Record", pool: arguments, weight: 5, from: 6},
		section{heading: "B. The Authorities Do Not Help " + other.short, pool: arguments, weight: 5, from: 8},
		section{heading: "C. The Equities Favor " + own.short, pool: arguments, weight: 4, from: 14},
	)
	d.head("CONCLUSION")
	d.para(d.say("For these reasons the Court should {rule for " + own.short + "|grant the relief that " + own.short + " requests}."))
	d.signature(counsel, side)
}

func (d *draft) notice() {
	side, counsel, own, _ := d.side()
	kind := pick(d.dice, []string{"Appearance", "Deposition", "Hearing", "Change of Address", "Withdrawal of Counsel", "Supplemental Authority", "Settlement", "Appeal"})
	d.caption("Notice of " + kind)
	d.para("TO THE COURT, ALL PARTIES AND THEIR COUNSEL OF RECORD:")
	text := "PLEASE TAKE NOTICE that " + strings.ToLower(side) + " " + d.party(own) + " "
	switch kind {
	case "Deposition":
		text += "will take the deposition of {witness} under {rule} on {later} at 9:30 a.m. at the offices of " + counsel.name + ", " + counsel.street + "."
	case "Hearing":
		text += "has noted its motion for {later} at 10:00 a.m. before the Honorable {judge}."
	case "Supplemental Authority":
		text += "relies on a decision issued after briefing closed: {cite}."
	case "Settlement":
		text += "and its opponent have agreed to settle all claims for {money} and will file a stipulation of dismissal by {later}."
	case "Appeal":
		text += "appeals from the order of {since}, {ecf}, and from the judgment entered on it."
	default:
		text += "is represented in this action by " + counsel.attorney.name() + " of " + counsel.name + ", on whom papers are to be served from {later}."
	}
	d.para(d.say(text))
	d.fillBody(14, section{pool: notices, weight: 1})
	d.signature(counsel, side)
}

func (d *draft) declaration() {
	w := pick(d.dice, d.matter.witnesses)
	d.caption("Declaration of " + w.name())
	d.para(d.say("I, " + w.name() + ", {declare|state} as follows:"))
	d.numbered(d.say("I am over eighteen and know both {plaintiff} and {defendant} from my work since {date}. I {know the facts below myself|have personal knowledge of what follows} and could testify to them."))
	d.fillBody(12, section{pool: statements, weight: 1, points: true})
	d.para(d.say("I declare under penalty of perjury under 28 U.S.C. § 1746 that the foregoing is true and correct. Executed on {today} in {city}, {state}."))
	d.name(&d.truth.Statutes, "28 U.S.C. § 1746")
	d.signed("/s/ "+w.name(), w.name())
}

func (d *draft) order(opinion bool) {
	outcome := pick(d.dice, []string{"Granting", "Denying", "Granting in Part"})
	what := pick(d.dice, motions)
	side, _, own, other := d.side()
	title := "Order " + outcome + " Motion " + what
	if opinion {
		title = "Opinion and " + title
	}
	d.caption(title)
	d.para(d.say("This matter {comes before|is before} the Court on the motion of " + strings.ToLower(side) + " " + own.name + " " + strings.ToLower(what[:1]) + what[1:] + ", {ecf}, which " + other.name + " opposes. " +
		"{Having reviewed the briefs and heard argument on|Having considered the papers, without argument, on} {since}, the Court rules as follows."))
	d.fillBody(12,
		section{heading: "I. BACKGROUND", pool: facts, weight: 5, from: 2},
		section{heading: "II. PROCEDURAL HISTORY", pool: history, weight: 2, from: 4},
		section{heading: "III. LEGAL STANDARD", pool: standards, weight: 2, from: 3},
		section{heading: "IV. DISCUSSION", pool: rulings, weight: 6},
		section{heading: "A. The Contract Claim", pool: rulings, weight: 4, from: 7},
		section{heading: "B. The Remaining Claims", pool: rulings, weight: 4, from: 9},
		section{heading: "C. Remedies", pool: rulings, weight: 3, from: 14},
	)
	verb := map[string]string{"Granting": "GRANTED", "Denying": "DENIED", "Granting in Part": "GRANTED IN PART and DENIED IN PART"}[outcome]
	d.para(d.say("The motion is " + verb + ". The parties shall {file a joint status report|confer and report} by {later}."))
	d.para("IT IS SO ORDERED.")
	d.lines("Dated: " + d.day(d.date))
	name := d.say("{judge}")
	title = "United States District Judge"
	if d.matter.stamp == "" {
		title = "Judge of the Superior Court"
	}
	d.signed("______________________________", "Hon. "+name, title)
}
