package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheProjectsOwnSetsReachTheirTargets(t *testing.T) {
	t.Parallel()
	for _, s := range sets() {
		if !s.own {
			continue
		}
		r, err := measure(s, options{own: "testdata"})
		require.NoError(t, err)
		assert.True(t, r.Holds, "%s: %+v", s.name, r.counts)
		if s.files != nil { // generated, no halves
			assert.Greater(t, r.Cases, 20, s.name)
			continue
		}
		if s.documents != nil { // each is long
			assert.GreaterOrEqual(t, r.Cases, 43, s.name)
			continue
		}
		assert.Greater(t, r.Cases, 35, s.name)
		assert.Equal(t, r.Cases, r.Work.Cases+r.Held.Cases, s.name)
	}
}

func TestACitationIsJudgedByTheFieldsThatACaseLists(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][3]int{
		`{"text":"410 U.S. 113 (1973)","expected":[{"type":"case","volume":410,"reporter":"U. S.","page":113}]}`: {1, 0, 0},
		`{"text":"410 U.S. 113 (1973)","expected":[{"type":"case","volume":"410","year":1974}]}`:                 {0, 1, 1},
		`{"text":"410 U.S. 113 (1973)","expected":[]}`:                                                           {0, 1, 0},
		`{"text":"nothing","expected":[{"type":"id"}]}`:                                                          {0, 0, 1},
		`{"text":"1 U.S. 1; 1 U.S. 1","expected":[{"type":"case","page":1}]}`:                                    {1, 1, 0},
		`{"text":"1 U.S. 1","expected":[{"type":"case","page":1},{"type":"case","page":1}]}`:                     {1, 0, 1},
	} {
		v, err := judgeCitations([]byte(line))
		require.NoError(t, err)
		assert.Equal(t, want, [3]int{v.correct, v.wrong, v.missed}, line)
	}
	_, err := judgeCitations([]byte(`{"text":`))
	assert.Error(t, err)
}

func TestANamePairIsJudgedByItsDecision(t *testing.T) {
	t.Parallel()
	for line, correct := range map[string]int{
		`{"schema":"Person","name1":"Jane Roe","name2":"ROE, Jane","is_match":"true"}`:                                             1,
		`{"schema":"Person","name1":"Jane Roe","name2":"ROE, Jane","is_match":"false"}`:                                            0,
		`{"schema":"Person","name1":"J. Roe","name2":"Jane Roe","is_match":"true","decision":"same"}`:                              0,
		`{"schema":"Company","name1":"Acme LLC","name2":"Acme Inc.","is_match":"false","decision":"different"}`:                    1,
		`{"schema":"LegalEntity","name1":"Acme Holdings LLC","name2":"Acme Holdings Limited Liability Company","is_match":"true"}`: 1,
	} {
		v, err := judgeNamePair([]byte(line))
		require.NoError(t, err)
		assert.Equal(t, correct, v.correct, line)
		assert.Equal(t, 1-correct, v.missed, line)
	}
}

func TestAnOpeningIsJudgedByTheFieldsThatACaseLists(t *testing.T) {
	t.Parallel()
	const text = `"text":"SUPREME COURT OF IOWA\n\nNo. 22-0405\nFiled May 1, 2024\n\nBefore Roe, C.J., and Doe, J.\n"`
	for _, tt := range []struct {
		part, expected         string
		correct, wrong, missed int
		skipped                bool
	}{
		{"dockets", `{"Docket":{"docket_number":"No. 22-0405"}}`, 1, 0, 0, false},
		{"dockets", `{"Docket":{"docket_number":"22-0406"}}`, 0, 1, 1, false},
		{"dockets", `{"OpinionCluster":{"date_filed":"2024-05-01"}}`, 0, 0, 0, true},
		{"dates", `{"OpinionCluster":{"date_filed":"2024-05-01"}}`, 1, 0, 0, false},
		{"dates", `{"Docket":{"date_argued":"2024-01-01"}}`, 0, 0, 1, false},
		{"judges", `{"OpinionCluster":{"judges":"John Doe; Mary Roe"}}`, 1, 0, 0, false},
		{"judges", `{"OpinionCluster":{"judges":"Roe"},"Opinion":{"per_curiam":false}}`, 1, 1, 1, false},
		{"lower", `{"Docket":{"appeal_from_str":"District Court"}}`, 0, 0, 1, false},
	} {
		v, err := judgeOpinion(tt.part)([]byte(`{` + text + `,"expected":` + tt.expected + `}`))
		require.NoError(t, err)
		assert.Equal(t, [3]int{tt.correct, tt.wrong, tt.missed}, [3]int{v.correct, v.wrong, v.missed}, "%s %s", tt.part, tt.expected)
		assert.Equal(t, tt.skipped, v.skipped, "%s %s", tt.part, tt.expected)
	}
}

func TestASetThatIsNotInstalledIsLeftOut(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "courts.jsonl"), []byte(`{"text":"9th Cir.","court":"ca9"}`+"\n"+`{"text":"10th Cir.","court":"ca9"}`+"\n"), 0o600))
	cmd := command()
	var out bytes.Buffer
	cmd.SetOut(&out)
	cmd.SetArgs([]string{"citations", "courts", "--shared", dir, "-o", "json"})
	require.NoError(t, cmd.Execute())
	var all []result
	require.NoError(t, json.Unmarshal(out.Bytes(), &all))
	require.Len(t, all, 1)
	assert.Equal(t, "courts", all[0].Set)
	assert.InDelta(t, 0.5, *all[0].Accuracy, 0)
	assert.False(t, all[0].Holds)
}

func TestMistakesInACallAreUsageErrors(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"nosuch"}, {"-o", "xml"}, {"--half", "third"}, {"--nosuch"}} {
		cmd := command()
		cmd.SetArgs(append(args, "--own", t.TempDir()))
		var usage usageError
		assert.ErrorAs(t, cmd.Execute(), &usage, "%v", args)
	}
}

func TestWordErrorsAreCounted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want, got    string
		edits, swaps int
	}{
		"the same":      {"the court finds", "the court finds", 0, 0},
		"one replaced":  {"the court finds", "the coart finds", 1, 1},
		"one left out":  {"the court finds", "the finds", 1, 1},
		"one put in":    {"the court finds", "l the court finds", 1, 1},
		"drawn lines":   {"Name: _____ [✔] Yes", "Name: | [_] Yes", 0, 0},
		"one cut":       {"the court", "the co|urt", 2, 2},
		"another order": {"the court finds", "finds the court", 2, 0},
		"nothing":       {"the court finds", "", 3, 3},
		"twice":         {"no no", "no", 1, 1},
	} {
		assert.Equal(t, c.edits, edits(words(c.want), words(c.got)), name)
		assert.Equal(t, c.swaps, swaps(words(c.want), words(c.got)), name)
	}
}
