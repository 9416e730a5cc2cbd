package layout

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Bounds for telling what is printed at the head or the foot of every page.
const (
	marginLines = 5    // at the head of a page, and at its foot
	headZone    = 0.22 // of the page's height
	runningLeft = 300  // bytes: a longer line is a paragraph's
	drift       = 12.0 // points: how far apart one running line stands on its pages
	leastPages  = 3    // that have a running head or foot
	leastShare  = 0.3  // of the pages, of one that does not run on
)

// Margin is a line at the head or the foot of a page, which may be running.
type Margin struct {
	Page int // from 0
	Line int // in the page's lines
	Text string
	Y    float64
	Foot bool
}

// Margins are the lines at the head and the foot of a page that may be running.
func Margins(page int, height float64, lines []Line) []Margin {
	var out []Margin
	for i, l := range lines {
		if l.Size <= 0 || l.Rotated || len(l.Text) > runningLeft || strings.TrimSpace(l.Text) == "" || !finite(l.Y) {
			continue
		}
		switch {
		case l.Y > height*(1-headZone):
			out = append(out, Margin{page, i, l.Text, l.Y, false})
		case l.Y < height*headZone:
			out = append(out, Margin{page, i, l.Text, l.Y, true})
		}
	}
	return outermost(out)
}

// outermost keeps the first rows of the head and the last of the foot.
func outermost(all []Margin) []Margin {
	var kept []Margin
	for _, foot := range []bool{false, true} {
		side := slices.DeleteFunc(slices.Clone(all), func(m Margin) bool { return m.Foot != foot })
		slices.SortStableFunc(side, func(a, b Margin) int {
			d := b.Y - a.Y
			if foot {
				d = -d
			}
			switch {
			case d > 0:
				return 1
			case d < 0:
				return -1
			}
			return 0
		})
		rows, at := 0, 0.0
		for i, m := range side {
			if i == 0 || m.Y-at > 3 || at-m.Y > 3 {
				if rows == marginLines {
					break
				}
				rows++
			}
			at = m.Y
			kept = append(kept, m)
		}
	}
	return kept
}

// Furniture is what is printed around the text of a document's pages.
type Furniture struct {
	// Drop are the lines that are no part of the text, by page.
	Drop map[int]map[int]bool
	// Stamps are the filing stamps, as they stand on the first page with each.
	Stamps []string
	// Heads are the running heads and feet that were left out, as they stand on
	// the first page with each.
	Heads []string
}

// Running tells the running lines among the margins of a document's pages. The
// first page keeps its own, and a stamp stays on the first page that has it,
// and Bates numbers stay everywhere.
// isStamp says whether a line is a filing stamp.
func Running(pages int, all []Margin, isStamp func(string) bool) Furniture {
	f := Furniture{Drop: map[int]map[int]bool{}}
	drop := func(m Margin) {
		if f.Drop[m.Page] == nil {
			f.Drop[m.Page] = map[int]bool{}
		}
		f.Drop[m.Page][m.Line] = true
	}
	var plain []Margin
	seen := map[string]bool{}
	for _, m := range all {
		if pageNumbered(m.Text) {
			continue
		}
		if !isStamp(m.Text) {
			plain = append(plain, m)
			continue
		}
		key := StampKey(m.Text)
		if seen[key] {
			drop(m)
			continue
		}
		seen[key] = true
		f.Stamps = append(f.Stamps, strings.Join(strings.Fields(m.Text), " "))
	}
	for _, group := range runningGroups(plain) {
		if !runs(group, pages) {
			continue
		}
		f.Heads = append(f.Heads, withoutPage(group[0].Text))
		for _, m := range group {
			if m.Page > 0 {
				drop(m)
			}
		}
	}
	for _, m := range pageNumbers(all) {
		drop(m)
	}
	return f
}

// runningGroups are the margins that say the same, but for their numbers, in
// one place.
func runningGroups(all []Margin) [][]Margin {
	type key struct {
		text string
		foot bool
	}
	var order []key
	groups := map[key][]Margin{}
	for _, m := range all {
		text, ok := runningKey(m.Text)
		if !ok {
			continue
		}
		k := key{text, m.Foot}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], m)
	}
	var out [][]Margin
	for _, k := range order {
		g := groups[k]
		ys := make([]float64, len(g))
		for i, m := range g {
			ys[i] = m.Y
		}
		mid := median(ys)
		g = slices.DeleteFunc(g, func(m Margin) bool { return m.Y-mid > drift || mid-m.Y > drift })
		out = append(out, g)
	}
	return out
}

