package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// findSymbols finds the mentions that a sign gives away: money, addresses,
// sections.
func (p *page) findSymbols() {
	for i := 0; i < len(p.text); i++ {
		switch p.text[i] {
		case '$':
			p.symbolAmount(i)
		case 0xE2, 0xC2:
			switch {
			case strings.HasPrefix(p.text[i:], "€"), strings.HasPrefix(p.text[i:], "£"), strings.HasPrefix(p.text[i:], "¥"):
				p.symbolAmount(i)
			case strings.HasPrefix(p.text[i:], "§"):
				p.sectionSign(i)
			}
		case '@':
			p.email(i)
		case '(':
			p.parenthesisedPhone(i)
		}
	}
}

// email finds the address whose "@" is at offset at. Its local part is of the
// characters that are used unquoted (RFC 5322 atoms), its domain has a top level
// of letters.
func (p *page) email(at int) {
	start := at
	for start > 0 && at-start < 64 && isAtom(p.text[start-1]) {
		start--
	}
	for start < at && p.text[start] == '.' {
		start++
	}
	end := at + 1
	dots, labelStart := 0, end
	for end < len(p.text) && end-at < 254 {
		c := p.text[end]
		if c == '.' && end > labelStart && end+1 < len(p.text) && isAlnum(p.text[end+1]) {
			dots++
			labelStart = end + 1
		} else if !isAlnum(c) && (c != '-' || end == labelStart) {
			break
		}
		end++
	}
	for end > at && p.text[end-1] == '-' {
		end--
	}
	if start == at || dots == 0 || end-labelStart < 2 || strings.Trim(p.text[labelStart:end], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return
	}
	p.add(document.Email, start, end, strings.ToLower(p.text[start:end]), 0.99, "")
}

func isAlnum(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

func isAtom(c byte) bool {
	return isAlnum(c) || strings.IndexByte("._%+-'!#$&*/=?^`{|}~", c) >= 0 && c != '/'
}

var (
	plainPhone = regexp.MustCompile(`^(?:\+?1[-. ])?([2-9]\d{2})[-. –‑]([2-9]\d{2})[-. –‑](\d{4})\b`)
	parenPhone = regexp.MustCompile(`^\(([2-9]\d{2})\) ?([2-9]\d{2})[-. –‑](\d{4})\b`)
	intlPhone  = regexp.MustCompile(`^\+(?:[2-9]\d{0,2})(?:[ .-]?\(?\d{1,4}\)?){2,5}`)
)

// phone finds a number of the North American plan that begins with token i.
// Groups are separated by one and the same sign.
func (p *page) phone(i int) int {
	t := p.tokens[i]
	start := t.start
	if start > 0 {
		switch c := p.text[start-1]; {
		case c == '+':
			start--
		case strings.IndexByte("-./:#$", c) >= 0, c == ' ' && p.text[start-min(2, start)] == '§':
			return i
		}
	}
	w := window(p.text, start)
	if w[0] == '+' && !strings.HasPrefix(w, "+1") {
		if found := intlPhone.FindString(w); found != "" {
			digits := onlyDigits(found)
			if len(digits) >= 8 && len(digits) <= 15 {
				p.add(document.Phone, start, start+len(found), "+"+digits, 0.9, "")
				return p.tokenAt(i, start+len(found))
			}
		}
		return i
	}
	m := plainPhone.FindStringSubmatch(w)
	if m == nil || strings.Contains(m[0], " ") && !strings.HasPrefix(m[0], "+") && !strings.ContainsAny(m[0], "-.") {
		return i
	}
	end := start + len(m[0])
	if end < len(p.text)-1 && (p.text[end] == '-' || p.text[end] == '/') {
		return i
	}
	p.add(document.Phone, start, end, "+1"+m[1]+m[2]+m[3], 0.95, "")
	return p.tokenAt(i, end)
}

// parenthesisedPhone finds a number whose area code's parenthesis is at offset at.
func (p *page) parenthesisedPhone(at int) {
	if at+13 > len(p.text) || p.text[at+1] < '2' || p.text[at+1] > '9' {
		return
	}
	if m := parenPhone.FindStringSubmatch(window(p.text, at)); m != nil {
		start := at
		if before := strings.TrimRight(p.text[:at], " -"); strings.HasSuffix(before, "+1") {
			start = len(before) - 2
		}
		p.add(document.Phone, start, at+len(m[0]), "+1"+m[1]+m[2]+m[3], 0.98, "")
	}
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
