package model_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/test/modelserver"
)

const (
	key  = "sk-secret"
	text = "Ada Lovelace sued in No. 1:24-cv-01234 of this court, and later Ada\nLovelace met Charles Babbage."
)

// bundle is a client of a local endpoint, with a ledger.
type bundle struct {
	*model.Client
	server *modelserver.Server
	ledger *ledger
	config model.Config
}

func setup(t *testing.T, change ...func(*model.Config)) *bundle {
	t.Helper()
	b := &bundle{server: &modelserver.Server{Key: key}, ledger: &ledger{answers: map[string]model.Answer{}}}
	s := httptest.NewServer(b.server)
	t.Cleanup(s.Close)
	b.config = model.Config{
		BaseURL: s.URL + "/v1", Model: "double", Key: func() (string, error) { return key, nil }, Timeout: 10 * time.Second,
		Prices: model.Prices{Input: 1, Output: 4},
	}
	for _, c := range change {
		c(&b.config)
	}
	var err error
	b.Client, err = model.New(b.config)
	require.NoError(t, err)
	return b
}

func (b *bundle) read(t *testing.T, text string) *model.Reading {
	t.Helper()
	r, err := b.Read(t.Context(), text, nil, b.ledger)
	require.NoError(t, err)
	return r
}

// ledger keeps answers in memory. allowed is how many calls may be reserved; 0 for all.
type ledger struct {
	mu       sync.Mutex
	answers  map[string]model.Answer
	allowed  int
	reserved int
	settled  []model.Call
}

func (l *ledger) Answer(_ context.Context, key string) (a model.Answer, own, ok bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, ok = l.answers[key]
	return a, false, ok, nil
}

func (l *ledger) Reserve(context.Context, model.Usage) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.allowed > 0 && l.reserved == l.allowed {
		return false, nil
	}
	l.reserved++
	return true, nil
}

func (l *ledger) Settle(_ context.Context, c model.Call) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.settled = append(l.settled, c)
	if c.Answer != nil {
		l.answers[c.Key] = *c.Answer
	}
	return nil
}

// long is text n times, each with a number of its own.
func long(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s That was all that was said of it on day %d.\n\n", text, i)
	}
	return b.String()
}

func quotes(text string, r *model.Reading) (out []string) {
	for _, m := range r.Mentions {
		out = append(out, string(m.Type)+" "+text[m.Start:m.End])
	}
	return out
}

func codes(r *model.Reading) (out []string) {
	for _, w := range r.Warnings {
		out = append(out, w.Code)
	}
	return out
}

func TestMentionsHaveTheirPlaceInTheText(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.read(t, text)
	assert.Equal(t, []string{"PERSON Ada Lovelace", "DOCKET_NUMBER 1:24-cv-01234", "PERSON Ada\nLovelace", "PERSON Charles Babbage"}, quotes(text, r))
	assert.Equal(t, []model.Relation{{Type: document.PartyTo, From: 0, To: 1, Confidence: model.MaxConfidence}}, r.Relations, "the nearest of two places")
	assert.True(t, r.Whole())
	assert.Zero(t, r.Dropped)
	require.Len(t, b.server.Calls(), 1)
	call := b.server.Calls()[0]
	assert.True(t, call.Schema, "a strict schema is asked for")
	assert.Equal(t, text, call.Text)
	require.Len(t, b.ledger.settled, 1)
	assert.Equal(t, model.Usage{Input: call.Input, Output: call.Output}, b.ledger.settled[0].Usage)
}

func TestWhatTheTextDoesNotBearOutIsDropped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	honest := b.read(t, text)
	b.ledger.answers = map[string]model.Answer{}
	b.server.Set(modelserver.Lie, -1)
	r := b.read(t, text)
	assert.Equal(t, honest.Mentions, r.Mentions)
	assert.Equal(t, honest.Relations, r.Relations)
	assert.Empty(t, r.Kind)
	assert.Equal(t, model.Dropped{Mentions: 3, Relations: 2}, r.Dropped)
	assert.True(t, r.Whole(), "a lie is no reason to read the document again")
}

func TestAnAnswerIsPaidForOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.read(t, text)
	second := b.read(t, text)
	require.Len(t, b.server.Calls(), 1)
	assert.Equal(t, model.Spared{Answers: 1, Usage: b.ledger.settled[0].Usage}, second.Spared)
	assert.Equal(t, first.Mentions, second.Mentions)
	other := *b
	other.config.Model = "other"
	var err error
	other.Client, err = model.New(other.config)
	require.NoError(t, err)
	other.read(t, text)
	assert.Len(t, b.server.Calls(), 2, "another model is another question")
}

func TestAnswersOfAnotherFormAreAskedForAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	for _, m := range []modelserver.Mode{modelserver.NotJSON, modelserver.OffSchema} {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.server.Set(m, 1)
			assert.True(t, b.read(t, text).Whole(), "the second answer will do")
			assert.Len(t, b.server.Calls(), 2)

			b.server.Set(m, -1)
			b.ledger.answers = map[string]model.Answer{}
			r := b.read(t, text)
			assert.Equal(t, []string{model.WarnUnusable}, codes(r))
			assert.False(t, r.Whole())
			assert.Empty(t, r.Mentions)
			assert.Len(t, b.server.Calls(), 4, "two tries")
			assert.Len(t, b.ledger.settled, 4, "what they cost is counted")
			assert.Positive(t, b.ledger.settled[3].Usage.Output)
			for _, a := range b.ledger.answers {
				assert.Empty(t, a.Content, "and nothing of them kept")
			}
			assert.Equal(t, []string{model.WarnUnusable}, codes(b.read(t, text)))
			assert.Len(t, b.server.Calls(), 4, "another attempt does not pay for them again")
		})
	}
}

func TestTextThatIsTooLongIsReadInPieces(t *testing.T) {
	t.Parallel()
	text60 := long(60)
	for name, mode := range map[string]modelserver.Mode{"by the limit": modelserver.Honest, "by the service": modelserver.TooLong} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *model.Config) {
				if c.MaxInput = 2000; mode == modelserver.TooLong {
					c.MaxInput = 100_000
				}
			})
			b.server.Set(mode, -1)
			r := b.read(t, text60)
			assert.True(t, r.Whole())
			assert.Equal(t, 60*4, len(r.Mentions))
			for _, m := range r.Mentions {
				assert.Contains(t, text, text60[m.Start:m.End])
			}
			var read int
			for _, c := range b.server.Calls() {
				if c.Status == 200 {
					assert.LessOrEqual(t, len(c.Text), 2000)
					read++
				}
			}
			assert.Greater(t, read, 3)
		})
	}
}

func TestWhatTheServiceRefusesIsLeftOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for mode, calls := range map[modelserver.Mode]int{modelserver.Refuse: 1, modelserver.Cut: 1} {
		b.server.Set(mode, -1)
		before := len(b.server.Calls())
		r := b.read(t, text+string(mode))
		assert.Equal(t, []string{model.WarnRefused}, codes(r), mode)
		assert.Len(t, b.server.Calls(), before+calls, "a short text is not halved")
		assert.NotContains(t, r.Warnings[0].Message, "Ada")
		if mode == modelserver.Cut { // which was paid for
			assert.Equal(t, r.Warnings, b.read(t, text+string(mode)).Warnings)
			assert.Len(t, b.server.Calls(), before+calls)
		}
	}
}

func TestTheBudgetEndsTheReading(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *model.Config) { c.MaxInput = 1024 })
	b.ledger.allowed = 2
	text60 := long(60)
	r := b.read(t, text60)
	assert.Equal(t, []string{model.WarnBudget}, codes(r))
	assert.Len(t, b.server.Calls(), 2)
	assert.NotEmpty(t, r.Mentions, "what was paid for is kept")
	assert.Contains(t, r.Warnings[0].Message, "budget")
}

func TestADocumentTakesSoManyCalls(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *model.Config) { c.MaxInput, c.MaxCalls = 1024, 3 })
	r := b.read(t, long(60))
	assert.Equal(t, []string{model.WarnLimit}, codes(r))
	assert.Len(t, b.server.Calls(), 3)
}