// runs says whether a group is on enough pages: on a good part of all, or on
// one after another, or on every other one.
func runs(group []Margin, pages int) bool {
	var on []int
	for _, m := range group {
		if len(on) == 0 || on[len(on)-1] != m.Page {
			on = append(on, m.Page)
		}
	}
	if len(on) < leastPages {
		return false
	}
	if float64(len(on)) >= leastShare*float64(pages) {
		return true
	}
	span := on[len(on)-1] - on[0] + 1
	return len(on)*5 >= span*2 // every other page, but for a few
}

// runningKey is what a running line has in common on all pages, and whether it
// may be one: it has words. Numbers of up to three digits, as pages have, may
// differ; longer ones (Bates numbers, docket numbers) may not.
func runningKey(text string) (string, bool) {
	var b strings.Builder
	letters, digits := 0, 0
	s := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for i, r := range s {
		if r >= '0' && r <= '9' {
			digits++
			continue
		}
		writeNumber(&b, s[i-digits:i])
		digits = 0
		if unicode.IsLetter(r) {
			letters++
		}
		b.WriteRune(r)
	}
	writeNumber(&b, s[len(s)-digits:])
	// A number before or after the words is the page's.
	return strings.Trim(b.String(), "# "), letters >= 3
}

// withoutPage is a running line without the number of the page at its beginning
// or end.
func withoutPage(text string) string {
	words := strings.Fields(text)
	isNumber := func(w string) bool { return len(w) < 4 && leadingDigits(w) == len(w) }
	if len(words) > 1 && isNumber(words[0]) {
		words = words[1:]
	}
	if n := len(words); n > 1 && isNumber(words[n-1]) {
		words = words[:n-1]
	}
	return strings.Join(words, " ")
}

func writeNumber(b *strings.Builder, digits string) {
	switch {
	case len(digits) > 3:
		b.WriteString(digits)
	case digits != "":
		b.WriteByte('#')
	}
}

// stampPage is the part of a stamp that differs on each page.
var stampPage = regexp.MustCompile(`(?i)\b(?:page|pg|p)\.?\s*(?:id)?\s*(?:no)?[\s.:#]*\d+(?:\s*(?:of|/)\s*\d+)?`)

// StampKey is what a filing stamp has in common on all pages: the text but for the page's
// number, in lower case.
func StampKey(text string) string {
	return strings.ToLower(strings.Join(strings.Fields(stampPage.ReplaceAllString(text, "")), " "))
}

// pageNumber is a page's number alone: "12", "- 12 -", "Page 12 of 20", "xii".
var pageNumber = regexp.MustCompile(`(?i)^\W{0,4}(?:page|pg\.?|p\.)?\s{0,3}(?:(\d{1,4})|([ivxlc]{1,7}))(?:\s*(?:of|/)\s*\d{1,4})?\W{0,4}$`)

func pageNumbered(text string) bool { return pageNumber.MatchString(strings.TrimSpace(text)) }

// pageNumbers are the margins that number the pages: they count up with them.
func pageNumbers(all []Margin) []Margin {
	type series struct {
		first int
		roman bool
	}
	groups := map[series][]Margin{}
	for _, m := range all {
		sub := pageNumber.FindStringSubmatch(strings.TrimSpace(m.Text))
		if sub == nil {
			continue
		}
		value, roman := 0, sub[1] == ""
		if roman {
			value = fromRoman(strings.ToLower(sub[2]))
		} else if n, err := strconv.Atoi(sub[1]); err == nil {
			value = n
		}
		if value > 0 {
			k := series{value - m.Page, roman}
			groups[k] = append(groups[k], m)
		}
	}
	var out []Margin
	for k, g := range groups {
		if len(g) >= leastPages || len(g) >= 2 && !k.roman {
			out = append(out, g...)
		}
	}
	return out
}

// fromRoman is a Roman numeral's value, 0 of what is none.
func fromRoman(s string) int {
	values := map[byte]int{'i': 1, 'v': 5, 'x': 10, 'l': 50, 'c': 100}
	n := 0
	for i := range len(s) {
		v := values[s[i]]
		if i+1 < len(s) && v < values[s[i+1]] {
			v = -v
		}
		n += v
	}
	return n
}
