package entity

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

func TestDefinedShortFormsMeanTheFullName(t *testing.T) {
	t.Parallel()
	each(t, document.Org, map[string][]string{
		"Acme Marine Freight, Inc. (\"Acme\") sued. Then Acme lost; Acme's board met.":                       {"Acme Marine Freight Inc.", "Acme Marine Freight Inc.", "Acme Marine Freight Inc.", "Acme Marine Freight Inc."},
		"Standard Insurance Company (“Standard”) paid.\n\nSTANDARD OF REVIEW\n\nA Standard Form was used.":   {"Standard Insurance Company", "Standard Insurance Company"},
		"Orion Dock Security, LLC, a Texas company with its office in Waco (“ODS”), filed." + "\n\nODS won.": {"Orion Dock Security LLC", "Orion Dock Security LLC", "Orion Dock Security LLC"},
		"Acme Corp. (the “Company”) and the City of Waco (the “City”) agreed. The Company paid the City.":    {"Acme Corp.", "City of Waco"},
		"Acme Corp. said (“never”) that Acme would pay.":                                                     {"Acme Corp.", "Acme Corp."},
		"Acme Corp. said that every acme is a peak. Acme climbs.":                                            {"Acme Corp."},
		"Acme Marine, Inc. (\"Acme\") met Acme Holdings, LLC.":                                               {"Acme Marine Inc.", "Acme Marine Inc.", "Acme Holdings LLC"},
	})
	text := "Acme Marine Freight, Inc. (\"Acme\") is a company." + document.PageBreak + "Acme answers."
	assert.Len(t, normalized(text, document.Org), 3, "a definition holds on later pages")

	mentions := find("Acme Marine, Inc. (\"Acme\") is run by Jane Acme. Ms. Acme owns Acme & Sons.")
	var people []string
	for _, m := range mentions {
		if m.Type == document.Person {
			people = append(people, m.Normalized)
		}
	}
	assert.Equal(t, []string{"Jane Acme", "Acme"}, people, "a person who has the company's name")
}

func TestANameOnceGivenAwayIsFoundAgain(t *testing.T) {
	t.Parallel()
	each(t, document.Person, map[string][]string{
		"/s/ Zorah Quint\nCounsel for Plaintiff\n\nThen Zorah Quint spoke.": {"Zorah Quint", "Zorah Quint"},
		"Later Zorah Quint spoke.": nil,
		"/s/ Zorah Quint\nCounsel\n\nZorah Quint Street; Zorah Quint Jr. came.": {"Zorah Quint"},
	})
}

func TestAJudgesSignatureIsTheJudges(t *testing.T) {
	t.Parallel()
	text := "/s/ Margaret Y. Sandoval\n____________\nMargaret Y. Sandoval\nUnited States District Judge"
	assert.Equal(t, []string{"Margaret Y. Sandoval", "Margaret Y. Sandoval"}, normalized(text, document.Judge))
	assert.Empty(t, normalized(text, document.Person))
}

func TestPartiesOfACaseNamedWithItsDocketNumber(t *testing.T) {
	t.Parallel()
	text := "Re: United States v. Haitao Xiang, No. 22-1801\n(Argued January 12, 2023)."
	assert.Equal(t, []string{"United States"}, normalized(text, document.Org))
	assert.Equal(t, []string{"Haitao Xiang"}, normalized(text, document.Person))
	for _, cited := range []string{
		"See United States v. Haitao Xiang, No. 21-1832, 2023 WL 128600 (1st Cir. Jan. 9, 2023).",
		"See United States v. Haitao Xiang, No. 21-1832, __ F.4th __, decided.",
		"See United States v. Haitao Xiang, No. 21-1832 (1st Cir. 2023).",
		"See United States v. Haitao Xiang\n\nCase: 21-50498 Document: 1",
	} {
		assert.Empty(t, normalized(cited, document.Person), cited)
		assert.Empty(t, normalized(cited, document.Org), cited)
	}
}

func TestAPartyWithALineToItselfIsAnOrganisation(t *testing.T) {
	t.Parallel()
	mentions := find("No. 20-1507\nCALVARY CHAPEL OF BANGOR,\nPlaintiff, Appellant,\nv.\n")
	require.Len(t, mentions, 2)
	assert.Equal(t, document.Org, mentions[1].Type)
	assert.Equal(t, "Calvary Chapel of Bangor", mentions[1].Normalized)
	assert.Equal(t, "plaintiff,appellant", mentions[1].Role)
	for _, text := range []string{"JOHN AND JANE,\nPlaintiffs", "MOTION FOR RELIEF,\nDefendant", "DOES 1 through 10,\nDefendants", "the end of it,\nPlaintiff"} {
		assert.Empty(t, normalized(text, document.Org), text)
	}
}

func TestWhatADocumentRemembersIsBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range maxTerms + 100 {
		b.WriteString("/s/ Q" + strings.Repeat("x", 1+i%40) + string(rune('a'+i%26)) + " Roe" + strings.Repeat("y", i/40) + "\n\n")
	}
	m := &memory{}
	p := newPage(b.String(), m)
	p.find()
	assert.LessOrEqual(t, m.learnt, maxTerms)
	for _, same := range m.terms {
		assert.LessOrEqual(t, len(same), maxTermsWord)
	}
}
