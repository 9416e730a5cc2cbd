package entity_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/entity"
)

// named are the normal forms of the mentions of typ in text.
func named(t *testing.T, typ document.EntityType, text string) []string {
	t.Helper()
	var out []string
	for _, m := range entity.NewFinder().Find(t.Context(), text) {
		if m.Type == typ {
			assert.Equal(t, text[m.Start:m.End], m.Text)
			out = append(out, m.Normalized)
		}
	}
	return out
}

func TestACourtThatIsSpreadOverAColumnHasItsWholeName(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"United States Court of Appeals for the Seventh Circuit", "United States District Court for the Northern District of Indiana"},
		named(t, document.Court, "United States Court of Appeals\nFor the Seventh Circuit\n\nNo. 21-2417\n\nIN RE: ] Appeal from the United\nLARKSPUR FREIGHT SYSTEM, ] States District Court for\nINC. EMPLOYMENT PRACTICES ] the Northern District\nLITIGATION ] of Indiana, South Bend\n] Division.\n"+
			"JANE ROE, et al., ]\nPlaintiffs-Appellants, ] No. 3:17-cv-00595-RLM\n]\nv. ] Paul R. Doe, Judge.\n]\nLARKSPUR FREIGHT SYSTEM, INC., ]\nDefendant-Appellee. ]\n"))
	assert.Equal(t, []string{"Missouri Court of Appeals Eastern District", "Circuit Court of St. Charles County, Missouri"},
		named(t, document.Court, "In the Missouri Court of Appeals\nEastern District\nDIVISION THREE\n\nJANE ROE, ) No. ED118783\n)\nAppellant, ) Appeal from the Circuit Court of\n) St. Charles County, Missouri\nvs. ) No. 1711-CC00064\n)\nSTATE OF MISSOURI, ) Honorable Ann B. Doe\n)\nRespondent. ) Filed: January 19, 2021\n"))
}

func TestACourtsDivisionIsNoParty(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"State of Missouri"}, named(t, document.Org, "In the Missouri Court of Appeals\nEastern District\nDIVISION THREE\n\nANN MARIE ROE, ) No. ED118783\n)\nAppellant, ) Appeal from the Circuit Court of\n) St. Charles County, Missouri\nvs. ) No. 1711-CC00064\n)\nSTATE OF MISSOURI, ) Honorable Ann B. Doe\n)\nRespondent. ) Filed: January 19, 2021\n"))
}

func TestABareCourtOfAppealsTakesItsCircuit(t *testing.T) {
	t.Parallel()
	const tenth = "United States Court of Appeals for the Tenth Circuit"
	assert.Equal(t, []string{tenth, tenth}, named(t, document.Court, "UNITED STATES COURT OF APPEALS\n\nFOR THE TENTH CIRCUIT\n\nIn re: JANE ROE\n"))
	assert.Equal(t, []string{"United States Court of Appeals for the Third Circuit"},
		named(t, document.Court, "OFFICE OF THE CLERK\n\nUNITED STATES COURT OF APPEALS\n601 MARKET STREET\nWebsite: www.ca3.uscourts.gov\n\nTo All Parties:\n"))
	assert.Empty(t, named(t, document.Court, "OFFICE OF THE CLERK\n\nUNITED STATES COURT OF APPEALS\n601 MARKET STREET\n\nTo All Parties:\n"))
	assert.Equal(t, []string{"United States Court of Appeals for the Fourth Circuit", "United States Court of Appeals for the Ninth Circuit"},
		named(t, document.Court, "The Fourth Circuit and the Ninth Circuit differ. The United States Court of Appeals has not said more.\n"))
}

func TestAPluralPossessiveIsPartOfAName(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"Ohio Bureau of Workers’ Compensation", "Georgia State Board of Workers' Compensation", "North Fork Teachers' Association"},
		named(t, document.Org, "She wrote to the Ohio Bureau of Workers’ Compensation, to the Georgia State Board of Workers' Compensation and to the North Fork Teachers' Association.\n"))
	assert.Equal(t, []string{"Ohio Bureau of Workers’ Compensation"}, named(t, document.Org, "OHIO BUREAU OF WORKERS’ COMPENSATION\nWORKERS’ COMPENSATION APPEALS\n"))
}

func TestOrganisationsAreNotCutOrJoinedByLines(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"Varga Townsend & Mbeki LLP"}, named(t, document.Org, "Respectfully submitted,\n\nVARGA TOWNSEND &\n\nMBEKI LLP\n1100 Elm Street\n"))
	assert.Equal(t, []string{"United States Department of Health and Human Services"}, named(t, document.Org, "The United States Department of Health and Human\nServices declared an emergency on that day, and the State followed.\n"))
	assert.Empty(t, named(t, document.Org, "Roe said that the carrier's letters were in breach of the Texas Insurance\nCode, and that no more was owed to her by anybody at all.\n"))
	assert.Contains(t, named(t, document.Org, "JANE ROE, an individual, ) Case No. C 18-02214\n) STIPULATION TO EXTEND\nPlaintiff, ) DISCLOSURES\nKLI INSURANCE COMPANY, a )\ncorporation, )\n"), "KLI Insurance Company")
}

func TestAnInitialIsPartOfAPartysName(t *testing.T) {
	t.Parallel()
	text := "UNITED STATES COURT OF APPEALS\nFOR THE NINTH CIRCUIT\n\nROBERT A. TAVELL, SR.,\n\nPlaintiff-Appellee,\nv.\n\nDANIEL KOWALD, in his\nindividual capacity,\n\nDefendant-Appellant.\n\nNo. 25-1847\n"
	assert.Empty(t, named(t, document.Org, text))
	assert.Contains(t, named(t, document.Person, text), "Robert A. Tavell Sr.")
}

func TestTheDateOfAFormsWordingHasNoRole(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"NOTICE OF APPEARANCE\n\nNo. 17-2217\n\n/s/ Jane Roe 10-31-17\nSignature Date\n\n01/19/2016 SCC\n",
		"UNITED STATES COURT OF APPEALS\n\nNo. 17-2217\n\nEntry of Appearance form, Rev. 12/01/2018\n",
	} {
		for _, m := range entity.NewFinder().Find(t.Context(), text) {
			if m.Type == document.Date {
				assert.Empty(t, m.Role, m.Text)
			}
		}
	}
}
