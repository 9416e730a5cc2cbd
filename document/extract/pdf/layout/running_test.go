package layout_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document/extract/pdf/layout"
)

func isStamp(line string) bool { return strings.HasPrefix(line, "Case ") }

// running is what is left of pages, from the top down, and what was found.
func running(pages [][]layout.Line) ([]string, layout.Furniture) {
	var margins []layout.Margin
	for i, lines := range pages {
		margins = append(margins, layout.Margins(i, 792, lines)...)
	}
	f := layout.Running(len(pages), margins, isStamp)
	var left []string
	for i, lines := range pages {
		drop := f.Drop[i]
		var kept []string
		for k, l := range lines {
			if !drop[k] {
				kept = append(kept, l.Text)
			}
		}
		left = append(left, strings.Join(kept, "|"))
	}
	return left, f
}

// document is pages with a head, a foot and a body of their own.
func document(n int, head, foot func(page int) string) [][]layout.Line {
	var pages [][]layout.Line
	for i := range n {
		var lines []layout.Line
		if h := head(i + 1); h != "" {
			lines = append(lines, at(72, 750, h))
		}
		lines = append(lines, at(72, 400, fmt.Sprintf("body %c", 'a'+i)))
		if f := foot(i + 1); f != "" {
			lines = append(lines, at(72, 40, f))
		}
		pages = append(pages, lines)
	}
	return pages
}

func none(int) string { return "" }

func always(s string) func(int) string { return func(int) string { return s } }

func TestRunningTellsWhatIsPrintedOnEveryPage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		head, foot func(int) string
		want       string
	}{
		"a head": {always("ROE v. ACME"), none, "ROE v. ACME|body a;body b;body c;body d"},
		"a head and numbers": {always("ROE v. ACME"), func(p int) string { return fmt.Sprintf("- %d -", p) },
			"ROE v. ACME|body a;body b;body c;body d"},
		"a number in the head": {func(p int) string { return fmt.Sprintf("%d ROE v. ACME", p+6) }, none,
			"7 ROE v. ACME|body a;body b;body c;body d"},
		"numbers that begin late":   {none, func(p int) string { return fmt.Sprint(p + 1233) }, "body a;body b;body c;body d"},
		"page of pages":             {none, func(p int) string { return fmt.Sprintf("Page %d of 4", p) }, "body a;body b;body c;body d"},
		"Roman numbers":             {none, func(p int) string { return []string{"i", "ii", "iii", "iv"}[p-1] }, "body a;body b;body c;body d"},
		"numbers that do not count": {none, func(p int) string { return fmt.Sprint(p * p * 7) }, "body a|7;body b|28;body c|63;body d|112"},
		"the other side's head": {func(p int) string { return []string{"ROE v. ACME", "Opinion of the Court"}[p%2] }, none,
			"Opinion of the Court|body a;ROE v. ACME|body b;Opinion of the Court|body c;ROE v. ACME|body d"},
		"Bates numbers": {none, func(p int) string { return fmt.Sprintf("ACME%06d", p) },
			"body a|ACME000001;body b|ACME000002;body c|ACME000003;body d|ACME000004"},
		"a docket number": {none, always("No. 1:20-cv-01234"), "body a|No. 1:20-cv-01234;body b;body c;body d"},
		"stamps": {func(p int) string {
			return fmt.Sprintf("Case 1:20-cv-01234 Document 12 Filed 03/04/20 Page %d of 4 PageID #:%d", p, 364+p)
		}, none,
			"Case 1:20-cv-01234 Document 12 Filed 03/04/20 Page 1 of 4 PageID #:365|body a;body b;body c;body d"},
		"another case's stamps": {func(p int) string {
			return fmt.Sprintf("Case 1:20-cv-01234 Document %d Filed 03/04/20 Page %d", (p+1)/2, p)
		}, none,
			"Case 1:20-cv-01234 Document 1 Filed 03/04/20 Page 1|body a;body b;Case 1:20-cv-01234 Document 2 Filed 03/04/20 Page 3|body c;body d"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			left, _ := running(document(4, tc.head, tc.foot))
			assert.Equal(t, tc.want, strings.Join(left, ";"))
		})
	}
}

func TestRunningTellsHeadsOfBothSides(t *testing.T) {
	t.Parallel()
	left, f := running(document(8, func(p int) string {
		return fmt.Sprintf([]string{"%d ROE v. ACME", "Cite as: 9 U. S. 1 (2013) %d"}[p%2], p)
	}, none))
	assert.Equal(t, "Cite as: 9 U. S. 1 (2013) 1|body a;body b;body c;body d;body e;body f;body g;body h", strings.Join(left, ";"))
	assert.Equal(t, []string{"Cite as: 9 U. S. 1 (2013)", "ROE v. ACME"}, f.Heads)
}

func TestRunningKeepsTheFactsOfStamps(t *testing.T) {
	t.Parallel()
	_, f := running(document(3, func(p int) string { return fmt.Sprintf("Case 1:20-cv-01234 Document 7 Filed 03/04/20 Page %d of 3", p) }, none))
	assert.Equal(t, []string{"Case 1:20-cv-01234 Document 7 Filed 03/04/20 Page 1 of 3"}, f.Stamps)
	assert.Empty(t, f.Heads)
}

func TestRunningKeepsWhatRecursInTheText(t *testing.T) {
	t.Parallel()
	pages := document(4, none, none)
	for i := range pages {
		pages[i] = append(pages[i], at(72, 390, "It is so ordered."))
	}
	left, _ := running(pages)
	assert.Equal(t, "body a|It is so ordered.;body b|It is so ordered.;body c|It is so ordered.;body d|It is so ordered.", strings.Join(left, ";"))

	moved := document(4, none, none)
	for i := range moved {
		moved[i] = append(moved[i], at(72, 160-40*float64(i), "It is so ordered."))
	}
	left, _ = running(moved)
	assert.Contains(t, left[3], "It is so ordered.", "it stands elsewhere on each page")
}

func FuzzRunning(f *testing.F) {
	f.Add("Case 1 Page 2|- 3 -|xii|ROE v. ACME 4|ABC0001", 750.0)
	f.Fuzz(func(t *testing.T, s string, y float64) {
		var pages [][]layout.Line
		for range 4 {
			var lines []layout.Line
			for i, text := range strings.Split(s, "|") {
				lines = append(lines, at(72, y-20*float64(i), text))
			}
			pages = append(pages, lines)
		}
		left, found := running(pages)
		assert.Len(t, left, 4)
		for page, drop := range found.Drop {
			for k := range drop {
				assert.Less(t, k, len(pages[page]))
			}
		}
	})
}
