package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/caseload/caseload/document"
)

// Keys of the metadata that Bates sets.
const (
	metaBatesBegin = "bates-begin"
	metaBatesEnd   = "bates-end"
)

// marginLines is how many lines at a page's head, and at its foot, are looked at
// for a stamp.
const marginLines = 3

// batesNumber is a stamped number: a prefix in capitals and at least four digits.
var batesNumber = regexp.MustCompile(`^([A-Z][A-Z0-9_.&-]{0,30}?)([0-9]{4,10})$`)

// batesPrefix and batesDigits are one that is stamped in two words.
var (
	batesPrefix = regexp.MustCompile(`^[A-Z][A-Z0-9_.&-]{1,30}$`)
	batesDigits = regexp.MustCompile(`^0[0-9]{4,9}$`)
)

// batesStamp is a number on a page.
type batesStamp struct {
	text   string // as it is stamped
	prefix string
	digits int
	number int64
}

// batesSeries is what stamps of one run of numbers share, whatever their page.
type batesSeries struct {
	prefix string
	digits int
	first  int64 // the number that page 0 would have
}

// Bates sets the first and the last Bates number of c in its metadata, as they
// are stamped: "bates-begin" and "bates-end". That a number is one, and no other
// number in a header or footer, is told from its counting up with the pages: on
// four fifths of them at least, on two pages or more, on three if it has fewer
// than six digits. Without such evidence nothing is set, nor where the metadata
// has the keys.
func Bates(c *document.Content) {
	if len(c.Pages) < 2 || c.Metadata[metaBatesBegin] != "" {
		return
	}
	type run struct {
		pages      int
		last       int // page on which it was seen
		begin, end string
	}
	runs := map[batesSeries]*run{}
	var best *run
	for i, p := range c.Pages {
		for _, s := range batesStamps(p.Text) {
			key := batesSeries{s.prefix, s.digits, s.number - int64(i)}
			r := runs[key]
			if r == nil {
				r = &run{last: -1, begin: s.text}
				runs[key] = r
			}
			if r.last == i { // stamped twice
				continue
			}
			r.pages, r.last, r.end = r.pages+1, i, s.text
			least := 2
			if s.digits < 6 {
				least = 3
			}
			if r.pages >= least && (best == nil || r.pages > best.pages) {
				best = r
			}
		}
	}
	if best == nil || best.pages*5 < len(c.Pages)*4 {
		return
	}
	if c.Metadata == nil {
		c.Metadata = map[string]string{}
	}
	c.Metadata[metaBatesBegin], c.Metadata[metaBatesEnd] = best.begin, best.end
}

// batesStamps are what may be stamps at the head and the foot of a page.
func batesStamps(text string) []batesStamp {
	var out []batesStamp
	for _, line := range marginsOf(text) {
		words := strings.Fields(line)
		for i, w := range words {
			prefix, digits, stamp := "", "", w
			if m := batesNumber.FindStringSubmatch(w); m != nil {
				prefix, digits = m[1], m[2]
			} else if i > 0 && batesDigits.MatchString(w) && batesPrefix.MatchString(words[i-1]) {
				prefix, digits, stamp = words[i-1]+" ", w, words[i-1]+" "+w
			} else {
				continue
			}
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil {
				continue
			}
			out = append(out, batesStamp{stamp, prefix, len(digits), n})
		}
	}
	return out
}

// maxMarginLine is how long a line at a page's head or foot may be, in bytes; a
// longer one is a paragraph.
const maxMarginLine = 300

// marginsOf are the first and the last lines of a page that say something.
func marginsOf(text string) []string {
	var head, foot []string
	rest := text
	for len(head) < marginLines && rest != "" {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if strings.TrimSpace(line) != "" {
			head = append(head, line)
		}
	}
	for len(foot) < marginLines && strings.TrimSpace(rest) != "" {
		i := strings.LastIndexByte(rest, '\n')
		if line := rest[i+1:]; strings.TrimSpace(line) != "" {
			foot = append(foot, line)
		}
		rest = rest[:max(i, 0)]
	}
	kept := head[:0]
	for _, line := range append(head, foot...) {
		if len(line) <= maxMarginLine {
			kept = append(kept, line)
		}
	}
	return kept
}
