package regexp_test

import (
	std "regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document/internal/regexp"
)

var exprs = []string{
	`(?i)\b(?:attorneys?|counsel)(?:\s+of\s+record)?\s+for\b|\brepresent(?:ing|s)\b`,
	`\b(?:due|payable)(?: date)?[ :|]*$`,
	`expir(?:es?|ing)|ends (?:on )?$|through and including`,
	`(?i)^[\s:]*(?:the|named)*$`,
	`(?:Court){0,3} of Appeals?`,
	`(?:Court){2} `,
	`a|bc`,
	`(?i:straße|STRASSE)|weg`,
	`[^.;]{0,70}`,
	`(?m)^§\s*(\d+)\.`,
	`(Hon)(?:orable)?\.? +([A-Z]\w+)`,
	`(?i)kiss|x(?-i:Court)`,
}

var texts = []string{
	"", "a", "Counsel for the Plaintiff, ATTORNEYS OF RECORD FOR him", "REPRESENTS", "rent is due date: ", "PAYABLE", "which expires",
	"ends on ", "Court of Appeal", "CourtCourt of", "xyz", "b", "bc", "STRASSE", "straße", "Straßenweg", "§ 12. x", "Honorable Jane Roe", "Hon. Jane",
	"KISS", "xcourt", "xCourt", "the named", "counse", "ounsel", "Due", "attorney for", "atattorneys  for",
}

func TestItFindsWhatTheStandardLibraryFinds(t *testing.T) {
	for _, expr := range exprs {
		p, want := regexp.MustCompile(expr), std.MustCompile(expr)
		for _, s := range append(texts, strings.Join(texts, "\n")) {
			same(t, want, p, s)
		}
	}
}

func TestTextsWithoutTheLiteralsOfAnExpressionAreTurnedDown(t *testing.T) {
	assert.False(t, regexp.MustCompile(exprs[0]).Possible("The lease was signed."))
	assert.True(t, regexp.MustCompile(exprs[0]).Possible("COUNSEL"))
	assert.False(t, regexp.MustCompile(exprs[1]).Possible("The lease was signed."))
	assert.False(t, regexp.MustCompile(exprs[2]).Possible("EXPIRES"), "it heeds case")
	assert.True(t, regexp.MustCompile(exprs[4]).Possible(" of Appeal"), "what may be left out is not looked for")
	assert.True(t, regexp.MustCompile(exprs[6]).Possible("zzz"), "nothing is known of it")
}

// A text may have a letter in one case alone.
func TestLookingTakesAsLongAsTheTextIs(t *testing.T) {
	p := regexp.MustCompile(`(?i)verdict`)
	for _, text := range []string{strings.Repeat("V", 1<<20), strings.Repeat("v", 1<<20)} {
		start := time.Now()
		assert.False(t, p.Possible(text))
		assert.Less(t, time.Since(start), time.Second)
		assert.True(t, p.Possible(text+"ERDict"))
	}
}

func same(t *testing.T, want *std.Regexp, p *regexp.Regexp, s string) {
	t.Helper()
	assert.Equal(t, want.MatchString(s), p.MatchString(s), "%v: %q", want, s)
	assert.Equal(t, want.FindString(s), p.FindString(s), "%v: %q", want, s)
	assert.Equal(t, want.FindStringIndex(s), p.FindStringIndex(s), "%v: %q", want, s)
	assert.Equal(t, want.FindStringSubmatch(s), p.FindStringSubmatch(s), "%v: %q", want, s)
	assert.Equal(t, want.FindStringSubmatchIndex(s), p.FindStringSubmatchIndex(s), "%v: %q", want, s)
	assert.Equal(t, want.FindAllString(s, -1), p.FindAllString(s, -1), "%v: %q", want, s)
	assert.Equal(t, want.FindAllStringIndex(s, -1), p.FindAllStringIndex(s, -1), "%v: %q", want, s)
	assert.Equal(t, want.FindAllStringSubmatch(s, -1), p.FindAllStringSubmatch(s, -1), "%v: %q", want, s)
	assert.Equal(t, want.FindAllStringSubmatchIndex(s, -1), p.FindAllStringSubmatchIndex(s, -1), "%v: %q", want, s)
	assert.Equal(t, want.ReplaceAllString(s, "-"), p.ReplaceAllString(s, "-"), "%v: %q", want, s)
}

func FuzzRegexp(f *testing.F) {
	for i := range exprs {
		for _, s := range texts {
			f.Add(uint(i), s)
		}
	}
	f.Fuzz(func(t *testing.T, i uint, s string) {
		if strings.ContainsAny(s, "ſ\u212a") {
			t.Skip()
		}
		expr := exprs[i%uint(len(exprs))]
		same(t, std.MustCompile(expr), regexp.MustCompile(expr), s)
	})
}
