package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/chunk"
)

// minPiece is the size, in bytes, under which a piece that is too long for the model
// is not halved again.
const minPiece = 1000

// Ledger keeps answers and what they cost, for the batch that a document is of.
type Ledger interface {
	// Answer is what was kept under key; own says that it was for this same document.
	Answer(ctx context.Context, key string) (a Answer, own, ok bool, err error)
	// Reserve sets aside what a call may come to; ok is false if the budget does not
	// allow it. A call that was reserved is settled.
	Reserve(ctx context.Context, most Usage) (ok bool, err error)
	// Settle says what the call came to that was reserved.
	Settle(ctx context.Context, c Call) error
}

// Answer is an answer of the form asked for, as the model gave it, or why there is none.
type Answer struct {
	Content string
	Usage   Usage
	// Left says why no answer is to be had: to be kept for the document's own further
	// attempts, which would pay for as little again.
	Left string
}

// Why a piece has no answer.
const (
	leftCut      = "cut"      // it would be too long
	leftRefused  = "refused"  // by the model
	leftUnusable = "unusable" // of another form, each time
)

// Call is what a call came to. An error of the service costs nothing.
type Call struct {
	Usage      Usage
	Unanswered bool    // nothing came back, so that Usage is the most that it may have come to
	Key        string  // of Answer
	Answer     *Answer // to keep; nil for none
	Err        error   // with which it ended
	Refused    bool    // by the service or the model: the text is too long for it, or its content
}

// Read asks the model about text, whose pages are given, and keeps what it bears out.
// An error is one that another attempt may cure, or a person: what was answered until
// then is in the ledger.
func (c *Client) Read(ctx context.Context, text string, pages []document.Span, l Ledger) (*Reading, error) {
	r := &reader{Client: c, ledger: l, text: text, out: &Reading{Model: c.Version()}}
	for _, piece := range c.pieces(text, pages) {
		if err := r.read(ctx, piece); err != nil {
			return nil, err
		}
	}
	r.warn()
	r.out.sort()
	return r.out, nil
}

// pieces are the parts of the text that are asked about: consecutive chunks, as many
// as go into a call.
func (c *Client) pieces(text string, pages []document.Span) []document.Span {
	var pieces []document.Span
	for _, k := range chunk.Split(text, pages, chunk.Options{Overlap: -1}) {
		last := len(pieces) - 1
		if last >= 0 && k.End-pieces[last].Start <= c.cfg.MaxInput {
			pieces[last].End = k.End
			continue
		}
		pieces = append(pieces, k.Span)
	}
	return pieces
}

// reader is the reading of one text.
type reader struct {
	*Client

	ledger Ledger
	text   string
	out    *Reading
	calls  int
	spent  bool // the batch's budget
	// Pieces, and those that were left out, by the code of the warning.
	pieces int
	left   map[string]int
}

func (r *reader) leave(code string) {
	if r.left == nil {
		r.left = map[string]int{}
	}
	r.left[code]++
}

// warn adds a warning for each reason for which a piece was left out.
func (r *reader) warn() {
	for _, w := range []struct{ code, why string }{
		{WarnBudget, "what is left of the batch's budget for the language model is less than a call may come to"},
		{WarnUnusable, "the language model's answers were not of the form asked for"},
		{WarnRefused, "the language model's service would not read them"},
		{WarnLimit, "the document takes more calls of the language model than it may"},
	} {
		if n := r.left[w.code]; n > 0 {
			r.out.Warnings = append(r.out.Warnings, document.Warning{
				Code: w.code, Message: fmt.Sprintf("%d of %d passages were read by rules alone: %s", n, r.pieces, w.why),
			})
		}
	}
}

// read asks about one piece, by halves if it is too long.
func (r *reader) read(ctx context.Context, piece document.Span) error {
	a, err := r.ask(ctx, piece)
	switch {
	case errors.Is(err, errTooLong):
		left, right, ok := r.halves(piece)
		if !ok {
			r.pieces++
			r.leave(WarnRefused)
			return nil
		}
		if err := r.read(ctx, left); err != nil {
			return err
		}
		return r.read(ctx, right)
	case errors.Is(err, errRefused):
		r.pieces++
		r.leave(WarnRefused)
	case err != nil:
		return err
	default:
		r.pieces++
		if a != nil {
			r.out.take(*a, newPassage(r.text[piece.Start:piece.End], piece.Start))
		}
	}
	return nil
}

