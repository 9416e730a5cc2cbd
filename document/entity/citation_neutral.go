package entity

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

var (
	westlawAt = rx(`,_at_\*\d+(?:[-–]\*?\d+)?(?:,_\*?\d+(?:[-–]\*?\d+)?)*(?:_\&?_nn?\._\d+)?`)
	westlaw   = rx(`((?:1[89]|20)\d\d) (WL|W\.L\.|Westlaw) (\d{3,9})\b`)
	lexis     = rx(`((?:1[89]|20)\d\d) ((?:[A-Z][A-Za-z.'’]*\.? ){0,5}?(?:LEXIS|Lexis)) (\d{1,7})\b`)
	neutral   = rx(`((?:1[89]|20)\d\d)( ?-|–| )([A-Z][A-Za-z]{1,7})(?: (App|Super)\.?(?: \((\d[a-z]{1,2}|[A-Z])\))?)?(?:- ?|–| )(\d{1,7}[A-Z]{0,2}(?:-[A-Z]\b)?)`)
	slipOp    = rx(`((?:19|20)\d\d) (NY|N\.Y\.) Slip Op\.? (?:No\. )?(\d{4,6})(?:_[(\[]([A-Z])[)\]])?`)
)

// neutralCitation finds a database or public-domain citation at start, which w
// begins with, and returns its end or 0.
func (p *page) neutralCitation(start int, w string) int {
	add := func(length int, normalized string, confidence float64) int {
		end := start + length
		if m := westlawAt.FindStringIndex(window(p.text, end)); m != nil {
			end += m[1]
		}
		if m := courtYear.FindStringIndex(window(p.text, end)); m != nil && m[1] <= 90 {
			end += m[1]
		}
		p.add(document.CaseCitation, start, end, normalized, confidence, "")
		return end
	}
	if len(w) < 6 || w[0] != '1' && w[0] != '2' {
		return 0
	}
	if m := westlaw.FindStringSubmatch(w); m != nil {
		return add(len(m[0]), m[1]+" WL "+m[3], 0.99)
	}
	if m := slipOp.FindStringSubmatch(w); m != nil {
		normalized := m[1] + " NY Slip Op " + m[3]
		if m[4] != "" {
			normalized += "(" + m[4] + ")"
		}
		return add(len(m[0]), normalized, 0.98)
	}
	if m := neutral.FindStringSubmatchIndex(w); m != nil && (m[1] == len(w) || !isAlnumTail(w[m[1]:])) {
		sub := func(k int) string {
			if m[2*k] < 0 {
				return ""
			}
			return w[m[2*k]:m[2*k+1]]
		}
		if year, court := sub(1), sub(3); neutralCodes[court] {
			normalized := year + " " + court
			if sub(4) != "" {
				normalized += " " + sub(4)
			}
			if sub(5) != "" {
				normalized += " (" + sub(5) + ")"
			}
			if hyphen := strings.TrimSpace(sub(2)); hyphen != "" && sub(4) == "" {
				return add(m[1], year+"-"+court+"-"+sub(6), 0.95)
			}
			return add(m[1], normalized+" "+sub(6), 0.95)
		}
	}
	if strings.Contains(w[:min(len(w), 60)], "LEXIS") || strings.Contains(w[:min(len(w), 60)], "Lexis") {
		if m := lexis.FindStringSubmatch(w); m != nil {
			return add(len(m[0]), m[1]+" "+oneLine(m[2])+" "+m[3], 0.98)
		}
	}
	return 0
}

var neutralCodes = func() map[string]bool {
	m := make(map[string]bool)
	for _, c := range strings.Fields(neutralCourts) {
		m[c] = true
	}
	return m
}()

// publisher follows the name of a looseleaf service, which often has no volume.
var publisher = rx(`[(\[](CCH|C\.C\.H\.|BNA|RIA|P-H)[)\]],?_(?:[¶P]_|par\. )?(\d[\d,.-]*)`)

// looseleaf finds a citation of a looseleaf service without a volume, whose
// publisher's parenthesis is at offset at: "Fed. Sec. L. Rep. (CCH) ¶ 77,526".
func (p *page) looseleaf(at int) {
	m := publisher.FindStringSubmatch(window(p.text, at))
	if m == nil {
		return
	}
	last, ok := slices.BinarySearchFunc(p.tokens, at, func(t token, at int) int { return t.start - at })
	if last--; ok || last < 0 || strings.TrimSpace(p.text[p.tokens[last].after():at]) != "" {
		return
	}
	first := last
	for first > 0 && last-first < 6 && (p.tokens[first].before.simple() || p.tokens[first].before == amp) && p.tokens[first-1].is(upper) {
		first--
	}
	start := p.tokens[first].start
	name := oneLine(p.text[start:p.tokens[last].after()])
	if r, ok := reporters()[squeeze(name)]; ok {
		name = r.name
	}
	number := strings.TrimRight(m[2], ",.-")
	end := at + len(m[0]) - (len(m[2]) - len(number))
	p.add(document.CaseCitation, start, end, name+" "+strings.ReplaceAll(number, ",", ""), 0.85, "")
}
