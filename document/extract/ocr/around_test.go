package ocr

import (
	"fmt"
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

// scanned is the recognition of pages, each of a head, a text and a foot, and of what
// they have of their own.
func scanned(own, head, foot func(page int) string) (*reading, *document.Content) {
	c := &document.Content{Pages: make([]document.Page, 4)}
	r := &reading{content: c, waiting: map[int]*document.Page{}, seen: map[int]seenPage{}}
	place := func(text string, top int) line {
		at := image.Rect(400, top, 2000, top+40)
		return line{words: []word{{text: text, rect: at, confidence: 0.9}}, box: at, start: true}
	}
	for i := range c.Pages {
		n := i + 1
		p := seenPage{own(n), []line{place(head(n), 100), place(fmt.Sprintf("Text of page %d.", n), 1500), place(foot(n), 3200)}, image.Rect(0, 0, 2550, 3300)}
		c.Pages[i] = document.Page{Number: n, Source: document.TextOCR, Text: p.text(nil)}
		r.waiting[n], r.seen[n] = &c.Pages[i], p
	}
	return r, c
}

// What is printed around the text of scanned pages is told as of a text layer.
func TestHeadsAndStampsOfScansStayOnTheFirstPage(t *testing.T) {
	t.Parallel()
	none := func(int) string { return "" }
	stamp := func(n int) string {
		return fmt.Sprintf("Case 4:08-cv-02214 Document 26 Filed 01/29/2009 Page %d of 4", n)
	}
	number := func(n int) string { return fmt.Sprintf("- %d -", n) }
	for name, tc := range map[string]struct {
		own, head, foot func(int) string
		first, later    string // of the later, up to its number
		key, told       string
	}{
		"a running head": {none, func(int) string { return "ROE v. ACME" }, number,
			"ROE v. ACME\n\nText of page 1.", "Text of page ", "running-heads", "ROE v. ACME"},
		"a stamp in the picture": {none, stamp, number,
			stamp(1) + "\n\nText of page 1.", "Text of page ", "filing-stamps", stamp(1)},
		"a stamp besides the picture": {stamp, none, number,
			stamp(1) + "\n\nText of page 1.", "Text of page ", "filing-stamps", stamp(1)},
		"a stamp in both": {stamp, stamp, none,
			stamp(1) + "\n\nText of page 1.", "Text of page ", "filing-stamps", stamp(1)},
		"a stamp that is misread later": {none, func(n int) string {
			return []string{"", stamp(1), "Case $:08-cv-02214 Document 26 Filed 01/29/2009 Page 2of 4",
				"Case 4:08-cv-02214 Docurnent 26 Filed 01/29/2009 Page 3 0f 4", "Case 4:08-cv-02214 Document 26 Filed 01/29/2009 Page 4of4"}[n]
		}, number, stamp(1) + "\n\nText of page 1.", "Text of page ", "filing-stamps", stamp(1)},
		"stamps of many documents": {none, func(n int) string {
			return fmt.Sprintf("Case 4:08-cv-02214 Document 2%d Filed 01/29/2009", n)
		}, none, "Case 4:08-cv-02214 Document 21 Filed 01/29/2009\n\nText of page 1.", "", "running-heads", ""},
		"other lines": {none, func(n int) string { return []string{"", "Alpha", "Beta", "Gamma", "Delta"}[n] }, none,
			"Alpha\n\nText of page 1.", "", "running-heads", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, c := scanned(tc.own, tc.head, tc.foot)
			r.leaveOutAround()
			assert.Equal(t, tc.first, c.Pages[0].Text)
			for i, p := range c.Pages[1:] {
				if tc.later != "" {
					assert.Equal(t, fmt.Sprintf("%s%d.", tc.later, i+2), p.Text)
				} else {
					assert.Equal(t, fmt.Sprintf("%s\n\nText of page %d.", tc.head(i+2), i+2), p.Text)
				}
			}
			assert.Equal(t, tc.told, c.Metadata[tc.key])
		})
	}
}

func TestWhatScansHaveAroundTheirTextIsToldAfterTheOthers(t *testing.T) {
	t.Parallel()
	r, c := scanned(func(int) string { return "" }, func(int) string { return "ROE v. ACME" }, func(int) string { return "" })
	c.Metadata = map[string]string{"running-heads": "EXHIBIT A"}
	r.leaveOutAround()
	assert.Equal(t, "EXHIBIT A; ROE v. ACME", c.Metadata["running-heads"])
}

// A stamp that a page with a text layer has is not kept again.
func TestStampsOfPagesWithTextStayThere(t *testing.T) {
	t.Parallel()
	const stamp = "Case 4:08-cv-02214 Document 26 Filed 01/29/2009 Page 1 of 4"
	none := func(int) string { return "" }
	r, c := scanned(none, func(int) string { return stamp }, none)
	c.Metadata = map[string]string{"filing-stamps": stamp}
	r.leaveOutAround()
	for i, p := range c.Pages {
		assert.Equal(t, fmt.Sprintf("Text of page %d.", i+1), p.Text)
	}
	assert.Equal(t, stamp, c.Metadata["filing-stamps"])
}
