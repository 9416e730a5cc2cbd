package storetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// call is one of a row of batch b1, that costs ten billionths a token.
func call(row, input, output int) store.ModelCall {
	return store.ModelCall{Batch: "b1", Row: row, Input: input, Output: output, Nanos: int64(10 * (input + output)), Priced: true}
}

func use(t *testing.T, s *store.Store) batch.ModelUse {
	t.Helper()
	u, err := s.ModelUse(t.Context(), "b1")
	require.NoError(t, err)
	return u
}

func reserve(t *testing.T, s *store.Store, c store.ModelCall, b batch.ModelBudget) bool {
	t.Helper()
	ok, err := s.ReserveModel(t.Context(), c, b)
	require.NoError(t, err)
	return ok
}

func modelCosts(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	assert.Equal(t, batch.ModelUse{}, use(t, s), "it was not asked")

	require.True(t, reserve(t, s, call(1, 100, 900), batch.ModelBudget{}))
	assert.Equal(t, batch.ModelUse{}, use(t, s), "what is set aside is not spent")
	require.NoError(t, s.SettleModel(t.Context(), call(1, 90, 10), "", nil))
	assert.Equal(t, batch.ModelUse{Calls: 1, InputTokens: 90, OutputTokens: 10, Nanos: 1000}, use(t, s))

	require.True(t, reserve(t, s, call(1, 100, 900), batch.ModelBudget{}))
	require.NoError(t, s.SettleModel(t.Context(), call(1, 0, 0), "", nil))
	assert.Equal(t, 1, use(t, s).Calls, "what the service refused cost nothing")

	require.True(t, reserve(t, s, call(2, 100, 0), batch.ModelBudget{}))
	lost := call(2, 50, 0)
	lost.Unanswered, lost.Priced, lost.Nanos = true, false, 0
	require.NoError(t, s.SettleModel(t.Context(), lost, "", nil))
	assert.Equal(t, batch.ModelUse{Calls: 2, Unanswered: 1, Unpriced: 1, InputTokens: 140, OutputTokens: 10, Nanos: 1000}, use(t, s))

	require.True(t, reserve(t, s, call(3, 100, 100), batch.ModelBudget{}))
	require.True(t, reserve(t, s, call(3, 100, 100), batch.ModelBudget{}), "whoever reserved it before has died")
	assert.Equal(t, batch.ModelUse{Calls: 3, Unanswered: 2, Unpriced: 1, InputTokens: 240, OutputTokens: 110, Nanos: 3000}, use(t, s))

	_, err := s.ReserveModel(t.Context(), call(9, 1, 1), batch.ModelBudget{})
	require.ErrorIs(t, err, store.ErrNotFound)
}

func modelBudgets(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	tokens := batch.ModelBudget{Tokens: 2500}
	require.True(t, reserve(t, s, call(1, 500, 500), tokens))
	require.True(t, reserve(t, s, call(2, 500, 500), tokens))
	require.False(t, reserve(t, s, call(3, 500, 500), tokens), "calls under way may come to as much as was set aside")
	require.NoError(t, s.SettleModel(t.Context(), call(1, 400, 50), "", nil))
	require.True(t, reserve(t, s, call(3, 500, 500), tokens), "one came to less")
	require.False(t, reserve(t, s, call(4, 50, 1), tokens))
	require.True(t, reserve(t, s, call(4, 40, 10), tokens), "up to the last token")

	dollars := batch.ModelBudget{Nanos: 24_990}
	require.NoError(t, s.SettleModel(t.Context(), call(4, 0, 0), "", nil))
	require.False(t, reserve(t, s, call(4, 40, 10), dollars))
	require.True(t, reserve(t, s, call(4, 40, 9), dollars))
}

func modelBudgetsAtOnce(t *testing.T, s *store.Store) {
	const rows = 24
	register(t, s, newBatch("b1"), rows)
	budget := batch.ModelBudget{Tokens: 1050}
	var wg sync.WaitGroup
	allowed := make([]bool, rows)
	for i := range rows {
		wg.Go(func() {
			ok, err := s.ReserveModel(t.Context(), call(i+1, 60, 40), budget)
			if assert.NoError(t, err) && ok {
				allowed[i] = true
				assert.NoError(t, s.SettleModel(t.Context(), call(i+1, 60, 40), "", nil))
			}
		})
	}
	wg.Wait()
	n := 0
	for _, ok := range allowed {
		if ok {
			n++
		}
	}
	assert.Equal(t, 10, n)
	assert.EqualValues(t, 1000, use(t, s).Tokens())
}

func modelAnswers(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	_, ok, err := s.ModelAnswer(t.Context(), "k")
	require.NoError(t, err)
	require.False(t, ok)
	for row, content := range []string{`{"kind":"order","who":"§ 𝔖 Muñoz"}`, `{"kind":"answer"}`} {
		require.True(t, reserve(t, s, call(row+1, 10, 10), batch.ModelBudget{}))
		require.NoError(t, s.SettleModel(t.Context(), call(row+1, 7, 3), "k", &store.ModelAnswer{Content: content, Input: 7, Output: 3}))
		got, ok, err := s.ModelAnswer(t.Context(), "k")
		require.NoError(t, err)
		require.True(t, ok)
		assert.Equal(t, store.ModelAnswer{Content: `{"kind":"order","who":"§ 𝔖 Muñoz"}`, Input: 7, Output: 3, Batch: "b1", Row: 1}, got, "the first stays")
	}
}

func modelDone(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	done := store.ModelDone{Batch: "b1", Row: 1, Cached: 2, SparedTokens: 30, DroppedMentions: 4, DroppedRelations: 5}
	for range 2 {
		require.NoError(t, s.FinishModel(t.Context(), done))
	}
	require.NoError(t, s.FinishModel(t.Context(), store.ModelDone{Batch: "b1", Row: 2, OverBudget: true}))
	require.NoError(t, s.FinishModel(t.Context(), store.ModelDone{Batch: "b1", Row: 3, OverBudget: true, Incomplete: true}))
	assert.Equal(t, batch.ModelUse{
		Documents: 3, Cached: 2, SparedTokens: 30, OverBudget: 2, Incomplete: 1, DroppedMentions: 4, DroppedRelations: 5,
	}, use(t, s), "a row counts once")
}

func modelSources(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	r := result("who found what", person("ada", "Ada"), docket("1:24-cv-01234"))
	r.Kind, r.Certainty, r.KindSource, r.Model = document.KindOrder, 0.5, document.SourceModel, "double 1-abc"
	r.Mentions[0].Source, r.Relationships[0].Source = document.SourceModel, document.SourceModel
	saved, err := s.SaveResult(t.Context(), request("b1", 1, r))
	require.NoError(t, err)
	got, err := s.Result(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, r.Mentions, got.Mentions)
	assert.Equal(t, r.Relationships, got.Relationships)
	assert.Equal(t, []string{document.SourceModel, "double 1-abc"}, []string{got.KindSource, got.Model})
	held, ok, err := s.FindContent(t.Context(), project, r.SHA256, r.Pipeline)
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, fmt.Sprint(document.SourceModel, "double 1-abc"), fmt.Sprint(held.KindSource, held.Model))
}
