package batch_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestParseRetryPolicyKeepsWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	base := batch.DefaultPolicies()[batch.Transient]
	for text, change := range map[string]func(*batch.RetryPolicy){
		"":                            func(*batch.RetryPolicy) {},
		" ":                           func(*batch.RetryPolicy) {},
		"delayed=5":                   func(p *batch.RetryPolicy) { p.Delayed = 5 },
		" Delayed = 5 , base= 1s":     func(p *batch.RetryPolicy) { p.Delayed, p.Base = 5, time.Second },
		"immediate=0,growth=linear":   func(p *batch.RetryPolicy) { p.Immediate, p.Growth = 0, batch.Linear },
		"cap=24h,base=24h":            func(p *batch.RetryPolicy) { p.Base, p.Cap = 24*time.Hour, 24*time.Hour },
		"jitter=12.5%":                func(p *batch.RetryPolicy) { p.Jitter = 0.125 },
		"jitter=7%":                   func(p *batch.RetryPolicy) { p.Jitter = 0.07 },
		"jitter=0%":                   func(p *batch.RetryPolicy) { p.Jitter = 0 },
		"immediate=10,delayed=9":      func(p *batch.RetryPolicy) { p.Immediate, p.Delayed = 10, 9 },
		"base=100ms,growth=LINEAR":    func(p *batch.RetryPolicy) { p.Base, p.Growth = 100*time.Millisecond, batch.Linear },
		base.String():                 func(*batch.RetryPolicy) {},
		"immediate=0,delayed=0":       func(p *batch.RetryPolicy) { p.Immediate, p.Delayed = 0, 0 },
		"delayed=3,base=1m,cap=1m30s": func(p *batch.RetryPolicy) { p.Base, p.Cap = time.Minute, 90*time.Second },
	} {
		want := base
		change(&want)
		got, err := batch.ParseRetryPolicy(base, text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	assert.Equal(t, "immediate=3,delayed=3,base=2s,growth=exponential,cap=1m,jitter=10%", base.String())
}

func TestParseRetryPolicySaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	base := batch.DefaultPolicies()[batch.Transient]
	for text, want := range map[string]string{
		"5":                       `"5": want name=value`,
		"delayed=5,":              `"": want name=value`,
		"retries=5":               `"retries" is no part of a retry policy: want immediate`,
		"delayed=20":              "delayed=20: want a whole number from 0 to 19",
		"delayed=-1":              "from 0 to 19",
		"delayed=x":               "from 0 to 19",
		"immediate=10,delayed=10": "immediate=10 and delayed=10: want 0 to 19 retries together",
		"base=2":                  "base=2: want a number and a unit, such as 30s, from 100ms to 24h",
		"base=1ms":                "from 100ms to 24h",
		"cap=25h":                 "cap=25h: want",
		"base=2m":                 "base=2m is above cap=1m: raise the cap as well",
		"growth=fast":             "growth=fast: want linear or exponential",
		"jitter=0.1":              "jitter=0.1: want a percentage from 0% to 100%",
		"jitter=101%":             "from 0% to 100%",
		"jitter=NaN%":             "from 0% to 100%",
		"delayed=1,delayed=2":     "delayed is given twice",
	} {
		got, err := batch.ParseRetryPolicy(base, text)
		require.ErrorContains(t, err, want, text)
		assert.Equal(t, base, got, text)
	}
	assert.Error(t, batch.RetryPolicy{}.Validate())
}

