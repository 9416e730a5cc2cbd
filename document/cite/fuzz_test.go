package cite_test

import (
	"testing"
	"unicode/utf8"

	"github.com/caseload/caseload/document/cite"
)

// Whatever the text, spans are inside it and in order, and what a short form means
// is a citation before it.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"Roe v. Wade, 410 U.S. 113, 93 S. Ct. 705 (1973) (per curiam). Id. at 120; Wade, supra, at 9; 410 U.S., at 153.",
		"42 U.S.C. §§ 1983, 1985 and 1988; 735 ILCS 5/2-1401; Cal. Civ. Code § 1750; TEX. INS. CODE § 4001.003(1).",
		"2014-Ohio-1234, ¶ 5; 2019 WL 123456, at *3; 22CO7; 2009 1359R (La.App. 5 Cir. 05/10/10); T.C. Memo. 2009-12",
		"U.S. Const. amend. XIV, § 1; Fed. R. Civ. P. 12(b)(6); Pub. L. No. 117-58, 135 Stat. 429; 86 Fed. Reg. 12,345",
		"12\u00a0F.3d\u00a034 (9th Cir.\n1994) “See” — 1 Cranch 137",
		"\xff12 F.3d \xc2", "1 A.", "§", "Id", "supra", "(1999", "1-1 U.S. 1", "0 v \" supra",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r cite.Reader
		for range 2 {
			last := 0
			all := r.Read(text)
			for k, c := range all {
				if c.Start < last || c.End <= c.Start || c.End > len(text) || c.NameStart > c.Start || c.NameStart < 0 {
					t.Fatalf("citation %d of %q: span %d-%d after %d, name from %d", k, text, c.Start, c.End, last, c.NameStart)
				}
				if utf8.ValidString(text) && !utf8.ValidString(text[c.Start:c.End]) {
					t.Fatalf("citation %d of %q splits a character", k, text)
				}
				if c.Antecedent >= k || c.Antecedent >= 0 && c.Means == "" || c.Group > k || c.Group < 0 {
					t.Fatalf("citation %d of %q: antecedent %d, means %q, group %d", k, text, c.Antecedent, c.Means, c.Group)
				}
				if c.Key() == "" {
					t.Fatalf("citation %d of %q has no key", k, text)
				}
				last = c.End
			}
		}
	})
}

// Any name has one identifier, and reading it ends.
func FuzzCourtID(f *testing.F) {
	for _, seed := range []string{"N.D. Cal.", "Supreme Court, Bronx County", "S D", ",", "é", "U S", "City of", "1st", "County", "Court of"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if a, b := cite.CourtID(name), cite.CourtID(name); a != b {
			t.Fatalf("%q: %q, then %q", name, a, b)
		}
	})
}
