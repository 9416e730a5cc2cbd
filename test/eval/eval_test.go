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
		assert.Greater(t, r.Cases, 50, s.name)
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
