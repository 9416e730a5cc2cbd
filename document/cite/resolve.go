package cite

import (
	"regexp"
	"slices"
	"strings"
)

// memory is what later parts of a document need of earlier ones. It is bounded:
// old citations of one volume, or of one name, are forgotten first.
type memory struct {
	volumes map[string][]full // full citations by volume and reporter
	names   map[string][]full // by each word of a party's name that may stand for it
	last    full              // what Id. means
}

// full is a full citation seen.
type full struct {
	key   string
	kind  Kind
	page  int // its first; 0 if not a number
	index int // in the text being read, -1 if in an earlier one
}

// farthest is how many citations of one volume or name are kept.
const farthest = 32

func (m *memory) resolve(text string, found []Citation) {
	if m.volumes == nil {
		m.volumes, m.names = make(map[string][]full), make(map[string][]full)
	}
	m.forgetIndices()
	for k := range found {
		c := &found[k]
		switch c.Kind {
		case Short:
			m.means(c, m.byVolume(*c))
		case ID:
			// Several authorities in one row leave open which is meant; the rule is the
			// last. Source: The Bluebook, rule 4.1.
			if m.mayMean(text, found, k) {
				m.means(c, m.last)
			} else {
				m.last = full{} // nor can the next one
			}
		case Supra:
			m.means(c, m.byName(c.Plaintiff))
		default:
			group(text, found, k)
			f := full{key: c.Key(), page: number(strings.TrimRight(c.Page, "abcdefABUZ()")), index: k, kind: c.Kind}
			if c.Blank && c.Name == "" {
				continue // "Cite as: 569 U. S. ____ (2013)", on every page
			}
			if g := c.Group; g != k && found[g].Kind == Case {
				m.last = full{key: found[g].Key(), page: number(found[g].Page), index: g, kind: Case}
			} else {
				m.last = f
			}
			if c.Kind == Case || c.Kind == Journal {
				m.remember(m.volumes, c.Volume+" "+c.Reporter, f)
			}
			if (c.Kind == Case || c.Kind == Neutral) && c.Group == k {
				for _, name := range [...]string{c.Plaintiff, c.Defendant} {
					for _, key := range nameKeys(name) {
						m.remember(m.names, key, f)
					}
				}
			}
		}
	}
	history(text, found)
}

// record is a reference to the record of a case, which is no citation and which
// "Id." may mean as well: App. 13, Tr. 101, ECF No. 4.
var record = regexp.MustCompile(`\b(?:App(?:\.|endix)|Tr\.|Doc\.|Dkt\.|ECF|Ex(?:h)?\.|Exhibit|Br\.|R\.|J\.A\.|JA|AR|Compl\.|Decl\.|Dep\.|Aff\.|Mot\.|Resp\.|Pet\. for Cert\.|Brief for|Mem\.|Stip\.|Op\.|Hr'g|S\.E\.R\.|E\.R\.)[^.;()\n]{0,40}?\d`)

// mayMean says whether the "Id." at k can mean the last authority cited: its pin is
// no page before that begins, and nothing of the record is cited between.
func (m *memory) mayMean(text string, found []Citation, k int) bool {
	c := found[k]
	if pin := number(c.Pin); pin > 0 && pin < m.last.page && (m.last.kind == Case || m.last.kind == Journal || m.last.kind == StatutesAtLarge || m.last.kind == Register) {
		return false
	}
	const far = 1500
	from := 0
	if k > 0 {
		from = found[k-1].End
	}
	between := text[max(from, c.Start-far):c.Start]
	return !slices.ContainsFunc(recordWords, func(w string) bool { return strings.Contains(between, w) }) || !record.MatchString(between)
}

// recordWords are parts of what record matches: a quick look before it.
var recordWords = []string{"App", "Tr.", "Doc.", "Dkt.", "ECF", "Ex", "Br", "R.", "J.A.", "JA", "AR", "Compl.", "Decl.", "Dep.", "Aff.", "Mot.", "Resp.", "Pet.", "Mem.", "Stip.", "Op.", "Hr'g"}

// forgetIndices makes indices of the text before unknown.
func (m *memory) forgetIndices() {
	m.last.index = -1
	for _, of := range [...]map[string][]full{m.volumes, m.names} {
		for _, list := range of {
			for k := range list {
				list[k].index = -1
			}
		}
	}
}

func (m *memory) remember(of map[string][]full, key string, f full) {
	const most = 1 << 14
	if len(of) > most {
		clear(of)
	}
	of[key] = append(of[key], f)
	if list := of[key]; len(list) > farthest {
		of[key] = list[1:]
	}
}

