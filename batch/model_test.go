package batch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestModelBudgetsAreInDollarsOrTokens(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]batch.ModelBudget{
		"": {}, "5.00": {Nanos: 5_000_000_000}, "$0.25": {Nanos: 250_000_000}, "0.000000001": {Nanos: 1},
		"200000tokens": {Tokens: 200_000}, " 7 tokens ": {Tokens: 7},
	} {
		got, err := batch.ParseModelBudget(s)
		require.NoError(t, err, s)
		assert.Equal(t, want, got, s)
		if want.Bounded() && want.Nanos != 1 { // that is told in ten-thousandths
			again, err := batch.ParseModelBudget(got.String())
			require.NoError(t, err)
			assert.Equal(t, want, again)
		}
	}
	for _, s := range []string{"0", "-1", "five", "NaN", "Inf", "1e-12", "0tokens", "1.5tokens", "5 EUR", "1e300"} {
		_, err := batch.ParseModelBudget(s)
		require.Error(t, err, s)
		assert.Contains(t, err.Error(), s)
	}
}

func TestAModelsUseIsToldInWords(t *testing.T) {
	t.Parallel()
	for want, u := range map[string]batch.ModelUse{
		"2 documents, 3 calls, 1000 + 200 tokens for $0.0021": {Documents: 2, Calls: 3, InputTokens: 1000, OutputTokens: 200, Nanos: 2_100_000},
		"1 document, 0 calls, 0 + 0 tokens at no cost; 2 answers were known already and spared 1200 tokens": {
			Documents: 1, Cached: 2, SparedTokens: 1200},
		"2 documents, 0 calls, 0 + 0 tokens at no cost of 500 tokens; the budget had no room for 2 documents, as it is less than a call may come to": {
			Documents: 2, Budget: batch.ModelBudget{Tokens: 500}, OverBudget: 2},
		"3 documents, 1 call, 10 + 2 tokens at a cost that is not known of 500 tokens; the budget had no room for 2 documents; 1 document was not read whole; 4 of what it said are not in the text, and dropped": {
			Documents: 3, Calls: 1, InputTokens: 10, OutputTokens: 2, Unpriced: 1, Budget: batch.ModelBudget{Tokens: 500}, OverBudget: 2, Incomplete: 1, DroppedMentions: 3, DroppedRelations: 1},
	} {
		assert.Equal(t, want, u.String())
	}
}
