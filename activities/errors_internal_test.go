package activities

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/store"
)

// calm is a judge with the default policies, whose delays have no jitter.
func calm() judge {
	return judge{policies: batch.DefaultPolicies(), random: func() float64 { return 0 }}
}

func TestTheCategoryDecidesOnRetries(t *testing.T) {
	t.Parallel()
	never := retry{never: true}
	tests := map[batch.Category][]retry{ // by attempt
		batch.Transient: {
			{delay: immediately}, {delay: immediately}, {delay: immediately},
			{delay: 2 * time.Second}, {delay: 4 * time.Second}, {delay: 8 * time.Second}, never,
		},
		batch.Resource: {
			{delay: time.Minute}, {delay: 2 * time.Minute}, {delay: 3 * time.Minute},
			{delay: 4 * time.Minute}, {delay: 5 * time.Minute}, never,
		},
		batch.RateLimit: {
			{delay: time.Minute}, {delay: 2 * time.Minute}, {delay: 4 * time.Minute}, {delay: 8 * time.Minute},
			{delay: 16 * time.Minute}, {delay: 32 * time.Minute}, {delay: time.Hour}, {delay: time.Hour},
			{delay: time.Hour}, {delay: time.Hour}, never,
		},
		batch.Configuration: {never},
		batch.Data:          {never},
		batch.Permanent:     {never},
	}
	assert.Len(t, tests, len(batch.Categories()))
	for category, attempts := range tests {
		t.Run(string(category), func(t *testing.T) {
			t.Parallel()
			err := &pipeline.StageError{Stage: batch.StageOCR, Err: batch.NewError(category, "Cause", "what is wrong")}
			for i, want := range attempts {
				f, got := calm().decide(uncounted(i+1), batch.StageFetch, err)
				assert.Equal(t, want, got, "attempt %d", i+1)
				wanted := batch.NewFailure(batch.StageOCR, err)
				wanted.Attempts = i + 1
				assert.Equal(t, wanted, f)
			}
		})
	}
}

func TestAnUnavailableStoreUsesUpNoRetries(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	st, err := store.Open(t.Context(), "sqlite://"+path, store.Options{BusyTimeout: time.Millisecond})
	require.NoError(t, err)
	defer st.Close()
	other, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer other.Close()
	_, err = other.ExecContext(t.Context(), "BEGIN EXCLUSIVE")
	require.NoError(t, err)
	locked := st.SetWeight(t.Context(), "acme", 2)
	require.Error(t, locked)

	held := tries{}.next(1)
	var got []time.Duration
	for range 100 {
		f, r := calm().decide(&held, batch.StageFetch, locked)
		require.False(t, r.never)
		require.Equal(t, batch.Transient, f.Category)
		got = append(got, r.delay)
		held = held.next(held.Attempt + 1)
	}
	s := time.Second
	assert.Equal(t, []time.Duration{immediately, immediately, immediately, 2 * s, 4 * s, 8 * s, 16 * s, 30 * s, 30 * s}, got[:9])
	assert.Equal(t, 30*s, got[99])
	_, r := calm().decide(&held, batch.StageFetch, batch.NewError(batch.Transient, "ConnectionFailed", "the source is away"))
	assert.Equal(t, retry{delay: immediately}, r, "the first retry of the document's own")
}

