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
