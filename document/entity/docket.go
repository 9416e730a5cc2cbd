package entity

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

const docketLabels = `No Nos Case Cases Docket Civil Criminal Index Cause Appeal Number Crim Civ Adversary Adv CASE NO NOS DOCKET CIVIL Dkt USDC docketed`

var (
	// federalDocket is a number of a federal trial court as CM/ECF writes it:
	// office:year-type-number-judges.
	federalDocket = rx(`(?:(\d{1,2})[:-])?((?:19|20)?\d{2})[-–]?_(cv|cr|mj|md|mc|ml|ap|bk|po|sw|gj|mdl|CV|CR|MJ|MD|MC|ML|AP|BK|MDL|cr|Cv|Cr|civ|CIV|crim)[-–]?_(\d{2,6})((?:[-–][A-Z][A-Za-z]{0,4}\b|[-–]\d{1,2}\b|\x20[A-Z]{2,4}\b)*(?:_\([A-Z]{2,5}x?\))?)`)
	label         = rx(`(?:(?:Civil|Criminal|CIVIL|CRIMINAL|Adversary|Adv\.|Bankruptcy|BANKRUPTCY|BK|MDL|Civ\.|Crim\.|USDC|District|DC|Supreme Court|Court of Appeals|Appeal|Index|Cause|Docket|DOCKET|Case|CASE|Cases|CASES|Action|ACTION|File|Consolidated|docketed) )*` +
		`(?:Action|ACTION|Case|CASE|Cases|CASES|Docket|DOCKET|Appeal|APPEAL|Index|INDEX|Cause|CAUSE|File|Petition|docketed)?_(?:(?:Nos?|NOS?|Nº)\.?_:?|[Nn]umbers?_:?|NUMBERS?_:?|as number|as|#_:?|:)_(?:MDL|Civ\.|Crim\.|Civil|Criminal|CIV|CRIM)?_`)
	appellate = rx(`(\d{2})[-–](\d{1,5})(-(?:cv|cr|CV|CR|ag|bk|pr|op|[a-z]{2}))?(?:\([LC]\)|\(CON\))?`)
	// stateDocket is any other number: digits with the letters and marks that
	// state courts join to them.
	stateDocket = rx(`(?:[A-Z][A-Za-z]{0,4}\.?[-–\x20]?)?[A-Z\d][A-Za-z\d]*(?:[-–:./][A-Z\d][A-Za-z\d]*)*`)
	// initials are those of judges, and a division's, behind a number with a year.
	initials   = regexp.MustCompile(`^(\d{2}-\d{3,6})(?:-[A-Z]{2,4})+$`)
	nextDocket = rx(`(?:,? (?:and|&|through|to) |,_|;_)(?:(?:Case |CASE )?(?:Nos?|NOS?)\._)?`)
)

// notDocket are words before "No." that say it numbers something else; the last
// of them are registers of court reporters and of the states' bars.
var notDocket = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`dkt doc docs ecf exhibit exh ex bar license policy account order patent check badge l pub law regulation page count
claim amendment form proposition measure issue bill lot unit box suite room id flight route station pin part paragraph section school district local
ordinance resolution release opinion op report instruction registration reg serial invoice contract plan interrogatory request requests rfp question title div
division precinct volume vol tract parcel plat permit apartment apt juror jury witness victim defendant plaintiff ground term sbn tel phone fax dkts entry rep
reporter job incident container vessel imo voyage booking bates po requisition badge tax ein ssn dob unit model serial csr rpr cpr rmr crr
wsba osb isb vsb ksb nsb fbn gbn tbn cbn ibn mbn nbn bpr ardc bbo njid juris usb asb msb kba nhba atty attorney firm cook
sbot sbn iard crd npn loan acct customer project quote deal matter commission policy route lic p.o order batch sku asset vin`) {
		notDocket[w] = true
	}
}

// labelledDocket finds the docket numbers behind a label at token i.
func (p *page) labelledDocket(i int) int {
	t := p.tokens[i]
	if i > 0 && (p.tokens[i].before.simple() || p.text[p.tokens[i-1].after():t.start] == " ") && notDocket[strings.ToLower(p.word(i-1))] {
		return i
	}
	if w := p.word(i); (w == "Dkt" || w == "docketed") && !strings.Contains(window(p.text, t.start)[:min(24, len(window(p.text, t.start)))], "o") {
		return i
	}
	m := label.FindStringIndex(window(p.text, t.start))
	if m == nil || strings.EqualFold(p.word(i), "dkt") {
		return i
	}
	introduced := p.text[t.start : t.start+m[1]]
	colon := strings.HasSuffix(strings.TrimSpace(introduced), ":") && !strings.ContainsAny(introduced, "Nn#")
	at := t.start + m[1]
	end := 0
	for {
		n := p.docketAt(at, !colon)
		if n == 0 {
			break
		}
		end = at + n
		more := nextDocket.FindStringIndex(window(p.text, end))
		if more == nil {
			break
		}
		at = end + more[1]
		colon = true
	}
	if end == 0 {
		return i
	}
	return p.tokenAt(i, end)
}

