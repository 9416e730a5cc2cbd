package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A set is a file of cases, one JSON object a line, and how one is judged.
type set struct {
	name   string
	own    bool // the project's, under --own
	file   string
	target float64
	judge  func(line []byte) (verdict, error)
	// files judges the files of --corpus instead, or files that it makes, and
	// hands each verdict on.
	files func(ctx context.Context, dir string, add func(verdict)) error
	// documents judges what was read from the labelled documents of the folder file
	// instead, by F1; without a target it is shown and not required.
	documents func(d labelled, got reading) judged
}

// A verdict counts what was answered for one case. Where a case has one answer,
// it is either correct or, if not answered, missed, or wrong and missed.
type verdict struct {
	key                    string // decides the half
	correct, wrong, missed int
	want, got              string // for people, of a case that is not all correct
	onePerCase             bool
	skipped                bool // the case says nothing of what the set is about
}

// counts sum up verdicts.
type counts struct {
	Cases     int      `json:"cases"`
	Precision *float64 `json:"precision,omitempty"` // correct of what was answered
	Recall    *float64 `json:"recall,omitempty"`    // correct of what was to be answered
	Accuracy  *float64 `json:"accuracy,omitempty"`  // cases answered correctly, where each has one answer
	F1        *float64 `json:"f1,omitempty"`        // harmonic mean of precision and recall, where it is judged

	correct, wrong, missed int
	clusters               clusters
}

// A result is what a set came to, in all and by half: rules were written with
// the work half in view, the held half was only ever counted.
type result struct {
	Set    string  `json:"set"`
	Source string  `json:"source"` // own or shared
	Target float64 `json:"target"`
	Holds  bool    `json:"holds"`
	counts
	Work counts `json:"work"`
	Held counts `json:"held"`
	By   []part `json:"by,omitempty"` // by type, role or relationship, of labelled documents
}

// sets are all there are, in the order of the table.
func sets() []set {
	return []set{
		{name: "own-citations", own: true, file: "citations.jsonl", target: 0.97, judge: judgeCitations},
		{name: "own-courts", own: true, file: "courts.jsonl", target: 0.90, judge: judgeCourt},
		{name: "own-kinds", own: true, file: "kinds.jsonl", target: 0.90, judge: judgeKind},
		{name: "own-name-pairs", own: true, file: "name_pairs.jsonl", target: 0.90, judge: judgeNamePair},
		{name: "own-opinion-fields/dockets", own: true, file: "opinion_fields.jsonl", target: 0.95, judge: judgeOpinion("dockets")},
		{name: "own-opinion-fields/dates", own: true, file: "opinion_fields.jsonl", target: 0.95, judge: judgeOpinion("dates")},
		{name: "own-opinion-fields/lower", own: true, file: "opinion_fields.jsonl", target: 0.85, judge: judgeOpinion("lower")},
		{name: "own-opinion-fields/judges", own: true, file: "opinion_fields.jsonl", target: 0.85, judge: judgeOpinion("judges")},
		{name: "own-documents/entities", own: true, file: labelledFolder, target: 0.90, documents: judgeMentions},
		{name: "own-documents/roles", own: true, file: labelledFolder, target: 0.85, documents: judgeRoles},
		{name: "own-documents/relationships", own: true, file: labelledFolder, target: 0.80, documents: judgeRelations},
		{name: "own-documents/coreference", own: true, file: labelledFolder, documents: judgeClusters},
		{name: "own-layout", own: true, target: 0.98, files: measureLayout},
		{name: "citations", file: "citations.jsonl", target: 0.97, judge: judgeCitations},
		{name: "reporters", file: "reporters.jsonl", target: 0.98, judge: judgeReporter},
		{name: "courts", file: "courts.jsonl", target: 0.90, judge: judgeCourt},
		{name: "name_pairs", file: "name_pairs.jsonl", target: 0.90, judge: judgeNamePair},
		{name: "opinion_fields/dockets", file: "opinion_fields.jsonl", target: 0.95, judge: judgeOpinion("dockets")},
		{name: "opinion_fields/dates", file: "opinion_fields.jsonl", target: 0.95, judge: judgeOpinion("dates")},
		{name: "opinion_fields/lower", file: "opinion_fields.jsonl", target: 0.85, judge: judgeOpinion("lower")},
		{name: "scans", file: scannedFile, target: 0.945, files: measureScans},
		{name: "drawn", file: "*.pdf", target: 0.945, files: measureDrawn},
		{name: "skewed", file: "*.pdf", target: 0.945, files: measureVariant(skewed)},
		{name: "rotated", file: "*.pdf", target: 0.945, files: measureVariant(rotated)},
		{name: "low_resolution", file: "*.pdf", target: 0.945, files: measureVariant(lowResolution)},
		{name: "opinion_fields/judges", file: "opinion_fields.jsonl", target: 0.85, judge: judgeOpinion("judges")},
	}
}