// halves are a piece in two, between passages or sentences.
func (r *reader) halves(piece document.Span) (left, right document.Span, ok bool) {
	if piece.Len() < 2*minPiece {
		return left, right, false
	}
	text := r.text[piece.Start:piece.End]
	middle := 0
	for _, s := range chunk.Sentences(text) {
		if middle = s.End; middle >= len(text)/2 {
			break
		}
	}
	if middle <= 0 || middle >= len(text) {
		return left, right, false
	}
	at := piece.Start + middle
	return document.Span{Start: piece.Start, End: at}, document.Span{Start: at, End: piece.End}, true
}

// ask is the answer on one piece: nil if the piece is left out, which is noted then.
func (r *reader) ask(ctx context.Context, piece document.Span) (*answer, error) {
	text := r.text[piece.Start:piece.End]
	key := r.key(text)
	kept, own, ok, err := r.ledger.Answer(ctx, key)
	if err != nil {
		return nil, err
	}
	switch {
	case ok && kept.Left == leftCut:
		return nil, errTooLong
	case ok && kept.Left == leftRefused:
		return nil, errRefused
	case ok && kept.Left == leftUnusable:
		r.leave(WarnUnusable)
		return nil, nil //nolint:nilnil // left out
	case ok:
		if a, usable := r.question.parse(kept.Content); usable {
			if !own {
				r.out.Spared.Answers++
				r.out.Spared.Usage.Input += kept.Usage.Input
				r.out.Spared.Usage.Output += kept.Usage.Output
			}
			return &a, nil
		}
	}
	for try := range r.cfg.Tries {
		switch {
		case r.spent:
			r.leave(WarnBudget)
			return nil, nil //nolint:nilnil // left out
		case r.calls >= r.cfg.MaxCalls:
			r.leave(WarnLimit)
			return nil, nil //nolint:nilnil // left out
		}
		ok, err := r.ledger.Reserve(ctx, r.estimate(text))
		if err != nil {
			return nil, err
		}
		if !ok {
			r.spent = true
			r.leave(WarnBudget)
			return nil, nil //nolint:nilnil // left out
		}
		a, err := r.once(ctx, text, key, try == r.cfg.Tries-1)
		if a != nil || err != nil {
			return a, err
		}
	}
	r.leave(WarnUnusable)
	return nil, nil //nolint:nilnil // left out
}

// once calls the model and settles that; nil is an answer of another form, which is
// noted if this was the last call to try.
func (r *reader) once(ctx context.Context, text, key string, last bool) (*answer, error) {
	r.calls++
	got, err := r.call(ctx, text)
	if err == nil && got.refused {
		err = &answeredError{errRefused}
	}
	done := Call{Usage: got.usage, Err: err, Refused: errors.Is(err, errRefused) || errors.Is(err, errTooLong)}
	if err != nil && unanswered(err) {
		done.Unanswered, done.Usage = true, r.estimate(text)
	}
	var a *answer
	note := func(n Answer) {
		n.Usage = got.usage
		done.Key, done.Answer = key, &n
	}
	switch {
	case err != nil && got.refused:
		note(Answer{Left: leftRefused})
	case err != nil:
	case got.cut:
		err = errTooLong // its answer is: half of the text has a shorter one
		note(Answer{Left: leftCut})
	default:
		if read, ok := r.question.parse(got.content); ok {
			a = &read
			note(Answer{Content: got.content})
		} else if last {
			note(Answer{Left: leftUnusable})
		}
	}
	// What it cost is kept even if the document is stopped.
	if settled := r.ledger.Settle(context.WithoutCancel(ctx), done); settled != nil {
		return nil, settled
	}
	return a, err
}

// key is what an answer on text is kept under.
func (r *reader) key(text string) string {
	sum := sha256.Sum256([]byte(r.Version() + "\x00" + text))
	return hex.EncodeToString(sum[:])
}