// docketAt records the docket number at offset at and returns its length, 0 if
// there is none. Without a label that says "number" only the forms with a year
// count.
func (p *page) docketAt(at int, labelled bool) int {
	w := window(p.text, at)
	if m := spacedDocket.FindString(w); m != "" && labelled {
		p.add(document.DocketNumber, at, at+len(m), oneLine(m), 0.9, "")
		return len(m)
	}
	if m := joinedDocket.FindString(w); m != "" && labelled {
		p.add(document.DocketNumber, at, at+len(m), m, 0.93, "")
		return len(m)
	}
	if m := federalDocket.FindStringSubmatch(w); m != nil && !numbersOn.MatchString(w[len(m[0]):]) {
		p.add(document.DocketNumber, at, at+joinedLength(m), federalNumber(m), 0.98, "")
		return len(m[0])
	}
	if n := p.bankruptcyDocket(at); n > 0 {
		return n
	}
	if m := appellate.FindStringSubmatch(w); m != nil && (len(m[0]) == len(w) || !isAlnumTail(w[len(m[0]):]) && !strings.HasPrefix(w[len(m[0]):], "-")) {
		number := dashes.Replace(m[1] + "-" + m[2])
		p.add(document.DocketNumber, at, at+len(m[0]), number, 0.93, "")
		return len(m[0])
	}
	found := strings.TrimRight(stateDocket.FindString(w), ".-–:/ \n")
	digits := 0
	for _, c := range found {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case digits < 2 || len(found) < 4 || len(found) > 32 || strings.ContainsAny(found, "\n"):
		return 0
	case !labelled && (digits < 3 || !strings.ContainsAny(found, "-–/")):
		return 0
	case digits == len(found) && digits < 5:
		return 0
	case plainPhone.MatchString(found), slashed.MatchString(found), strings.Count(found, ".") > 1:
		return 0
	}
	p.add(document.DocketNumber, at, at+len(found), initials.ReplaceAllString(dashes.Replace(oneLine(found)), "$1"), 0.85, "")
	return len(found)
}

// joinedLength is the length of what federalDocket matched without initials that no
// hyphen joins to the number.
func joinedLength(m []string) int {
	n := len(m[0]) - len(m[5])
	if i := strings.IndexAny(m[5], " \t\n("); i >= 0 {
		return n + i
	}
	return len(m[0])
}

// joinedDocket is a number of a state court whose parts nothing parts: "2021CV000877".
var joinedDocket = rx(`(?:19|20)\d{2}[A-Z]{2}\d{5,7}\b`)

// spacedDocket is a number of a state court in parts: "22 L 004417".
var spacedDocket = rx(`(?:19|20)?\d{2}\x20[A-Z]{1,4}\x20\d{2,7}\b`)

// numbersOn follows what only looks like a federal number: "27-CV-22-10087".
var numbersOn = regexp.MustCompile(`^[-–]\d{3,}`)

// bankruptcy is a bankruptcy court's number with its judge's initials.
var bankruptcy = rx(`(\d{2}-\d{5})-[A-Z]{2,4}\b`)

// bankruptcyDocket finds a bankruptcy court's number at offset at and returns its length.
func (p *page) bankruptcyDocket(at int) int {
	m := bankruptcy.FindStringSubmatch(window(p.text, at))
	if m == nil {
		return 0
	}
	p.add(document.DocketNumber, at, at+len(m[0]), m[1], 0.95, "")
	return len(m[0])
}

// federalNumber is the normal form of what federalDocket matched: two-digit
// year, lower-case type, five digits, as CM/ECF writes it.
func federalNumber(m []string) string {
	year := m[2][len(m[2])-2:]
	kind := strings.ToLower(m[3])
	switch kind {
	case "civ":
		kind = "cv"
	case "crim":
		kind = "cr"
	}
	number := fmt.Sprintf("%s-%s-%05s", year, kind, m[4])
	if m[1] != "" {
		number = m[1] + ":" + number
	}
	return number
}

// stampedDocket is a number in the stamp that a court's filing system puts on pages:
// "Case 24-20618   Doc 31   Filed 06/21/24".
var stampedDocket = rx(`(\d{2}[-–]\d{4,5})\s+(?:Doc(?:ument)?\b|Claim\b|Filed\b|Page\b|Entered\b|Desc\b|DktEntry)`)

// letteredDocket is a trial court's number that begins with the kind of case and the
// full year: "CV 2023-004417".
var letteredDocket = rx(`(?:CV|CR|FC|FN|DR|PB|JV|TJ|LC|SC|CT|CC|CJ|CF|PC|FD|MH|TR)[\x20-]?(?:19|20)\d{2}-\d{4,7}(?:-\d{1,3})?\b`)

// lineDocket finds such a number at token i where it begins a line.
func (p *page) lineDocket(i int) int {
	t := p.tokens[i]
	if t.end-t.start < 2 || !t.is(upper) || !p.startsLine(i) {
		return i
	}
	m := letteredDocket.FindString(window(p.text, t.start))
	if m == "" {
		return i
	}
	p.add(document.DocketNumber, t.start, t.start+len(m), oneLine(m), 0.9, "")
	return p.tokenAt(i, t.start+len(m))
}

// bareDocket finds a federal docket number without a label.
func (p *page) bareDocket(i int) int {
	t := p.tokens[i]
	if t.end-t.start < 8 || t.end-t.start > 40 {
		return i
	}
	w := window(p.text, t.start)
	if m := federalDocket.FindStringSubmatch(w); m != nil && !numbersOn.MatchString(w[len(m[0]):]) && (m[1] != "" || len(m[4]) >= 4) {
		end := t.start + len(m[0])
		p.add(document.DocketNumber, t.start, t.start+joinedLength(m), federalNumber(m), 0.95, "")
		return p.tokenAt(i, end)
	}
	if i > 0 && p.follows(i, "case") && p.startsLine(i-1) {
		if n := p.bankruptcyDocket(t.start); n > 0 {
			return p.tokenAt(i, t.start+n)
		}
		if m := stampedDocket.FindStringSubmatch(w); m != nil {
			p.add(document.DocketNumber, t.start, t.start+len(m[1]), dashes.Replace(m[1]), 0.93, "")
			return p.tokenAt(i, t.start+len(m[1]))
		}
	}
	return i
}