// setsNamed are the sets of these names, all if there are none.
func setsNamed(names []string) ([]set, error) {
	if len(names) == 0 {
		return sets(), nil
	}
	var chosen []set
	for _, name := range names {
		found := false
		for _, s := range sets() {
			if family, _, _ := strings.Cut(s.name, "/"); s.name == name || family == name {
				chosen, found = append(chosen, s), true
			}
		}
		if !found {
			var known []string
			for _, s := range sets() {
				known = append(known, s.name)
			}
			return nil, usageError{fmt.Errorf("no set %q: there are %s", name, strings.Join(known, ", "))}
		}
	}
	return chosen, nil
}

// measure judges every case of the set.
func measure(s set, o options) (result, error) {
	if s.files != nil {
		return measureFiles(s, o)
	}
	if s.documents != nil {
		return measureDocuments(s, o)
	}
	dir, r := o.shared, result{Set: s.name, Source: "shared", Target: s.target}
	if s.own {
		dir, r.Source = o.own, "own"
	}
	f, err := os.Open(filepath.Join(dir, s.file))
	if err != nil {
		return r, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	single := true
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		v, err := s.judge(lines.Bytes())
		if err != nil {
			return r, fmt.Errorf("%s:%d: %w", s.file, n, err)
		}
		if v.skipped {
			continue
		}
		half := halfOf(v.key)
		if o.half != "" && o.half != half {
			continue
		}
		single = single && v.onePerCase
		r.add(v)
		if half == "work" {
			r.Work.add(v)
		} else {
			r.Held.add(v)
		}
		if o.failures && v.wrong+v.missed > 0 {
			fmt.Fprintf(os.Stderr, "%s:%d: %s\n  want %s\n  got  %s\n", s.name, n, v.key, v.want, v.got)
		}
	}
	if err := lines.Err(); err != nil {
		return r, err
	}
	for _, c := range []*counts{&r.counts, &r.Work, &r.Held} {
		c.settle(single)
	}
	r.Holds = r.reaches(s.target)
	return r, nil
}

// measureFiles judges every page of the set. There are no halves: no rule was written
// for them.
func measureFiles(s set, o options) (result, error) {
	r := result{Set: s.name, Source: "corpus", Target: s.target}
	if s.own {
		r.Source = "own"
	}
	err := s.files(context.Background(), o.corpus, func(v verdict) {
		r.add(v)
		if o.failures && v.missed > 0 {
			fmt.Fprintf(os.Stderr, "%s: %s: %s, %s\n", s.name, v.key, v.want, v.got)
		}
	})
	r.Accuracy = ratio(r.correct, r.correct+r.missed)
	r.Holds = r.reaches(s.target)
	return r, err
}

func ratio(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	x := float64(part) / float64(whole)
	return &x
}

// halfOf splits cases into halves by a hash of their text.
func halfOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	if sum[len(sum)-1]%2 == 0 {
		return "work"
	}
	return "held"
}

func (c *counts) add(v verdict) {
	c.Cases++
	c.correct += v.correct
	c.wrong += v.wrong
	c.missed += v.missed
}

func (c *counts) settle(single bool) {
	if single {
		c.Accuracy = ratio(c.correct, c.Cases)
		return
	}
	if n := c.clusters.mentions; n > 0 {
		precision, recall := c.clusters.precision/float64(n), c.clusters.recall/float64(n)
		c.Precision, c.Recall = &precision, &recall
		return
	}
	c.Precision = ratio(c.correct, c.correct+c.wrong)
	c.Recall = ratio(c.correct, c.correct+c.missed)
}

func (c *counts) reaches(target float64) bool {
	known := false
	for _, x := range []*float64{c.Precision, c.Recall, c.Accuracy} {
		if x != nil {
			known = true
			if *x < target {
				return false
			}
		}
	}
	return known
}

// decode reads a case.
func decode(line []byte, into any) error {
	if err := json.Unmarshal(line, into); err != nil {
		return fmt.Errorf("read case: %w", err)
	}
	return nil
}
