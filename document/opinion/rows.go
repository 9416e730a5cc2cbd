package opinion

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// cues say what a line's words may be about, so that each rule looks only where it
// can find something.
type cues uint16

const (
	aReview  cues = 1 << iota // what is reviewed
	aLabel                    // a number's label
	aDate                     // a month, or digits with strokes
	aJudge                    // judges and what they do
	aPanel                    // a list of judges begins
	aDecider                  // a court or an agency
	aDigit
)

var cueWords = func() map[string]cues {
	m := map[string]cues{}
	for c, words := range map[cues]string{
		aReview:  "action special appeal appeals review certiorari error exceptions transfer transferred petition petitions application applications question questions below certification from appealed court: originating",
		aLabel:   "no nos number numbers no(s) case docket index claim action appeal cause file petition matter record proceeding complaint application charge control indictment ind cases",
		aDate:    "january jan february feb march mar april apr may june jun july jul august aug september sept sep october oct november nov december dec",
		aJudge:   "judge judges justice justices author hon honorable opinion memorandum delivered authored wrote written announced chancellor master officer j jj js c.j p.j j.p ch v.c s j.s.c a.j.s.c a.c.j u.s.d.j d.j referee commissioner magistrate p.j.a.d j.a.d s.j decision order a.l.j m.j equity",
		aPanel:   "by before present panel coram bench considered heard submitted judges justices sitting concur participating composed consists consisted consisting",
		aDecider: "court courts tribunal board commission nlrb chairman division department bureau masters slip v vs versus against matter",
	} {
		for _, w := range strings.Fields(words) {
			m[w] |= c
		}
	}
	return m
}()

// A row is a line that is not blank, without the space around it.
type row struct {
	document.Span
	cues cues
}

// lines finds the rows.
func (h *head) lines() {
	at, i := 0, 0
	for line := range strings.Lines(h.text) {
		if s := h.trim(document.Span{Start: at, End: at + len(line)}); s.Len() > 0 {
			r := row{s, cuesOf(h.text[s.Start:s.End])}
			h.supreme = h.supreme || i < 12 && supremeCourt.MatchString(h.text[s.Start:s.End])
			i++
			h.court = h.court || r.cues&aDecider != 0
			h.rows = append(h.rows, r)
		}
		at += len(line)
	}
}

// supremeCourt is a heading of a court that reviews a court of appeals.
var supremeCourt = regexp.MustCompile(`^(?i:in[ \t]+(?:the[ \t]+)?)?(?:[\w ]+[ \t]+)?(?i:supreme[ \t]+court)(?:[ \t]+(?i:of)\b.*)?$`)

func cuesOf(line string) cues {
	var c cues
	for _, w := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t,;—–/", r) }) {
		w = strings.ToLower(w)
		c |= cueWords[w]
		if strings.ContainsAny(w, "0123456789") {
			c |= aDigit
			if strings.ContainsAny(w, "-") || strings.Contains(line, "/") {
				c |= aDate
			}
		}
		if strings.Contains(w, "#") {
			c |= aLabel
		}
		bare := strings.Trim(w, ".:()[]*_'’\"")
		c |= cueWords[bare]
		// "District.The", as extraction may run words together.
		if i := strings.LastIndexByte(bare, '.'); i >= 0 {
			c |= cueWords[bare[i+1:]]
		}
	}
	return c
}

// find is re.FindAllStringSubmatchIndex, for most matches at most, on the parts of the
// text that have one of the cues: rows with it, and the rows next to them.
func (h *head) find(re *regexp.Regexp, want cues, above, below, most int) [][]int {
	var all [][]int
	for i := 0; i < len(h.rows) && len(all) < most; i++ {
		if h.rows[i].cues&want == 0 {
			continue
		}
		first, last := max(0, i-above), i
		for i+1 < len(h.rows) && i <= last+below+above {
			if h.rows[i].cues&want != 0 {
				last = i
			}
			i++
		}
		last = min(last+below, len(h.rows)-1)
		i = last
		start, end := strings.LastIndexByte(h.text[:h.rows[first].Start], '\n')+1, h.lineEnd(h.rows[last].End)
		for _, m := range re.FindAllStringSubmatchIndex(h.text[start:end], most-len(all)) {
			for k := range m {
				if m[k] >= 0 {
					m[k] += start
				}
			}
			all = append(all, m)
		}
	}
	return all
}

func (h *head) lineEnd(at int) int {
	if i := strings.IndexByte(h.text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(h.text)
}
