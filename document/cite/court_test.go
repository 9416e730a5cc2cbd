package cite_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document/cite"
)

func TestACourtIsToldByItsNameOrAbbreviation(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Supreme Court of the United States": "scotus", "9th Cir.": "ca9", "D.C. Cir.": "cadc", "Fed. Cir.": "cafc", "B.A.P. 9th Cir.": "bap9",
		"UNITED STATES COURT OF APPEALS FOR THE ELEVENTH CIRCUIT": "ca11", "S.D.N.Y.": "nysd", "N.D. Cal.": "cand", "D. Mont.": "mtd", "Bankr. D. Del.": "deb",
		"United States District Court for the Western District of Texas, Austin Division": "txwd", "U.S. District Court, N.D. Ohio": "ohnd",
		"United States Bankruptcy Court for the Southern District of New York": "nysb", "United States Tax Court": "tax",
		"Supreme Court of Missouri": "mo", "New York Court of Appeals": "ny", "Court of Special Appeals of Maryland": "mdctspecapp", "Tex. App.": "texapp", "FISA Ct.": "fisc", "N-M. Ct. Crim. App.": "nmcca",
		"Supreme Court of North Dakota": "nd", "District Court of Appeal of Florida, Third District": "fladistctapp3",
		"Cuyahoga County Court of Common Pleas": "ohctcomplcuyaho", "Bucks County Court of Common Pleas": "pactcomplbucks",
		"Court of Appeals of Ohio, Tenth District, Franklin County": "ohctapp10frankl", "Family Court, Bronx County": "nyfamctbronx",
		"Lackawanna County Court of Quarter Sessions": "paqtrsesslackaw", "Justice Court of the Town of Wells": "nyjustctwells",
		"": "", "a bowl of soup": "", "Washington County": "",
	} {
		assert.Equal(t, want, cite.CourtID(name), "%s", name)
	}
}

func TestAMisreadCourtIsToldStill(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"United States Distrct Court for the Northem District of Ilinois": "ilnd",
		"Unted States Court of Appaels for the Sixth Circuit":             "ca6",
		"Suprerne Court of Ohio":                                          "ohio",
	} {
		assert.Equal(t, want, cite.CourtID(name), "%s", name)
	}
}
