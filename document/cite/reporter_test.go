package cite_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/cite"
)

// Reporters that share most of their names stay apart, and variants find theirs.
func TestReportersAreToldApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"12 How. Pr. (n.s.) 345":               {"How. Pr. (n.s.)", "How. Pr. (n.s.)"},
		"12 Mart. O.S. (La.) 345":              {"Mart. O.S. (La.)", "Mart. O.S. (La.)"},
		"12 T.C.M. (RIA) 345":                  {"T.C.M. (RIA)", "T.C.M. (RIA)"},
		"12 T.C.M. (CCH) 345":                  {"T.C.M.", "T.C.M."},
		"12 Week. Notes Cas. 345":              {"Week. No.", "Week. No."},
		"12 Wkly. Notes Cas. 345":              {"W.N.C.", "W.N.C."},
		"12 N.B.R. (Supp.) 345":                {"N.B.R. (Supp.)", "N.B.R. (Supp.)"},
		"12 N. Bkpt. Reg. 345":                 {"N.B.R.", "Nat. Bank. Reg."},
		"12 L.R.A.N.S. 345":                    {"L.R.A. (N.S.)", "L.R.A (N.S.)"},
		"12 Pittsb. L. Rev. 345":               {"Pittsb. Leg. J.", "Pitts L.J."},
		"12 Sil. (Sup. Ct.) 345":               {"Silvernail", "Sil. (Sup. Ct.)"},
		"12 Auto. Cas. 2d (CCH) 345":           {"Auto. Cas. 2d (CCH)", "Auto. Cas."},
		"12 Crim. L. Rep. (BNA) 345":           {"Crim. L. Rep. (BNA)", "Crim. L. Rep. (BNA)"},
		"12 Crim. L. Rep. 345":                 {"Crim. L. Rep. (BNA)", "Crim. L. Rep. (BNA)"},
		"St. Tax Rep. (CCH) ¶ 12-345":          {"St. Tax Rep. (CCH)", "St. Tax Rep. (CCH)"},
		"2013 FED App. 0123N (6th Cir.)":       {"FED App.", "FED App."},
		"see Smith v. Roe, L.R.A. 1916B, 77":   {"L.R.A.", "L.R.A."},
		"Doe v. Roe, 3 A. 4, Ann. Cas. 1913D,": {"A.", "A."},
	} {
		found := cite.Scan(text)
		if assert.Len(t, found, 1, text) {
			assert.Equal(t, want, [2]string{found[0].Reporter, found[0].Root}, text)
		}
	}
}

func TestVolumesByYearFollowTheirReporter(t *testing.T) {
	t.Parallel()
	found := cite.Scan("Smith v. Roe, 93 Vt. 5, L.R.A. 1916B, 77, Am. Ann. Cas. 1915 C, 1203.")
	require.Len(t, found, 3)
	assert.Equal(t, [3]string{"1916B", "77", "1916"}, [3]string{found[1].Volume, found[1].Page, found[1].Year})
	assert.Equal(t, [3]string{"1915C", "1203", "1915"}, [3]string{found[2].Volume, found[2].Page, found[2].Year})
	assert.Equal(t, found[0].Group, found[2].Group, "parallel citations")
}

// A state's abbreviation may begin a journal's name; an abbreviated word is no page.
func TestJournalsGoBeforeReportersOfTheSameBeginning(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"As shown in 12 Mass. L. Rev. 345, 350 (1990), it is.":             "Mass. L. Rev.",
		"As shown in 12 N.Y. L. Sch. J. Hum. Rts. 345 (1995), it is.":      "N.Y. L. Sch. J. Hum. Rts.",
		"As shown in 12 Am. B. Found. Res. J. 345, 350, it is.":            "Am. B. Found. Res. J.",
		"As shown in 12 Vand. J. Transnat'l L. 345 (1979), it is.":         "Vand. J. Transnat'l L.",
		"As shown in 12 Rocky Mtn. Min. L. Inst. 345 (1970), it is.":       "Rocky Mtn. Min. L. Inst.",
		"As shown in 12 J. Tax'n 345, 350 (1990), it is.":                  "J. Tax'n",
		"As shown in 12 Annals Am. Acad. Pol. & Soc. Sci. 345, it is.":     "Annals Am. Acad. Pol. & Soc. Sci.",
		"As shown in 12 Fla. B.J. 345 (1990), and by nobody else, it is.":  "Fla. B.J.",
		"As shown in 12 Conn. B.J. 345 (1990), and by nobody else, it is.": "Conn. B.J.",
	} {
		found := cite.Scan(text)
		if assert.Len(t, found, 1, text) {
			assert.Equal(t, cite.Journal, found[0].Kind, text)
			assert.Equal(t, want, found[0].Reporter, text)
		}
	}
}

func TestARomanPageIsRead(t *testing.T) {
	t.Parallel()
	found := cite.Scan("See Smith v. Roe, 12 Mass. XIV (1820).")
	require.Len(t, found, 1)
	assert.Equal(t, "XIV", found[0].Page)
}