func TestDecide(t *testing.T) {
	t.Parallel()
	limited := batch.NewError(batch.RateLimit, "RateLimited", "the source asks for fewer requests")
	limited.RetryAfter = 7 * time.Minute
	ended := batch.Failure{Category: batch.Transient, Stage: batch.StageStore, Type: "StoreBusy", Fingerprint: "f", Message: "the store is busy", Attempts: 6}
	tests := map[string]struct {
		err   error
		want  batch.Failure // but its fingerprint and attempts
		retry retry
	}{
		"a service's wish for a longer delay": {
			limited, batch.Failure{Category: batch.RateLimit, Stage: batch.StageFetch, Type: "RateLimited", Message: limited.Message, Rule: batch.RuleOwn},
			retry{delay: 7 * time.Minute},
		},
		"a deadline": {
			fmt.Errorf("read matter.txt: %w", context.DeadlineExceeded),
			batch.Failure{Category: batch.Transient, Stage: batch.StageFetch, Type: "DeadlineExceeded", Message: "a step took longer than it may", Rule: "context deadline"},
			retry{delay: immediately},
		},
		"a deadline in a stage": {
			&pipeline.StageError{Stage: batch.StageOCR, Err: fmt.Errorf("read matter.txt: %w", context.DeadlineExceeded)},
			batch.Failure{Category: batch.Transient, Stage: batch.StageOCR, Type: "DeadlineExceeded", Message: "a step took longer than it may", Rule: "context deadline"},
			retry{delay: immediately},
		},
		"a categorised error over a deadline": {
			batch.NewError(batch.Data, "OCRTimeout", "a page took too long").Wrap(context.DeadlineExceeded),
			batch.Failure{Category: batch.Data, Stage: batch.StageFetch, Type: "OCRTimeout", Message: "a page took too long", Rule: batch.RuleOwn},
			retry{never: true},
		},
		"an unknown error": {
			errors.New("cannot read matter.txt: María Pérez"),
			batch.Failure{Category: batch.Permanent, Stage: batch.StageFetch, Type: "Unclassified", Message: "unclassified error (*errors.errorString)", Rule: "default"},
			retry{never: true},
		},
		"an error of the system": {
			fmt.Errorf("read matter.txt: %w", syscall.ENOSPC),
			batch.Failure{Category: batch.Resource, Stage: batch.StageFetch, Type: "NoSpace", Message: "a disk is full; free some space", Rule: "syscall ENOSPC"},
			retry{delay: time.Minute},
		},
		"a text that tells": {
			&pipeline.StageError{Stage: batch.StageOCR, Err: errors.New("matter.txt: 429 Too Many Requests")},
			batch.Failure{Category: batch.RateLimit, Stage: batch.StageOCR, Type: "RateLimited",
				Message: "a service asks for fewer requests; told from an error's text (pattern rate-limit, *errors.errorString)", Rule: "pattern rate-limit"},
			retry{delay: time.Minute},
		},
		"a row that had ended": {fmt.Errorf("read row: %w", &endedError{ended}), ended, retry{never: true, ended: true}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, got := calm().decide(&tries{Attempt: 1}, batch.StageFetch, tt.err)
			assert.Equal(t, tt.retry, got)
			assert.NotEmpty(t, f.Fingerprint)
			assert.NotZero(t, f.Attempts)
			if name != "a row that had ended" {
				f.Fingerprint, f.Attempts = "", 0
			}
			assert.Equal(t, tt.want, f)
		})
	}
}

func TestDelaysAreStretchedByTheirJitter(t *testing.T) {
	t.Parallel()
	j := calm()
	j.random = func() float64 { return 0.5 }
	for category, want := range map[batch.Category]time.Duration{
		batch.Resource: 63 * time.Second, batch.Transient: immediately, // which has none yet
	} {
		_, got := j.decide(&tries{Attempt: 1}, batch.StageFetch, batch.NewError(category, "Cause", "what is wrong"))
		assert.Equal(t, retry{delay: want}, got)
	}
	limited := batch.NewError(batch.RateLimit, "RateLimited", "fewer requests")
	limited.RetryAfter = 10 * time.Minute
	_, got := j.decide(&tries{Attempt: 1}, batch.StageFetch, limited)
	assert.Equal(t, retry{delay: 630 * time.Second}, got, "never sooner than the service asks")
}

func TestAnOverrideDecidesOnRetries(t *testing.T) {
	t.Parallel()
	j := calm()
	j.errors = classify.New(nil, batch.ErrorOverrides{"NoText": batch.Transient})
	err := &pipeline.StageError{Stage: batch.StageExtract, Err: batch.NewError(batch.Data, "NoText", "the document holds no text")}
	f, got := j.decide(&tries{Attempt: 1}, batch.StageFetch, err)
	assert.Equal(t, retry{delay: immediately}, got)
	assert.Equal(t, batch.Transient, f.Category)
	assert.Equal(t, batch.StageExtract, f.Stage)
	assert.Equal(t, "the document holds no text", f.Message)
	assert.Equal(t, "override NoText", f.Rule)
	assert.Equal(t, batch.Fingerprint(f.Category, f.Stage, f.Type, f.Message), f.Fingerprint)
}