func TestErrorsHaveTheirCategoryAndNoTextOrKey(t *testing.T) {
	t.Parallel()
	tests := map[modelserver.Mode]struct {
		category   batch.Category
		typ        string
		unanswered bool
	}{
		modelserver.Throttle: {batch.RateLimit, "RateLimited", false},
		modelserver.Fail:     {batch.Transient, "ServerError", false},
		modelserver.Away:     {batch.Transient, "ServerError", false},
		modelserver.BadKey:   {batch.Configuration, "AccessDenied", false},
		modelserver.NoModel:  {batch.Configuration, "ModelNotFound", false},
		modelserver.NoCredit: {batch.Configuration, "ModelQuota", false},
		modelserver.NoSchema: {batch.Configuration, "ModelRefused", false},
		modelserver.Redirect: {batch.Configuration, "BadRedirect", false},
		modelserver.HTML:     {batch.Transient, "ServerError", true},
		modelserver.Hang:     {batch.Transient, "Timeout", true},
		modelserver.Drop:     {batch.Transient, "", true},
	}
	for mode, want := range tests {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(c *model.Config) {
				if mode == modelserver.Hang {
					c.Timeout = 100 * time.Millisecond
				}
			})
			b.server.RetryAfter = 7 * time.Second
			b.server.Set(mode, -1)
			_, err := b.Read(t.Context(), text, nil, b.ledger)
			require.Error(t, err)
			if want.typ != "" {
				e, ok := batch.AsError(err)
				require.True(t, ok, "%v", err)
				assert.Equal(t, want.category, e.Category)
				assert.Equal(t, want.typ, e.Type)
				if mode == modelserver.Throttle {
					assert.Equal(t, 7*time.Second, e.RetryAfter)
				}
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				assert.NotContains(t, e.Error(), "Lovelace")
				assert.NotContains(t, e.Error(), key)
			}
			require.Eventually(t, func() bool { return len(b.server.Calls()) > 0 }, 10*time.Second, time.Millisecond, "the server ends its part")
			assert.Len(t, b.server.Calls(), 1, "retries are for the policies")
			require.Len(t, b.ledger.settled, 1, "what was reserved is settled")
			assert.Equal(t, want.unanswered, b.ledger.settled[0].Unanswered)
			if want.unanswered {
				assert.Positive(t, b.ledger.settled[0].Usage.Input, "it may have been charged")
				assert.Positive(t, b.ledger.settled[0].Usage.Output, "for an answer too")
			} else {
				assert.Zero(t, b.ledger.settled[0].Usage)
			}
		})
	}
}

func TestACallThatWasNeverSentCostsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *model.Config) { c.BaseURL = "http://127.0.0.1:1/v1" })
	_, err := b.Read(t.Context(), text, nil, b.ledger)
	require.Error(t, err)
	assert.Equal(t, model.Usage{}, b.ledger.settled[0].Usage)

	b = setup(t, func(c *model.Config) { c.Key = func() (string, error) { return "", errors.New("no such file") } })
	_, err = b.Read(t.Context(), text, nil, b.ledger)
	e, ok := batch.AsError(err)
	require.True(t, ok)
	assert.Equal(t, batch.Configuration, e.Category)
	assert.Empty(t, b.server.Calls())
}

func TestKeysOfOtherProgramsAreNotSent(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", key)
	t.Setenv("OPENAI_BASE_URL", "http://127.0.0.1:1")
	b := setup(t, func(c *model.Config) { c.Key = nil })
	_, err := b.Read(t.Context(), text, nil, b.ledger)
	e, ok := batch.AsError(err)
	require.True(t, ok)
	assert.Equal(t, "AccessDenied", e.Type, "the key of the environment would have been taken")
}

func TestPricesAreForAMillionTokens(t *testing.T) {
	t.Parallel()
	p := model.Prices{Input: 0.15, Output: 0.6}
	assert.EqualValues(t, 150_000_000, p.Nanos(model.Usage{Input: 1_000_000}))
	assert.EqualValues(t, 150+600, p.Nanos(model.Usage{Input: 1, Output: 1}))
	assert.EqualValues(t, 1, model.Prices{Input: 0.0001}.Nanos(model.Usage{Input: 1}), "rounded up")
	assert.False(t, model.Prices{}.Known())
}