func TestPoliciesAreReadableInJSON(t *testing.T) {
	t.Parallel()
	p := batch.DefaultPolicies()[batch.RateLimit]
	encoded, err := json.Marshal(p)
	require.NoError(t, err)
	assert.JSONEq(t, `"immediate=0,delayed=10,base=1m,growth=exponential,cap=1h,jitter=10%"`, string(encoded))
	var again batch.RetryPolicy
	require.NoError(t, json.Unmarshal(encoded, &again))
	assert.Equal(t, p, again)

	encoded, err = json.Marshal(batch.Options{Retry: batch.RetryOverrides{batch.Transient: "delayed=5,base=1s"}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"retry":{"TRANSIENT":"delayed=5,base=1s"}}`, string(encoded))
}

// anyPolicy is a random valid policy.
func anyPolicy(r *rand.Rand) batch.RetryPolicy {
	p := batch.RetryPolicy{
		Immediate: r.IntN(batch.MaxRetries + 1),
		Base:      batch.MinDelay + time.Duration(r.Int64N(int64(time.Hour))),
		Growth:    []batch.Growth{batch.Linear, batch.Exponential}[r.IntN(2)],
		Jitter:    float64(r.IntN(10001)) / 10000,
	}
	p.Delayed = r.IntN(batch.MaxRetries + 1 - p.Immediate)
	p.Cap = p.Base + time.Duration(r.Int64N(int64(batch.MaxDelay-p.Base)))
	return p
}

func TestDelaysGrowAndStayBelowTheirCap(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := anyPolicy(r)
		require.NoError(t, p.Validate(), "seed %d: %s", seed, p)
		require.Len(t, p.Delays(), p.Retries(), "seed %d: %s", seed, p)
		before := time.Duration(0)
		for n := 1; n <= p.Retries(); n++ {
			after := 1 + time.Duration(r.Int64N(int64(2*batch.MaxDelay)))
			d, again := p.Delay(n, 0)
			asked, _ := p.Delay(n, after)
			require.True(t, again)
			if n <= p.Immediate {
				require.Zero(t, d)
			}
			require.GreaterOrEqual(t, d, before, "seed %d: retry %d of %s", seed, n, p)
			require.LessOrEqual(t, d, p.Cap)
			require.Equal(t, min(after, p.Cap), asked)
			stretched := p.Jittered(asked, r.Float64())
			require.GreaterOrEqual(t, stretched, asked)
			require.LessOrEqual(t, float64(stretched), float64(p.Cap)*(1+p.Jitter), "seed %d: %s", seed, p)
			before = d
		}
		_, again := p.Delay(p.Retries()+1, time.Second)
		require.False(t, again)
		back, err := batch.ParseRetryPolicy(batch.RetryPolicy{}, p.String())
		require.NoError(t, err, "seed %d: %s", seed, p)
		require.Equal(t, p, back)
	}
}

func TestJitterStretchesByItsShare(t *testing.T) {
	t.Parallel()
	p := batch.RetryPolicy{Jitter: 0.1}
	assert.Equal(t, 10*time.Second, p.Jittered(10*time.Second, 0))
	assert.Equal(t, 10500*time.Millisecond, p.Jittered(10*time.Second, 0.5))
	assert.Zero(t, p.Jittered(0, 0.9))
	assert.Equal(t, 10*time.Second, batch.RetryPolicy{}.Jittered(10*time.Second, 0.9))
}

func TestParseRetryOverride(t *testing.T) {
	t.Parallel()
	c, change, err := batch.ParseRetryOverride(" rate-limit: delayed=5,base=1s ")
	require.NoError(t, err)
	assert.Equal(t, batch.RateLimit, c)
	assert.Equal(t, "delayed=5,base=1s", change)
	for text, want := range map[string]string{
		"delayed=5":           "want CATEGORY:name=value",
		"transient:":          "want CATEGORY:name=value",
		"network:delayed=5":   `category "network": want one of TRANSIENT, RESOURCE, RATE_LIMIT`,
		"transient:delayed=x": "TRANSIENT: delayed=x: want a whole number",
	} {
		_, _, err := batch.ParseRetryOverride(text)
		assert.ErrorContains(t, err, want, text)
	}
}

func TestOverridesGoOverThePoliciesTheyChange(t *testing.T) {
	t.Parallel()
	worker := batch.DefaultPolicies()
	got, err := worker.With(batch.RetryOverrides{batch.Transient: "delayed=5", batch.Data: "immediate=1", batch.Resource: "base=1h"})
	require.ErrorContains(t, err, "RESOURCE: base=1h is above cap=10m")
	want := batch.DefaultPolicies()
	changed := want[batch.Transient]
	changed.Delayed = 5
	want[batch.Transient] = changed
	changed = want[batch.Data]
	changed.Immediate = 1
	want[batch.Data] = changed
	assert.Equal(t, want, got, "what does not fit is left as it is")
	assert.Equal(t, batch.DefaultPolicies(), worker)
	got, err = batch.Policies(nil).With(nil)
	require.NoError(t, err)
	assert.Empty(t, got)
}

func TestABatchIsRefusedWithOverridesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	in := batch.Input{ID: "b1", Project: "acme", Rows: 1, Priority: 5, Options: batch.Options{}.WithDefaults()}
	in.Options.Retry = batch.RetryOverrides{batch.Transient: "delayed=5"}
	require.NoError(t, in.Validate())
	in.Options.Retry = batch.RetryOverrides{batch.Transient: "delayed=500", "NETWORK": "delayed=1"}
	require.ErrorContains(t, in.Validate(), "TRANSIENT: delayed=500: want")
	assert.ErrorContains(t, in.Validate(), `category "NETWORK"`)
}

func FuzzParseRetryPolicy(f *testing.F) {
	for _, s := range []string{"", "delayed=5,base=1s", batch.DefaultPolicies()[batch.RateLimit].String(), "jitter=33.333%", "cap=1e3h", "base=1m,cap=59s", "=,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := batch.ParseRetryPolicy(batch.DefaultPolicies()[batch.Transient], s)
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("%q is read as %s: %v", s, p, err)
		}
		if again, err := batch.ParseRetryPolicy(batch.RetryPolicy{}, p.String()); err != nil || again != p {
			t.Fatalf("%q prints as %s, which reads as %s, %v", s, p, again, err)
		}
		for n, d := range p.Delays() {
			if d < 0 || d > p.Cap {
				t.Fatalf("%q: delay %d is %s", s, n+1, d)
			}
		}
	})
}
