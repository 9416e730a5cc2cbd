package legible_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document/extract/internal/legible"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text                     string
		words, plausible, common int
	}{
		"nothing":                    {"", 0, 0, 0},
		"prose":                      {"The court of appeals affirmed.", 5, 5, 3},
		"figures and initials":       {"No. 17-3994, J. R. Roe, 410 U.S. 113 (1973), $1,000.00, 4th", 2, 2, 1},
		"abbreviations":              {"FRCP XIV LLC", 0, 0, 0},
		"capitals":                   {"SUPREME COURT", 2, 2, 1},
		"letters of a shifted font":  {"7KH 5HG 5LYHU &RPSDFW LV D FRQJUHVVLRQDOO\\", 5, 0, 0},
		"misread":                    {"tbe cou~t aff1rmed", 3, 1, 0},
		"no vowels":                  {"brkfst strngthng", 2, 0, 0},
		"one letter again and again": {"aaaa lllllo", 2, 0, 0},
		"capitals within":            {"McDonald cOuRt", 2, 1, 0},
		"Spanish":                    {"Él está más allá de la jurisdicción", 7, 7, 3},
		"another script":             {"Суд постановил", 2, 2, 0},
		"joined":                     {"and/or cross-examination o'clock", 5, 5, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, legible.Score{Words: tc.words, Plausible: tc.plausible, Common: tc.common}, legible.Judge(tc.text))
		})
	}
}

func TestSenseTellsATextFromWhatBadRecognitionMakesOfIt(t *testing.T) {
	t.Parallel()
	good := legible.Judge("The plaintiff claims that the order of the court was entered without notice to any of the parties.")
	bad := legible.Judge("Tbe p1aintiff claiins tbat tlie orcler of t11e c0urt vvas entcrcd wilhout nolice to an) of thc partics.")
	assert.InDelta(t, 1, good.Plausibility(), 1e-9)
	assert.Greater(t, good.Sense(), bad.Sense()+0.3)
	assert.InDelta(t, 1, legible.Score{}.Plausibility(), 1e-9)
	assert.Zero(t, legible.Score{}.Sense())
}
