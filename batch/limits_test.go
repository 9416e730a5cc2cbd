package batch_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestFailureLimitsAreReadAndWritten(t *testing.T) {
	t.Parallel()
	limits, err := batch.ParseFailureLimits(" total=20% , data=2.5%, CONFIGURATION=5 ")
	require.NoError(t, err)
	assert.Equal(t, batch.FailureLimits{"total": {Percent: 20}, "data": {Percent: 2.5}, "configuration": {Count: 5}}, limits)
	assert.Equal(t, "configuration=5,data=2.5%,total=20%", limits.String())
	raw, err := json.Marshal(limits)
	require.NoError(t, err)
	assert.JSONEq(t, `{"configuration":"5","data":"2.5%","total":"20%"}`, string(raw))
	var back batch.FailureLimits
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, limits, back)
	none, err := batch.ParseFailureLimits("")
	require.NoError(t, err)
	assert.Nil(t, none)
}

func TestBadFailureLimitsSayWhatIsWanted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"data":          "NAME=NUMBER",
		"paper=5":       "one of transient, resource",
		"data=-1":       "a number from 0",
		"data=101%":     "0% to 100%",
		"data=NaN%":     "0% to 100%",
		"data=x":        "a number from 0",
		"data=1,data=2": "has a limit already",
	} {
		_, err := batch.ParseFailureLimits(text)
		assert.ErrorContains(t, err, want, text)
	}
	assert.ErrorContains(t, batch.FailureLimits{"paper": {}}.Validate(), "want no names but transient")
	assert.ErrorContains(t, batch.FailureLimits{"data": {Count: 1, Percent: 1}}.Validate(), "not both")
}

func TestLimitsAreExceededByOneMoreThanMay(t *testing.T) {
	t.Parallel()
	failed := func(data, configuration int) map[batch.Category]int {
		return map[batch.Category]int{batch.Data: data, batch.Configuration: configuration}
	}
	for name, c := range map[string]struct {
		limits string
		failed map[batch.Category]int
		why    string
	}{
		"as many as may":        {"data=10%", failed(10, 0), ""},
		"one more":              {"data=10%", failed(11, 0), "data: 11 of 100 documents failed, 10% may"},
		"a number":              {"configuration=5", failed(50, 6), "configuration: 6 of 100 documents failed, 5 may"},
		"another category":      {"configuration=5", failed(50, 5), ""},
		"all together":          {"total=20%", failed(15, 6), "total: 21 of 100 documents failed, 20% may"},
		"none may":              {"total=0", failed(1, 0), "total: 1 of 100 documents failed, 0 may"},
		"the category is named": {"total=0,data=0", failed(1, 0), "data: 1 of 100 documents failed, 0 may"},
		"no limit":              {"", failed(100, 0), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limits, err := batch.ParseFailureLimits(c.limits)
			require.NoError(t, err)
			why, exceeded := limits.Exceeded(100, c.failed)
			assert.Equal(t, c.why, why)
			assert.Equal(t, c.why != "", exceeded)
		})
	}
}