// means fills in what a short form means; f's key is empty if that is not known.
func (m *memory) means(c *Citation, f full) {
	if f.key == "" {
		return
	}
	c.Means, c.MeansKind, c.Antecedent = f.key, f.kind, f.index
	m.last = f
}

// byVolume is the full citation that a short form's volume and pin mean: the last
// that begins on or before that page.
func (m *memory) byVolume(c Citation) full {
	list := m.volumes[c.Volume+" "+c.Reporter]
	pin := number(c.Pin)
	for k := len(list) - 1; k >= 0; k-- {
		if pin == 0 || list[k].page <= pin {
			return list[k]
		}
	}
	return full{}
}

// byName is the last full citation of a case of which party, or its chief word, is
// a party.
func (m *memory) byName(party string) full {
	for _, key := range nameKeys(party) {
		if list := m.names[key]; len(list) > 0 {
			return list[len(list)-1]
		}
	}
	return full{}
}

// nameKeys are what a party may be called in short: the whole name, its first
// word and, of a person, its last.
func nameKeys(name string) []string {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p); ok {
			name = rest
			break
		}
	}
	words := strings.Fields(strings.ToLower(name))
	var keys []string
	add := func(s string) {
		s = squeeze(s)
		if len(s) < 2 || common[s] {
			return
		}
		for _, k := range keys {
			if k == s {
				return
			}
		}
		keys = append(keys, s)
	}
	add(strings.Join(words, ""))
	if len(words) > 0 {
		add(words[0])
		add(words[len(words)-1])
	}
	return keys
}

// common are parties that no case is called by.
var common = set(`unitedstates|united|state|states|people|commonwealth|us|the|inc|co|corp|llc|ltd|ex|rel|al|of|and|city|county|board|department|dept|in|estate|company|association|assn|commissioner|new|american|national|nat|first`)

// group joins found[k] to the citation before if both are parallel: only a comma
// stands between them.
func group(text string, found []Citation, k int) {
	c := &found[k]
	c.Group = k
	if k == 0 || c.Kind != Case && c.Kind != Neutral {
		return
	}
	before := &found[k-1]
	if before.Kind != Case && before.Kind != Neutral || before.Reporter == c.Reporter || before.End > c.Start {
		return
	}
	between := strings.TrimLeft(text[before.End:c.Start], " \n\t")
	if between == "" || strings.Trim(between, ",;= [\n\t") != "" || strings.Contains(between, ";") || before.Year != "" && before.Kind == Case && strings.HasSuffix(text[before.Start:before.End], ")") {
		return
	}
	c.Group = before.Group
	first := &found[c.Group]
	if c.Name == "" {
		c.Name, c.Plaintiff, c.Defendant, c.Prefix = first.Name, first.Plaintiff, first.Defendant, first.Prefix
	}
	if c.Year == "" {
		return
	}
	for j := c.Group; j < k; j++ {
		if found[j].Year == "" {
			found[j].Year = c.Year
		}
		if found[j].Court == "" {
			found[j].Court = c.Court
		}
		if found[j].CourtID == "" {
			found[j].CourtID = c.CourtID
		}
		if found[j].Disposition == "" {
			found[j].Disposition = c.Disposition
		}
	}
}

// histories are phrases that join a decision to what became of it. Source: The
// Bluebook, table T8.
var histories = []string{
	"aff'd", "aff’d", "affirmed", "affirming", "aff'g", "aff’g", "rev'd", "rev’d", "reversed", "reversing", "rev'g", "rev’g", "vacated", "vacating", "remanded",
	"cert. denied", "cert. granted", "cert. dismissed", "certiorari denied", "appeal dismissed", "appeal denied", "appeal docketed", "modified", "modifying", "superseded",
	"overruled", "abrogated", "reh'g denied", "reh’g denied", "reh'g granted", "withdrawn", "enforced", "enforcing", "review denied", "review granted", "mandamus denied",
	"writ denied", "writ ref'd", "pet. denied", "transfer denied", "petition for cert.", "stay denied", "stay granted",
}

// history notes on each case what a later decision, cited next, did to it.
func history(text string, found []Citation) {
	for k := 0; k+1 < len(found); k++ {
		c, next := &found[k], &found[k+1]
		if c.Kind != Case && c.Kind != Neutral || next.Kind != Case && next.Kind != Neutral || next.Start-c.End > 80 || next.Start < c.End {
			continue
		}
		between := strings.TrimLeft(oneLine(text[c.End:next.Start]), ", ")
		for _, h := range histories {
			if strings.HasPrefix(between, h) {
				c.History = strings.ReplaceAll(h, "’", "'")
				break
			}
		}
	}
}
