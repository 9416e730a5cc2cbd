package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// names saves a document of batch b1 that writes people so, as the pipeline does.
func (f *folder) names(row int, names ...string) {
	f.t.Helper()
	ctx := f.t.Context()
	known := knownIn{f.store}
	var mentions []document.Mention
	for i, n := range names {
		mentions = append(mentions, document.Mention{Type: document.Person, Text: n, Span: document.Span{Start: 10 * i, End: 10*i + len(n)}})
	}
	r, err := resolve.Resolve(ctx, "acme", mentions, known)
	require.NoError(f.t, err)
	_, err = f.store.SaveResult(ctx, store.SaveRequest{
		Project: "acme", Batch: "b1", Row: row, Name: fmt.Sprintf("%d.txt", row),
		Result: &document.Result{
			SHA256: hashOf(row), Pipeline: "1", Text: strings.Join(names, "\n"), Mentions: r.Mentions, Entities: r.Entities,
			Pages: []document.PageInfo{{Number: 1, Span: document.Span{End: 1000}}},
		},
	})
	require.NoError(f.t, err)
}

// knownIn answers resolve from a store.
type knownIn struct{ st *store.Store }

func (k knownIn) LookupEntities(ctx context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	var asked []store.EntityKey
	for _, key := range keys {
		asked = append(asked, store.EntityKey(key))
	}
	found, err := k.st.LookupEntities(ctx, "acme", asked)
	out := map[resolve.Key]document.Entity{}
	for key, e := range found {
		out[resolve.Key(key)] = e
	}
	return out, err
}

func (k knownIn) PinnedKeys(ctx context.Context) (map[resolve.Key]bool, error) {
	p, err := k.st.PinnedNames(ctx, "acme", 1)
	keys := map[resolve.Key]bool{}
	for _, key := range p.Keys {
		keys[resolve.Key(key)] = true
	}
	return keys, err
}

// shown is what `entity show` says of an ID or a name.
func (f *folder) shown(name string) shownEntity {
	f.t.Helper()
	out, words, code := f.starter("entity", "show", name, "-o", "json")
	require.Equal(f.t, exitOK, code, words)
	var e shownEntity
	require.NoError(f.t, json.Unmarshal([]byte(out), &e))
	return e
}

func (f *folder) decided(args ...string) decided {
	f.t.Helper()
	out, words, code := f.starter(append(append([]string{"entity"}, args...), "-o", "json")...)
	require.Equal(f.t, exitOK, code, words)
	var d decided
	require.NoError(f.t, json.Unmarshal([]byte(out), &d))
	return d
}

func TestEntityShowsWhyItIsOne(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 9, batch.Options{})
	f.names(1, "Robert Alan Smith", "ROBERT ALAN SMITH", "R. Smith", "Bob Smith", "Smith", "Robert Smith", "Robert Smith")
	f.names(2, "Robert Smith", "Jane Roe")

	e := f.shown("Robert Alan Smith")
	why := map[string]resolve.Rule{}
	for _, form := range e.Forms {
		why[form.Text] = form.Rule
		if form.Text == "Bob Smith" {
			assert.Contains(t, form.Reasons, `"bob" may be short for "robert"`)
		}
	}
	assert.Equal(t, map[string]resolve.Rule{
		"Robert Alan Smith": resolve.RuleSameKey, "ROBERT ALAN SMITH": resolve.RuleSameKey, "R. Smith": resolve.RuleInitials,
		"Bob Smith": resolve.RuleNickname, "Smith": resolve.RuleSurname, "Robert Smith": resolve.RuleSameKey,
	}, why)
	assert.Equal(t, []int{2, 8}, []int{e.Documents, e.Mentions})
	i := slices.IndexFunc(e.NamedIn, func(n namedIn) bool { return n.Mentions == 2 })
	assert.Equal(t, namedIn{store.DocumentID(hashOf(1)), "1.txt", 1, "Robert Smith", 2}, e.NamedIn[i])

	out, _, code := f.starter("entity", "show", e.ID)
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, `nickname: "bob" may be short for "robert"`)
	out, _, code = f.starter("entity", "list", "--like", "roe", "--type", "person", "-o", "json")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "Jane Roe")
	assert.NotContains(t, out, "Smith")
	_, words, code := f.starter("entity", "show", "Nobody")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "knows no entity")
	_, _, code = f.starter("entity", "list", "--type", "CAT")
	assert.Equal(t, exitUsage, code)
}

func TestEntitiesAreMergedSplitAndUndone(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 9, batch.Options{})
	f.names(1, "Robert Alan Smith", "R. Smith")
	f.names(2, "Roberto Smythe")
	smith, smythe := f.shown("Robert Alan Smith"), f.shown("Roberto Smythe")

	d := f.decided("merge", smith.ID, smythe.ID, "--reason", "same address")
	assert.True(t, d.Changed)
	assert.Equal(t, 1, d.Mentions)
	again := f.decided("merge", smith.ID, smythe.ID)
	assert.Equal(t, []any{false, d.N}, []any{again.Changed, again.N})
	f.names(3, "Roberto Smythe")
	e := f.shown("Roberto Smythe")
	assert.Equal(t, smith.ID, e.ID, "by the name of the other")
	assert.Equal(t, 4, e.Mentions)
	i := slices.IndexFunc(e.Forms, func(form shownForm) bool { return form.Text == "Roberto Smythe" })
	assert.Equal(t, []any{d.N, smythe.ID, 2}, []any{e.Forms[i].Decision, e.Forms[i].Found, e.Forms[i].Mentions})

	split := f.decided("split", smith.ID, "--name", "R. Smith")
	f.names(4, "Robert Alan Smith", "R. Smith")
	assert.Equal(t, 2, f.shown(split.Other).Mentions, "a later document writes the name beside that which it would be short for")
	assert.Equal(t, 4, f.shown(smith.ID).Mentions)
	var by [][2]int64
	for _, form := range f.shown(split.Other).Forms {
		by = append(by, [2]int64{form.Decision, form.Pinned})
	}
	assert.ElementsMatch(t, [][2]int64{{split.N, 0}, {0, split.N}}, by, "one was split off, one is pinned")

	f.decided("undo", fmt.Sprint(split.N))
	f.decided("undo", fmt.Sprint(d.N))
	assert.Equal(t, []int{4, 2}, []int{f.shown(smith.ID).Mentions, f.shown(smythe.ID).Mentions})

	out, _, code := f.starter("entity", "decisions")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "same address")
	assert.Contains(t, out, "undo of 1")
	_, words, code := f.starter("entity", "merge", smith.ID, "Roberto Smythe")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "starter entity list")
	_, _, code = f.starter("entity", "split", smith.ID)
	assert.Equal(t, exitUsage, code)

	out, _, code = f.starter("audit", "-o", "json")
	assert.Equal(t, exitOK, code)
	var lines []store.AuditLine
	require.NoError(t, json.Unmarshal([]byte(out), &lines))
	assert.Len(t, lines, 10, "four in force, six asked")
	assert.Equal(t, map[string]string{"project": "acme", "entity": smith.ID, "other": smythe.ID}, lines[0].Detail)
	assert.Equal(t, map[string]string{"decision": "1", "entity": smith.ID, "other": smythe.ID, "mentions": "1"}, lines[1].Detail)
	assert.NotContains(t, strings.ToLower(out), "smith", "no name is in the log")
	assert.NotContains(t, out, "Smythe")
	assert.NotContains(t, out, "address")
}

func hashOf(row int) string { return fmt.Sprintf("%d%063d", row, 0) }
