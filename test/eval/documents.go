package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
)

// A reading is what was read from a labelled document, its spans in the characters
// of the text that are no spaces: layout may have changed between the two.
type reading struct {
	mentions  []readMention
	relations []relation
}

type readMention struct {
	span   document.Span
	kind   string
	value  string
	roles  []string
	entity string
}

// labelledFolder is where the labelled documents are, in the folder of own sets.
const labelledFolder = "documents"

// A part is what was counted of one type, role or relationship.
type part struct {
	Kind string `json:"kind"`
	Work score  `json:"work"`
	Held score  `json:"held"`
}

// A score is what a part came to in one half.
type score struct {
	Correct int      `json:"correct"`
	Wrong   int      `json:"wrong"`
	Missed  int      `json:"missed"`
	F1      *float64 `json:"f1,omitempty"`
}

// measureDocuments judges every labelled document of the set. Of the held half
// nothing but counts leaves this function.
func measureDocuments(s set, o options) (result, error) {
	r := result{Set: s.name, Source: "own", Target: s.target}
	all, err := readLabelled(filepath.Join(o.own, s.file))
	if err != nil {
		return r, err
	}
	parts := map[string]*part{}
	for _, d := range all {
		if o.half != "" && o.half != d.half {
			continue
		}
		got, err := readDocument(d)
		if err != nil {
			return r, fmt.Errorf("%s: %w", d.name, err)
		}
		j := s.documents(d, got)
		half, scoreOf := &r.Work, func(p *part) *score { return &p.Work }
		if d.half == heldHalf {
			half, scoreOf = &r.Held, func(p *part) *score { return &p.Held }
		}
		r.addJudged(j)
		half.addJudged(j)
		for kind, t := range j.by {
			if parts[kind] == nil {
				parts[kind] = &part{Kind: kind}
			}
			scoreOf(parts[kind]).add(t)
		}
		if o.failures && d.half == workHalf {
			for _, f := range j.failures {
				fmt.Fprintf(os.Stderr, "%s: %s:%d: %s\n", s.name, d.name, f.line, f.what)
			}
		}
	}
	for _, c := range []*counts{&r.counts, &r.Work, &r.Held} {
		c.settle(false)
		c.F1 = f1(c.Precision, c.Recall)
	}
	for _, kind := range slices.Sorted(maps.Keys(parts)) {
		p := parts[kind]
		p.Work.settle()
		p.Held.settle()
		r.By = append(r.By, *p)
	}
	r.Holds = r.F1 != nil && *r.F1 >= s.target
	return r, nil
}

func (c *counts) addJudged(j judged) {
	c.Cases++
	for _, t := range j.by {
		c.correct += t.correct
		c.wrong += t.wrong
		c.missed += t.missed
	}
	c.clusters.precision += j.clusters.precision
	c.clusters.recall += j.clusters.recall
	c.clusters.mentions += j.clusters.mentions
}

func (s *score) add(t tally) {
	s.Correct += t.correct
	s.Wrong += t.wrong
	s.Missed += t.missed
}

func (s *score) settle() {
	s.F1 = f1(ratio(s.Correct, s.Correct+s.Wrong), ratio(s.Correct, s.Correct+s.Missed))
}

// f1 is the harmonic mean of precision and recall; nothing found, or nothing to be
// found, is 0, and nothing of either has none.
func f1(precision, recall *float64) *float64 {
	var f float64
	switch {
	case precision == nil && recall == nil:
		return nil
	case precision != nil && recall != nil && *precision+*recall > 0:
		f = 2 * *precision * *recall / (*precision + *recall)
	}
	return &f
}

// readDocument reads d's text as a file of that text is read.
func readDocument(d labelled) (reading, error) {
	dir, err := os.MkdirTemp("", "eval")
	if err != nil {
		return reading{}, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, d.name)
	if err := os.WriteFile(path, []byte(d.text), 0o600); err != nil {
		return reading{}, err
	}
	sum := sha256.Sum256([]byte(d.text))
	ctx := context.Background()
	p := pipeline.New(extract.New(extract.Limits{}, nil), nil, slog.New(slog.DiscardHandler))
	file := pipeline.File{Path: path, Name: d.name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(d.text))}
	content, err := p.Extract(ctx, file, dir, nil)
	if err != nil {
		return reading{}, fmt.Errorf("extract: %w", err)
	}
	doc, err := p.Finish(ctx, "eval", content, resolve.Nothing{}, nil)
	if err != nil {
		return reading{}, fmt.Errorf("read: %w", err)
	}
	return readingOf(d, doc.Result)
}

// readingOf is a result, with spans that can be compared with d's.
func readingOf(d labelled, r *document.Result) (reading, error) {
	want, _ := packed(d.text)
	got, at := packed(r.Text)
	if !slices.Equal(want, got) {
		return reading{}, fmt.Errorf("the text that was read (as %s) is another than the labelled one", r.Format)
	}
	var all reading
	for _, m := range r.Mentions {
		all.mentions = append(all.mentions, readMention{
			span: trimmed(got, document.Span{Start: at[m.Start], End: at[m.End]}), kind: string(m.Type), value: m.Normalized,
			roles: rolesOf(m), entity: m.Entity,
		})
	}
	for _, x := range r.Relationships {
		if x.Type != document.CoOccurs {
			all.relations = append(all.relations, relation{string(x.Type), x.From, x.To})
		}
	}
	return all, nil
}

// rolesOf are a mention's roles; several are parted by commas.
func rolesOf(m document.Mention) []string {
	return strings.FieldsFunc(m.Role, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}
