package batch

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ModelOptions have a batch's documents read by the language model that the workers
// are configured with.
type ModelOptions struct {
	// Budget is what that may cost. The zero value is no bound.
	Budget ModelBudget `json:"budget,omitzero"`
}

// words are o for a person.
func (o *ModelOptions) words() string {
	if o == nil {
		return "none"
	}
	return "asked, budget " + o.Budget.String()
}

// ModelBudget bounds what a language model may cost a batch: in dollars or in tokens.
type ModelBudget struct {
	Nanos  int64 `json:"nano_usd,omitempty"` // billionths of a US dollar; 0 for no bound
	Tokens int64 `json:"tokens,omitempty"`   // input and output; 0 for no bound
}

// nanosPerDollar is the unit of costs: a token may cost less than a millionth.
const nanosPerDollar = 1e9

// maxBudget bounds a budget, in dollars.
const maxBudget = 1e9

// ParseModelBudget reads "5.00" or "$5.00", in US dollars, or "200000 tokens". "" is no
// bound.
func ParseModelBudget(s string) (ModelBudget, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return ModelBudget{}, nil
	}
	if n, ok := strings.CutSuffix(s, "tokens"); ok {
		tokens, err := strconv.ParseInt(strings.TrimSpace(n), 10, 64)
		if err != nil || tokens < 1 {
			return ModelBudget{}, fmt.Errorf("budget %q: want a positive number of tokens, such as 200000tokens", s)
		}
		return ModelBudget{Tokens: tokens}, nil
	}
	dollars, err := strconv.ParseFloat(strings.TrimPrefix(s, "$"), 64)
	if err != nil || !(dollars > 0 && dollars <= maxBudget) || math.Round(dollars*nanosPerDollar) < 1 {
		return ModelBudget{}, fmt.Errorf("budget %q: want US dollars such as 5.00, or tokens such as 200000tokens", s)
	}
	return ModelBudget{Nanos: int64(math.Round(dollars * nanosPerDollar))}, nil
}

// Bounded says whether there is a bound.
func (b ModelBudget) Bounded() bool { return b != ModelBudget{} }

func (b ModelBudget) validate() error {
	if b.Nanos < 0 || b.Tokens < 0 {
		return errors.New("budget of the language model: want a positive one, or none")
	}
	return nil
}

func (b ModelBudget) String() string {
	switch {
	case b.Nanos > 0:
		return FormatNanos(b.Nanos)
	case b.Tokens > 0:
		return fmt.Sprintf("%d tokens", b.Tokens)
	}
	return "none"
}

// FormatNanos is an amount in billionths of a US dollar, such as "$1.25", or "$0.0042"
// below a cent.
func FormatNanos(n int64) string {
	dollars := float64(n) / nanosPerDollar
	if n != 0 && math.Abs(dollars) < 1 {
		return "$" + strconv.FormatFloat(dollars, 'f', 4, 64)
	}
	return "$" + strconv.FormatFloat(dollars, 'f', 2, 64)
}

// ModelUse is what the language model did for a batch, and what that cost. A call that
// was tried again counts each time.
type ModelUse struct {
	Documents    int   `json:"documents"` // that are done with it
	Calls        int   `json:"calls"`
	Unanswered   int   `json:"unanswered,omitempty"` // calls on which nothing came back: their tokens are the most that they may have taken
	InputTokens  int64 `json:"input_tokens"`
	OutputTokens int64 `json:"output_tokens"`
	// Nanos is the cost in billionths of a US dollar, without Unpriced calls, for which
	// no prices were configured.
	Nanos    int64 `json:"nano_usd"`
	Unpriced int   `json:"unpriced_calls,omitempty"`
	// Cached is how many answers had been paid for by other documents or batches, and
	// SparedTokens what those took then.
	Cached       int   `json:"cached_answers"`
	SparedTokens int64 `json:"spared_tokens,omitempty"`
	// Of Documents: those that the model has not read whole, since the budget had no room,
	// or for another reason.
	OverBudget int `json:"over_budget,omitempty"`
	Incomplete int `json:"incomplete,omitempty"`
	// What the model said and the text did not bear out.
	DroppedMentions  int         `json:"dropped_mentions,omitempty"`
	DroppedRelations int         `json:"dropped_relations,omitempty"`
	Budget           ModelBudget `json:"budget,omitzero"`
}

// Tokens is input and output.
func (u ModelUse) Tokens() int64 { return u.InputTokens + u.OutputTokens }

// Dollars is the cost, as far as it is known.
func (u ModelUse) Dollars() float64 { return float64(u.Nanos) / nanosPerDollar }

func (u ModelUse) String() string {
	cost := "at a cost that is not known"
	switch {
	case u.Calls == 0:
		cost = "at no cost"
	case u.Unpriced == 0:
		cost = "for " + FormatNanos(u.Nanos)
	case u.Nanos > 0:
		cost = "for " + FormatNanos(u.Nanos) + " and more"
	}
	s := fmt.Sprintf("%s, %s, %d + %d tokens %s", Counted(u.Documents, "document"), Counted(u.Calls, "call"), u.InputTokens, u.OutputTokens, cost)
	if u.Budget.Bounded() {
		s += " of " + u.Budget.String()
	}
	if u.Cached > 0 {
		s += fmt.Sprintf("; %s %s known already and spared %d tokens", Counted(u.Cached, "answer"), were(u.Cached), u.SparedTokens)
	}
	if u.OverBudget > 0 {
		s += fmt.Sprintf("; the budget had no room for %s", Counted(u.OverBudget, "document"))
		if u.Calls == 0 {
			s += ", as it is less than a call may come to"
		}
	}
	if u.Incomplete > 0 {
		s += fmt.Sprintf("; %s %s not read whole", Counted(u.Incomplete, "document"), were(u.Incomplete))
	}
	if n := u.DroppedMentions + u.DroppedRelations; n > 0 {
		s += fmt.Sprintf("; %d of what it said %s not in the text, and dropped", n, map[bool]string{true: "is", false: "are"}[n == 1])
	}
	return s
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
