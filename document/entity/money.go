package entity

import (
	"math/big"
	"strings"

	"github.com/caseload/caseload/document"
)

const amount = `(\d{1,3}(?:,\d{3})+(?:\.\d{1,4})?|\d{1,15}(?:\.\d{1,4})?)`

var (
	symbolMoney = rx(`(US\$|C\$|A\$|CAD\$|HK\$|\$|€|£|¥)_` + amount + `(?:(?: |-)(hundred|thousand|million|billion|trillion|mm|m|k|bn|M|K|B)\b|([MKB])\b)?`)
	codeMoney   = rx(`(USD|EUR|GBP|CAD|AUD|JPY|CHF|CNY|INR|MXN|BRL|KRW|SEK|NOK|DKK|NZD|SGD|HKD)_` + amount + `(?: (thousand|million|billion|trillion)\b)?`)
	wordMoney   = rx(amount + `(?: (hundred|thousand|million|billion|trillion))? (dollars|Dollars|DOLLARS|euros|U\.S\. dollars|US dollars|USD|EUR|GBP|pounds sterling|yen)\b`)
)

var currencies = map[string]string{
	"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "C$": "CAD", "CAD$": "CAD", "A$": "AUD", "HK$": "HKD",
	"dollars": "USD", "U.S. dollars": "USD", "US dollars": "USD", "euros": "EUR", "pounds sterling": "GBP", "yen": "JPY",
}

var scales = map[string]int64{
	"": 1, "hundred": 100, "thousand": 1e3, "k": 1e3, "K": 1e3, "million": 1e6, "m": 1e6, "mm": 1e6, "M": 1e6,
	"billion": 1e9, "bn": 1e9, "B": 1e9, "trillion": 1e12,
}

// symbolAmount finds an amount whose currency's sign is at offset at.
func (p *page) symbolAmount(at int) {
	for _, prefix := range []string{"US", "C", "A", "CAD", "HK"} {
		if p.text[at] == '$' && strings.HasSuffix(p.text[:at], prefix) && (at == len(prefix) || strings.IndexByte(" \n(", p.text[at-len(prefix)-1]) >= 0) {
			at -= len(prefix)
			break
		}
	}
	if m := symbolMoney.FindStringSubmatch(window(p.text, at)); m != nil {
		p.money(at, m[0], m[1], m[2], m[3]+m[4], 0.98)
	}
}

// codeAmount finds "USD 5,000".
func (p *page) codeAmount(i int) {
	t := p.tokens[i]
	if m := codeMoney.FindStringSubmatch(window(p.text, t.start)); m != nil {
		p.money(t.start, m[0], m[1], m[2], m[3], 0.97)
	}
}

// spelledAmount finds an amount that spells its currency behind the number.
func (p *page) spelledAmount(i int) int {
	t := p.tokens[i]
	// The word after next is the furthest that names a currency.
	next := min(len(p.text), t.start+48)
	if !strings.Contains(p.text[t.start:next], "ollars") && !strings.Contains(p.text[t.start:next], "USD") &&
		!strings.Contains(p.text[t.start:next], "euro") && !strings.Contains(p.text[t.start:next], "DOLLARS") {
		return i
	}
	if t.start > 0 && strings.IndexByte("$€£.,", p.text[t.start-1]) >= 0 {
		return i
	}
	m := wordMoney.FindStringSubmatch(window(p.text, t.start))
	if m == nil {
		return i
	}
	p.money(t.start, m[0], strings.TrimSpace(oneLine(m[3])), m[1], m[2], 0.95)
	return p.tokenAt(i, t.start+len(m[0]))
}

func (p *page) money(start int, found, currency, number, scale string, confidence float64) {
	code, ok := currencies[currency]
	if !ok {
		if code, ok = currencies[strings.ToLower(currency)]; !ok {
			code = currency
		}
	}
	value, ok := new(big.Rat).SetString(strings.ReplaceAll(number, ",", ""))
	if !ok {
		return
	}
	value.Mul(value, new(big.Rat).SetInt64(scales[scale]))
	text := value.FloatString(2)
	text = strings.TrimSuffix(text, ".00")
	p.add(document.Money, start, start+len(found), code+" "+text, confidence, "")
}
