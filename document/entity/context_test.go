package entity

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// roleIn is the role of the first mention of the normal form in text, "-" without one.
func roleIn(text string, typ document.EntityType, normal string) string {
	for _, m := range find(text) {
		if m.Type == typ && m.Normalized == normal && m.Role != "" {
			return m.Role
		}
	}
	return "-"
}

func TestNamesOnNoListAreFoundByWhatStandsBesideThem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I, Qzaro Ilves, declare as follows:",
		"DECLARATION OF QZARO ILVES",
		"The deposition of Qzaro Ilves was long.",
		"They met Qzaro Ilves, Esq., in May.",
		"Qzaro Ilves (SBN 224471)\nSome Street",
		"Qzaro Ilves\nState Bar No. 24071199",
		"Its president is Qzaro Ilves.",
		"Our plant manager, Qzaro Ilves, saw it.",
		"Qzaro Ilves, a nurse, came.",
		"By: ______________\nName:  Qzaro Ilves\nTitle: President",
		"From: Qzaro Ilves <qi@example.com>",
		"To: \"Ilves, Qzaro\" <qi@example.com>",
		"QZARO ILVES,\nhaving been first duly sworn, testified as follows:",
		"Very truly yours,\n\n\nQzaro Ilves\n",
		"Defendants were represented by Qzaro Ilves.",
	} {
		assert.Equal(t, []string{"Qzaro Ilves"}, normalized(text, document.Person), text)
	}
	for _, text := range []string{"The manager of Qzaro Ilves Park left.", "It was Qzaro Ilves Company.", "Motion Practice, a nurse's work"} {
		assert.Empty(t, normalized(text, document.Person), text)
	}
}

func TestASurnameIsFoundAllOverTheDocument(t *testing.T) {
	t.Parallel()
	text := "Ilves spoke first." + document.PageBreak + "/s/ Qzaro van Ilves\n\nThen Van Ilves left. ILVES STREET."
	assert.Equal(t, []string{"Qzaro van Ilves", "van Ilves"}, normalized(text, document.Person))
	text = "Quist spoke first." + document.PageBreak + "/s/ Qzaro Quist\n\nDefendant Quist left, and so says the Quist Decl."
	assert.Equal(t, []string{"Quist", "Qzaro Quist", "Quist", "Quist"}, normalized(text, document.Person))
	assert.Equal(t, []string{"Qzaro Price"}, normalized("/s/ Qzaro Price\n\nPrice is a word: the price rose.", document.Person), "a word of the language is none")
}

func TestOrganisationsWithoutAForm(t *testing.T) {
	t.Parallel()
	each(t, document.Org, map[string][]string{
		"It went to Threadqzar, a Delaware public benefit corporation. Threadqzar won.":  {"Threadqzar", "Threadqzar"},
		"Our bank, Handelsqzar, called.":                                                 {"Handelsqzar"},
		"He hauled for Halvorqz Foods. Halvorqz paid.":                                   {"Halvorqz Foods", "Halvorqz Foods"},
		"The vendor DataSift made one.":                                                  {"DataSift"},
		"They sold to Nordqz Seafoods AS (\"Nordqz\").":                                  {"Nordqz Seafoods AS", "Nordqz Seafoods AS"},
		"The Estate of Qzaro Ilves sued.":                                                {"Estate of Qzaro Ilves"},
		"UNREGISTERED BROKERAGE\nAn unregistered firm.":                                  nil,
		"He lives in Osceqz County and in the County of Osceqz.":                         nil,
		"governed by the laws of the State of New York; the State of New York sued them": {"State of New York"},
	})
	assert.Equal(t, []string{"Osceqz County", "County of Osceqz"}, normalized("He lives in Osceqz County and in the County of Osceqz.", document.Location))
}

func TestPartiesOfACaption(t *testing.T) {
	t.Parallel()
	text := `UNITED STATES DISTRICT COURT
DISTRICT OF OREGON

QZARO ILVES and THREADQZAR, a              Case No. 3:24-cv-00418
cooperative,
               Plaintiffs-Appellants,
      v.
88 GREENQZ OWNERS CORP.; DOES 1-10; and
HALQZ THREADWORKS,
               Defendants-Appellees,
and

CAREQZ,
               Intervenor-Defendant.

Halqz is a store. Halqz sells.
`
	for normal, want := range map[string]string{
		"Threadqzar": "plaintiff,appellant", "88 Greenqz Owners Corp.": "defendant,appellee", "Halqz Threadworks": "defendant,appellee", "Careqz": "intervenor",
	} {
		assert.Equal(t, want, roleIn(text, document.Org, normal), normal)
	}
	assert.Equal(t, "plaintiff,appellant", roleIn(text, document.Person, "Qzaro Ilves"))
	assert.Equal(t, []string{"Qzaro Ilves"}, normalized(text, document.Person))
}

func TestPartiesOfAContract(t *testing.T) {
	t.Parallel()
	text := `SERVICES AGREEMENT

This Services Agreement (the "Agreement") is made effective as of March 3, 2021 (the "Effective Date") between Acmeqz Corp., a Delaware
corporation ("Supplier"), and Qzaro Ilves ("Consultant").

1. Term. This Agreement remains in effect for a term of two (2) years, to and including March 2, 2023.
2. Either party may terminate it upon thirty (30) days' prior written notice. Invoices are due within 45 days. He worked there for nine years.
3. The laws of the State of Ohio govern this Agreement.
IN WITNESS WHEREOF, the parties hereto have executed it.
`
	assert.Equal(t, "party", roleIn(text, document.Org, "Acmeqz Corp."))
	assert.Equal(t, "party", roleIn(text, document.Person, "Qzaro Ilves"))
	assert.Equal(t, []string{"P2Y", "P30D", "P45D"}, normalized(text, document.Duration))
	assert.Equal(t, "term", roleIn(text, document.Duration, "P2Y"))
	assert.Equal(t, "notice", roleIn(text, document.Duration, "P30D"))
	assert.Equal(t, "-", roleIn(text, document.Duration, "P45D"))
	assert.Equal(t, "governing-law", roleIn(text, document.Location, "Ohio"))
	assert.Equal(t, "effective", roleIn(text, document.Date, "2021-03-03"))
	assert.Equal(t, "expires", roleIn(text, document.Date, "2023-03-02"))
}

func TestWhatADateIsOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Plaintiff filed her complaint in this Court on March 3, 2021.":                             "filed",
		"I certify that on March 3, 2021 the foregoing was filed through CM/ECF.":                   "filed",
		"The judgment was entered in this action on March 3, 2021.":                                 "entered",
		"Claims are due on March 3, 2021.":                                                          "due",
		"You must answer on or before March 3, 2021.":                                               "due",
		"Please pay the sum by March 3, 2021.":                                                      "due",
		"A hearing is set for March 3, 2021.":                                                       "hearing",
		"I served the subpoena on the clerk on March 3, 2021.":                                      "served",
		"Executed on March 3, 2021 at Waco.":                                                        "signed",
		"On March 3, 2021 the companies signed a lease.":                                            "signed",
		"Argued and Submitted March 3, 2021":                                                        "argued,submitted",
		"Under a purchase agreement of March 3, 2021, it sold.":                                     "dated",
		"By: /s/ Jane Roe\nTitle: Manager\nDate: March 3, 2021":                                     "signed",
		"He fell on March 3, 2021.":                                                                 "-",
		"Dated: Waco, Texas\n       March 3, 2021":                                                  "dated",
		"On Wed, 3 Mar 2021 at 09:11, Jane Roe <jr@example.com> wrote:\n> Hello":                    "dated",
		"The notice is by mail. On March 3, 2021 a fire broke out, and he was told by a neighbour.": "-",
	} {
		assert.Equal(t, want, roleIn(text, document.Date, "2021-03-03"), text)
	}
}

func TestCorrespondents(t *testing.T) {
	t.Parallel()
	mail := "From: Qzaro Ilves <qi@example.com>\nTo: Idqn Vasqz <iv@example.com>; \"Farrqz, Pegqz\" <pf@example.com>\nSubject: Sale\n\nHi Idqn,\n\nPegqz agrees.\n"
	assert.Equal(t, "sender", roleIn(mail, document.Person, "Qzaro Ilves"))
	assert.Equal(t, "recipient", roleIn(mail, document.Person, "Idqn Vasqz"))
	assert.Equal(t, "recipient", roleIn(mail, document.Person, "Pegqz Farrqz"))
	assert.Equal(t, []string{"Qzaro Ilves", "Idqn Vasqz", "Pegqz Farrqz", "Idqn Vasqz", "Pegqz Farrqz"}, normalized(mail, document.Person), "by their given names too")

	letter := "October 3, 2023\n\nMs. Fionqz Drumqz\n10 Main Street\nWaco, Texas 76701\n\nDear Ms. Drumqz:\n\nPay.\n\nVery truly yours,\n\nQzaro Ilves\nPartner\n"
	assert.Equal(t, "recipient", roleIn(letter, document.Person, "Fionqz Drumqz"))
	assert.Equal(t, "sender", roleIn(letter, document.Person, "Qzaro Ilves"))
	assert.Equal(t, "dated", roleIn(letter, document.Date, "2023-10-03"))
}

func TestNumbersOfStateAndBankruptcyCourts(t *testing.T) {
	t.Parallel()
	each(t, document.DocketNumber, map[string][]string{
		"Case 23-10417-KBO     Claim 88-1": {"23-10417"},
		"vs.   )   No. 22 L 004417":        {"22 L 004417"},
		"Case 3:23-cv-00418-L   Doc 1":     {"3:23-cv-00418"},
	})
	mentions := find("No. 1:23-cv-4902 (VOM) (SK)")
	require.Len(t, mentions, 1)
	assert.Equal(t, "1:23-cv-4902", mentions[0].Text, "initials in brackets are none of the number's")
}

func TestStatutesByTheNameOfTheirCode(t *testing.T) {
	t.Parallel()
	each(t, document.Statute, map[string][]string{
		"under Section 38.001(b) of the Texas Civil Practice and Remedies Code": {"Tex. Civ. Prac. & Rem. Code § 38.001(b)"},
		"In California, Code of Civil Procedure section 395 applies.":           {"Cal. Code Civ. Proc. § 395"},
		"Fed. R. Civ. P. 45(a) and Rule 45(d) apply":                            {"Fed. R. Civ. P. 45(a)", "Fed. R. Civ. P. 45(d)"},
		"11 U.S.C. § 503(b)(9) is clear; section 503(b) is too":                 {"11 U.S.C. § 503(b)(9)", "11 U.S.C. § 503(b)"},
	})
}

func TestHostileTextIsReadInLinearTime(t *testing.T) {
	t.Parallel()
	// Nothing is timed: what is quadratic would not end here.
	const n = 60_000
	for _, unit := range []string{"By: ", "I, Roe, ", "a corporation, ", "v.\n", "Dear\n", "From: Roe Doe <", "thirty (30) days ", "Foods ", "and between X and ", "Roe Doe, a nurse, ", "Counsel for ", "Sincerely,\n"} {
		assert.NotPanics(t, func() { find(strings.Repeat(unit, n/len(unit))) }, unit)
	}
}
