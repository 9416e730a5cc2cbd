package entity

import (
	"regexp"
	"strings"
)

// gap is the space inside a mention: it may hold one line break.
const gap = `(?:[\t\x20\x{A0}]+(?:\n[\t\x20]*)?|\n[\t\x20]*)`

// rx compiles a pattern that is tried at a known place: it is anchored, a space
// in it stands for gap and "_" for gap or nothing. A literal space is \x20, a
// literal underscore \x5F.
func rx(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:` + strings.NewReplacer(" ", gap, "_", gap+"?").Replace(pattern) + `)`)
}

// window is the part of s that a pattern is tried on at offset at: long enough
// for any mention, short enough that trying costs little.
func window(s string, at int) string {
	const size = 320
	return s[at:min(len(s), at+size)]
}

// oneLine is s with each run of space as one space.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\t\u00a0") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// dashes makes every dash of a number a hyphen.
var dashes = strings.NewReplacer("–", "-", "‑", "-", "—", "-", "‐", "-", "−", "-")
