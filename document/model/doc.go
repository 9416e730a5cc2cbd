// Package model asks a language model, behind an OpenAI-compatible endpoint, what
// a document names and how that is related, and keeps what the text bears out.
//
// Nothing that a model says is believed for itself. Its answer must be JSON of the
// form that it was asked for; each mention must quote the text, as it stands but for
// white space and the shape of quotes and dashes, and have a type that there is; a
// relationship must join two such mentions. The rest is dropped and counted. What is
// kept is marked with Source, and its confidence is at most MaxConfidence: where the
// rules of package entity have read the same place, they win.
//
// The text is sent in pieces of whole passages. What comes back is kept by a Ledger,
// by the hash of the piece, the model and the wording of the question, so that it is
// paid for once; and the Ledger is asked before each call whether it may be paid for.
//
// Errors are *batch.Error where the service said what is wrong, and hold nothing of
// the text, the answer or the key. The package does not retry what a later attempt
// of the document may cure: that is for the categories' policies.
package model

import (
	"time"

	"github.com/caseload/caseload/document"
)

// MaxConfidence bounds the confidence of what a model found: no more than that of the
// weakest rules.
const MaxConfidence = 0.6

// Codes of the warnings on a document that the model has not read, or not all of.
const (
	WarnBudget   = document.WarnModelBudget
	WarnUnusable = document.WarnModelUnusable
	WarnRefused  = document.WarnModelRefused
	WarnLimit    = document.WarnModelLimit
)

// Config is an endpoint and how it is asked. A zero field means its default.
type Config struct {
	BaseURL string // up to and with the version, such as "https://api.openai.com/v1"
	Model   string // by the endpoint's name
	// Key answers the API key at each call, "" for none; nil for none.
	Key       func() (string, error)
	Timeout   time.Duration // of a call; default 2 minutes
	MaxInput  int           // bytes of text in a call; default 12,000
	MaxOutput int           // tokens of an answer; default 4,096
	MaxCalls  int           // about one text, those of its parts apart; default 100
	Tries     int           // calls about a piece until an answer is of the form asked for; default 2
	Prices    Prices
}

// Prices are in US dollars for a million tokens. 0 is unknown, or free.
type Prices struct {
	Input, Output float64
}

// Known says whether there are prices to count by: one alone would take the other's
// tokens for free.
func (p Prices) Known() bool { return p.Input > 0 && p.Output > 0 }

// Nanos is what u costs, in billionths of a US dollar, rounded up.
func (p Prices) Nanos(u Usage) int64 {
	// A dollar for a million tokens is 1,000 billionths for one.
	exact := 1000 * (p.Input*float64(u.Input) + p.Output*float64(u.Output))
	n := int64(exact)
	if float64(n) < exact {
		n++
	}
	return n
}

// Usage is tokens.
type Usage struct {
	Input  int `json:"input"`
	Output int `json:"output"`
}

// Total is both.
func (u Usage) Total() int { return u.Input + u.Output }

// Reading is what a model said of one text, as far as the text bears it out. It
// serialises, as part of a checkpoint.
type Reading struct {
	Model     string             `json:"model"` // Version of the client that asked
	Kind      document.Kind      `json:"kind,omitempty"`
	Mentions  []Mention          `json:"mentions,omitempty"` // by span
	Relations []Relation         `json:"relations,omitempty"`
	Warnings  []document.Warning `json:"warnings,omitempty"` // of what it has not read
	Dropped   Dropped            `json:"dropped,omitzero"`
	Spared    Spared             `json:"spared,omitzero"`
}

// Whole says whether all of the text was read.
func (r *Reading) Whole() bool { return r != nil && len(r.Warnings) == 0 }

// Mention is a place that the model named, its span in bytes of the text.
type Mention struct {
	document.Span
	Type       document.EntityType `json:"type"`
	Confidence float64             `json:"confidence"` // the model's own, 0 to MaxConfidence
}

// Relation is a relationship between two of a Reading's mentions, by their indices.
type Relation struct {
	Type       document.RelationType `json:"type"`
	From       int                   `json:"from"`
	To         int                   `json:"to"`
	Confidence float64               `json:"confidence"` // as a Mention's
}

// Dropped counts what the text did not bear out.
type Dropped struct {
	Mentions  int `json:"mentions,omitempty"`
	Relations int `json:"relations,omitempty"`
}

// Spared counts what earlier documents had paid for.
type Spared struct {
	Answers int   `json:"answers,omitempty"`
	Usage   Usage `json:"usage,omitzero"`
}
