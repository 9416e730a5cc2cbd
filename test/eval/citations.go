package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// An answer is a citation as a case's fields; a field with several readings has
// them as a []string.
type answer map[string]any

// judgeCitations judges a text with its citations: only the fields that are
// listed are compared, each citation found answers one at most.
func judgeCitations(line []byte) (verdict, error) {
	var c struct {
		Text     string   `json:"text"`
		Expected []answer `json:"expected"`
	}
	if err := decode(line, &c); err != nil {
		return verdict{}, err
	}
	found := readCitations(c.Text)
	used := make([]bool, len(found))
	v := verdict{key: c.Text}
	for _, want := range c.Expected {
		k := slices.IndexFunc(found, func(a answer) bool { return a.answers(want) })
		for k >= 0 && used[k] {
			next := slices.IndexFunc(found[k+1:], func(a answer) bool { return a.answers(want) })
			if next < 0 {
				k = -1
				break
			}
			k += 1 + next
		}
		if k < 0 {
			v.missed++
			v.want += show(want) + " "
			continue
		}
		used[k] = true
		v.correct++
	}
	for k, a := range found {
		if !used[k] {
			v.wrong++
			v.got += show(a) + " "
		}
	}
	return v, nil
}

// answers says whether a has every field of want.
func (a answer) answers(want answer) bool {
	for field, x := range want {
		if got, ok := a[field]; !ok || !same(field, x, got) {
			return false
		}
	}
	return true
}

func same(field string, want, got any) bool {
	if readings, ok := got.([]string); ok {
		return slices.ContainsFunc(readings, func(r string) bool { return same(field, want, r) })
	}
	w, g := text(want), text(got)
	switch field {
	case "reporter", "code", "journal", "court", "groupId":
		w, g = strings.ReplaceAll(w, " ", ""), strings.ReplaceAll(g, " ", "")
	}
	return w == g
}

// text is a field's value as one string, a number as it is written.
func text(x any) string {
	switch x := x.(type) {
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(x)
}

func show(a answer) string {
	b, err := json.Marshal(a)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// judgeReporter judges a text that is one citation by the abbreviation of its
// reporter or code.
func judgeReporter(line []byte) (verdict, error) {
	var c struct {
		Text string `json:"text"`
		Key  string `json:"key"`
	}
	if err := decode(line, &c); err != nil {
		return verdict{}, err
	}
	got := readReporters(c.Text)
	v := verdict{key: c.Text, onePerCase: true, want: c.Key, got: strings.Join(got, " | ")}
	for _, g := range got {
		if strings.ReplaceAll(g, " ", "") == strings.ReplaceAll(c.Key, " ", "") {
			v.correct = 1
			return v, nil
		}
	}
	v.missed = 1
	return v, nil
}

// judgeCourt judges a court's name by its short identifier.
func judgeCourt(line []byte) (verdict, error) {
	var c struct {
		Text  string `json:"text"`
		Court string `json:"court"`
	}
	if err := decode(line, &c); err != nil {
		return verdict{}, err
	}
	got := readCourt(c.Text)
	v := verdict{key: c.Text, onePerCase: true, want: c.Court, got: got}
	if got == c.Court {
		v.correct = 1
	} else {
		v.missed = 1
	}
	return v, nil
}
