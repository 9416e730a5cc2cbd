package main

import (
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/kind"
)

// judgeKind judges what sort of document the beginning of one is told to be; "" is
// right for what is none of those.
func judgeKind(line []byte) (verdict, error) {
	var c struct {
		Text string `json:"text"`
		Kind string `json:"kind"`
	}
	if err := decode(line, &c); err != nil {
		return verdict{}, err
	}
	got, _ := kind.Of(c.Text, document.FormatText, nil)
	v := verdict{key: c.Text, onePerCase: true, want: c.Kind, got: string(got)}
	if string(got) == c.Kind {
		v.correct = 1
	} else {
		v.missed = 1
	}
	return v, nil
}
