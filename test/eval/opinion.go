package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/opinion"
	"github.com/caseload/caseload/document/resolve"
)

// opinionFields are the fields that are judged, by the part of them that a set is
// about. A case lists them under the record that a court's site would fill.
var opinionFields = map[string][]string{
	"dockets": {"Docket.docket_number", "OpinionCluster.docket_number"},
	"dates":   {"OpinionCluster.date_filed", "Docket.date_argued"},
	"lower":   {"Docket.appeal_from_str", "OriginatingCourtInformation.docket_number"},
	"judges":  {"OriginatingCourtInformation.assigned_to_str", "Opinion.author_str", "Opinion.per_curiam", "OpinionCluster.judges", "Docket.panel_str"},
}

// judgeOpinion judges one part of what is read from an opening. Only fields that the
// case lists are compared; a case that lists none of the part is left out.
func judgeOpinion(part string) func([]byte) (verdict, error) {
	return func(line []byte) (verdict, error) {
		var c struct {
			Text     string         `json:"text"`
			Expected map[string]any `json:"expected"`
		}
		if err := decode(line, &c); err != nil {
			return verdict{}, err
		}
		text, err := plainText(c.Text)
		if err != nil {
			return verdict{}, err
		}
		got := opinion.Head(text)
		v := verdict{key: c.Text, skipped: true}
		for _, field := range opinionFields[part] {
			record, name, _ := strings.Cut(field, ".")
			values, _ := c.Expected[record].(map[string]any)
			want, ok := values[name]
			if !ok || want == "" {
				continue
			}
			v.skipped = false
			answers := opinionAnswers(got, field)
			switch {
			case slices.ContainsFunc(answers, func(a string) bool { return sameField(name, fmt.Sprint(want), a) }) || name == "docket_number" && allGiven(fmt.Sprint(want), answers):
				v.correct++
				continue
			case len(answers) > 0:
				v.wrong++
			}
			v.missed++
			v.want += fmt.Sprintf("%s=%v ", field, want)
			v.got += fmt.Sprintf("%s=%q ", field, answers)
		}
		return v, nil
	}
}

// opinionAnswers are the values that are given for a field; of a list of numbers
// any may be the one that a case lists.
func opinionAnswers(f opinion.Fields, field string) []string {
	var all []string
	put := func(s string) {
		if s != "" {
			all = append(all, s)
		}
	}
	texts := func(values []opinion.Value) []string {
		var t []string
		for _, v := range values {
			t = append(t, v.Text)
		}
		return t
	}
	switch field {
	case "Docket.docket_number", "OpinionCluster.docket_number":
		return texts(f.Dockets)
	case "OriginatingCourtInformation.docket_number":
		return texts(f.LowerDockets)
	case "OpinionCluster.date_filed":
		put(firstOf(f.Filed.Day, f.Decided.Day))
	case "Docket.date_argued":
		put(firstOf(f.Argued.Day, f.Submitted.Day))
	case "Docket.appeal_from_str":
		put(f.LowerCourt.Text)
	case "OriginatingCourtInformation.assigned_to_str":
		put(f.LowerJudge.Text)
	case "Opinion.author_str":
		put(f.Author.Text)
	case "Opinion.per_curiam":
		put(fmt.Sprint(f.PerCuriam))
	case "OpinionCluster.judges", "Docket.panel_str":
		put(strings.Join(texts(f.Panel), "; "))
	}
	return all
}

// allGiven says whether each number of a list, as a case may have it, is given.
func allGiven(list string, answers []string) bool {
	numbers := numberList.Split(list, -1)
	return len(numbers) > 1 && !slices.ContainsFunc(numbers, func(n string) bool {
		return !slices.ContainsFunc(answers, func(a string) bool { return sameField("docket_number", n, a) })
	})
}

var numberList = regexp.MustCompile(`\s*(?:[,;&\n]|\band\b)\s*(?:and\s+)?`)

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

var (
	numberLabel = regexp.MustCompile(`(?i)^(?:(?:docket|case|index|claim|appeal|cause|file|nos?|number)\b\.?[\s:]*)+`)
	notLetters  = regexp.MustCompile(`[^\pL\pN]+`)
	benchTitles = regexp.MustCompile(`(?i)\b(?:c\.\s?j|p\.\s?j|j\.\s?p|ch\.\s?j|jj?|chief|presiding|associate|justices?|judges?|hon|honorable|and|jr|sr)\b\.?`)
)

// sameField compares values of a field: numbers without their label, courts by
// their words, judges by their surnames, which is what courts name them by.
func sameField(name, want, got string) bool {
	switch name {
	case "docket_number":
		plain := func(s string) string {
			return notLetters.ReplaceAllString(strings.ToLower(numberLabel.ReplaceAllString(s, "")), "")
		}
		return plain(want) == plain(got)
	case "appeal_from_str":
		plain := func(s string) string {
			return strings.TrimPrefix(strings.Join(strings.Fields(notLetters.ReplaceAllString(strings.ToLower(s), " ")), " "), "the ")
		}
		return plain(want) == plain(got)
	case "judges", "panel_str", "author_str", "assigned_to_str":
		return slices.Equal(surnames(want), surnames(got))
	}
	return want == got
}

// surnames are the last words of the names in a list, sorted.
func surnames(list string) []string {
	var all []string
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' }) {
		part = benchTitles.ReplaceAllString(part, " ")
		if key := resolve.KeyOf(document.Mention{Type: document.Judge, Text: part}); key != "" {
			w := strings.Fields(key)
			all = append(all, w[len(w)-1])
		}
	}
	slices.Sort(all)
	return all
}

var markup = regexp.MustCompile(`(?i)</?(?:br|td|div|p|table|b|center)\b[^>]*>`)

// plainText is the text of an opening, which a site may give as HTML: as a document
// of that kind is read.
func plainText(text string) (string, error) {
	if !markup.MatchString(text) {
		return extract.Normalize(text), nil
	}
	dir, err := os.MkdirTemp("", "eval")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "opinion.html")
	page := "<!DOCTYPE html><html><body>" + text
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		return "", err
	}
	content, err := extract.New(extract.Limits{}, nil).Extract(context.Background(), extract.Input{Path: path, Size: int64(len(page)), Name: "opinion.html"})
	if err != nil {
		return "", fmt.Errorf("read opening as HTML: %w", err)
	}
	var pages []string
	for _, p := range content.Pages {
		pages = append(pages, p.Text)
	}
	return strings.Join(pages, document.PageBreak), nil
}
