package entity

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestOrganisationsThatAnAmpersandOrAGenitiveJoins(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The auditors, Hartnell & Bowes, left.":                        "Hartnell & Bowes",
		"HOLLOWAY, BRANDT & IYER\nATTORNEYS AT LAW\n":                  "Holloway, Brandt & Iyer",
		"He called the Information Commissioner's Office.":             "Information Commissioner's Office",
		"The letters that the Sandoval-Reyes Foundation gave.":         "Sandoval-Reyes Foundation",
		"Sign here. Achterberg Law Office, S.C. has the money.":        "Achterberg Law Office, S.C.",
		"He told the Occupational Safety and Health Administration so": "Occupational Safety and Health Administration",
	} {
		assert.Equal(t, []string{want}, normalized(text, document.Org), text)
	}
	for _, text := range []string{"TERMS & CONDITIONS", "Sales & Marketing was busy.", "John & Mary Smith came.", "Boulder, CO 80302", "A PROFESSIONAL CORPORATION\n"} {
		assert.Empty(t, normalized(text, document.Org), text)
	}
}

func TestTownsByWhatIsDoneInThem(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Our offices are in Zarnow.", "She lives near Zarnow now.", "They drove to Zarnow on Monday.", "I am in Zarnow until Monday."} {
		assert.Equal(t, []string{"Zarnow"}, normalized(text, document.Location), text)
	}
	assert.Equal(t, []string{"Portland"}, normalized("They sell knives in Portland.", document.Location))
	for _, text := range []string{"He believed in Zarnow.", "The rule of Portland v. Doe stands.", "Mr. Portland paid."} {
		assert.Empty(t, normalized(text, document.Location), text)
	}
}

func TestANotarysVenueIsAPlace(t *testing.T) {
	t.Parallel()
	text := "STATE OF ILLINOIS   )\n                    ) SS.\nCOUNTY OF COOK      )\n\nSigned before me."
	assert.Equal(t, []string{"Illinois", "COUNTY OF COOK"}, normalized(text, document.Location))
	assert.Empty(t, normalized(text, document.Org))
}

func TestWhatAContractDefinesIsNobody(t *testing.T) {
	t.Parallel()
	text := "SETTLEMENT AGREEMENT\n\nThey pay $5 (the \"Settlement Payment\"). On receipt of the Settlement Payment, counsel shall file it."
	assert.Empty(t, normalized(text, document.Person))
}

func TestLineNumbersPartNothing(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for n, line := range []string{"QZARO ILVES,", "having been first duly sworn, testified as follows:", "Q.  Whom did you meet?", "A.  My colleague, Dana Quist.", "Q.  When?", "A.  I don't know.", "Q.  Why?", "A.  I don't know."} {
		b.WriteString([]string{" 1", " 2", " 3", " 4", " 5", " 6", " 7", " 8"}[n] + "   " + line + "\n")
	}
	text := b.String()
	assert.Equal(t, "witness", roleIn(text, document.Person, "Qzaro Ilves"))
	for _, m := range NewFinder().Find(context.Background(), text) {
		assert.Equal(t, text[m.Start:m.End], m.Text)
		assert.NotEqual(t, document.CaseCitation, m.Type)
	}
}

func TestNumbersOfOrdersAndLoansAreNoDockets(t *testing.T) {
	t.Parallel()
	assert.Empty(t, normalized("Loan No. 40-118827\nSBOT NO. 24040177\n", document.DocketNumber))
	assert.Equal(t, []string{"2021CV000877"}, normalized("Case No. 2021CV000877", document.DocketNumber))
}

func TestCompaniesThatAreNamedForAnOwner(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"They sued Wendy's Restaurants, Inc. in May.":    {"Wendy's Restaurants Inc."},
		"They sued Smith’s Foods, LLC in May.":           {"Smith’s Foods LLC"},
		"They sued McDonald's Corporation in May.":       {"McDonald's Corporation"},
		"They sued Dillard's, Inc. in May.":              {"Dillard's Inc."},
		"They sued Morristown Driver's Services, Inc.":   {"Morristown Driver's Services Inc."},
		"It was Acme's Beta Foods, Inc. that they sued.": {"Beta Foods Inc."},
	} {
		assert.Equal(t, want, normalized(text, document.Org), text)
	}
}
