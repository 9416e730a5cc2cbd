package cite

import (
	"embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed tables/*.txt
var tables embed.FS

// lines are a table's lines without comments.
func lines(name string) []string {
	text, err := tables.ReadFile("tables/" + name)
	if err != nil {
		panic(fmt.Sprintf("cite: embedded table %s: %v", name, err))
	}
	var out []string
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// abbreviations are all tables as one trie.
var abbreviations = sync.OnceValue(func() *trie {
	b := newBuilder()
	for _, name := range []string{"reporters.txt", "reporters_state.txt"} {
		for _, line := range lines(name) {
			b.reporter(line)
		}
	}
	for _, line := range lines("services.txt") {
		b.service(line)
	}
	for _, line := range lines("neutral.txt") {
		b.neutral(line)
	}
	for _, line := range lines("codes.txt") {
		b.code(line)
	}
	// After the table, whose names go before what states' books are called.
	for _, s := range states {
		for _, what := range yearbooks {
			b.each(s.abbr+" "+what, entry{what: isVolume})
		}
	}
	for _, line := range lines("journals.txt") {
		b.each(line, entry{what: isJournal})
	}
	b.fixed()
	return b.build()
})

var codeKinds = map[string]what{
	"board": isBoard, "title": isTitle, "titlereg": isTitleReg, "code": isCode, "reg": isReg, "volume": isVolume, "pamphlet": isPamphlet, "filing": isFiling,
}

// code reads a line of the table of codes.
func (b *builder) code(line string) {
	kind, rest, _ := strings.Cut(line, " ")
	spellings := strings.Split(rest, " = ")
	name, root, rooted := strings.Cut(spellings[0], " ^")
	spellings[0] = name
	for _, s := range spellings {
		e := entry{what: codeKinds[kind], name: name, root: name}
		switch {
		case rooted:
			e.root = root
		case strings.Contains(s, " ") && strings.Contains(s, ".") && !strings.HasPrefix(name, "U.S.C"):
			e.root = s // an abbreviation in full, not initials alone
		}
		b.put(s, e)
	}
}

// yearbooks are what states' session laws and registers are called.
var yearbooks = []string{
	"Laws", "Acts", "Sess. Laws", "Legis. Serv.", "Adv. Legis. Serv.", "Sess. Law Serv.", "Pub. Acts", "Reg.", "Admin. Reg.", "Gov't Reg.", "Admin. Bull.",
	"Code Ann. Adv. Legis. Serv.", "Priv. Acts", "Spec. Acts", "Pub. Laws",
}

// each puts a name and its other spellings.
func (b *builder) each(line string, e entry) {
	spellings := strings.Split(line, " = ")
	e.name = strings.TrimSpace(spellings[0])
	e.root = e.name
	for _, s := range spellings {
		b.put(s, e)
	}
}

// hyphenated are neutral citations whose parts are joined by hyphens.
var hyphenated = map[string]bool{"Ohio": true, "NM": true, "NMSC": true, "NMCA": true, "NMCERT": true, "NCSC": true, "NCCOA": true}

func (b *builder) neutral(line string) {
	line = strings.TrimPrefix(line, "- ")
	head, rest, _ := strings.Cut(line, " = ")
	name, court, _ := strings.Cut(head, " @")
	if rest != "" {
		name += " = " + rest
	}
	b.each(name, entry{what: isNeutral, court: court})
}

// reporter reads a line of the reporters' tables.
func (b *builder) reporter(line string) {
	spellings := strings.Split(line, " = ")
	head := spellings[0]
	e := entry{what: isReporter}
	head, e.weak = strings.CutPrefix(head, "~")
	head, e.court, _ = strings.Cut(head, " @")
	head, root, rooted := strings.Cut(head, " ^")
	var series []string
	if i := strings.Index(head, " ["); i > 0 {
		series = strings.Fields(strings.Trim(head[i+1:], "[]"))
		head = head[:i]
	}
	e.court = strings.TrimSpace(e.court)
	e.root = head
	if rooted {
		e.root = root
	}
	e.single = singleVolume[head]
	weak := e.weak
	for k, s := range append([]string{head}, spellings[1:]...) {
		s = strings.TrimSpace(s)
		e.weak = weak || k > 0 && weakSpelling(s)
		own := lastWord(s)
		if k > 0 && isSeries(own) {
			// Another spelling of one series only.
			e.name = head
			if len(series) > 0 {
				e.name = withSeries(head, own)
			}
			b.put(s, e)
			continue
		}
		e.name = head
		b.put(s, e)
		for _, one := range series {
			with := e
			with.name = withSeries(head, one)
			with.weak = false
			b.put(s+one, with)
			if long := strings.TrimSuffix(one, "d"); long != one {
				b.put(s+map[string]string{"2": "2nd", "3": "3rd"}[long], with)
			}
		}
	}
}

// service reads a line of the table of looseleaf services, which are cited without
// their publishers too.
func (b *builder) service(line string) {
	b.reporter(line)
	name, _, _ := strings.Cut(strings.Split(line, " = ")[0], " [")
	if i := strings.LastIndex(name, " ("); i > 0 {
		b.put(name[:i], entry{what: isReporter, name: name, root: name})
	}
}

// weakSpelling says whether another spelling of a reporter is too common for a
// citation by itself: a bare word, or one or two letters.
func weakSpelling(s string) bool {
	return !strings.ContainsAny(s, ".& ") && s != strings.ToUpper(s) || len(squeeze(s)) < 3
}

func lastWord(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

func isSeries(s string) bool {
	return len(s) > 1 && s[0] >= '2' && s[0] <= '9' && (strings.HasSuffix(s, "d") || strings.HasSuffix(s, "th"))
}

// withSeries is name with its series: closed up after single capitals ("F.3d"),
// else apart ("F. Supp. 3d"). Source: The Bluebook, rule 6.1(a).
func withSeries(name, series string) string {
	last := lastWord(name)
	for i := 0; i < len(last); i += 2 {
		if !isUpper(last[i]) || i+1 >= len(last) || last[i+1] != '.' {
			return name + " " + series
		}
	}
	return name + series
}

// singleVolume are reporters of one volume or without numbers, which are cited
// by name and page alone.
var singleVolume = set(`Abb. Adm.|Add.|Bald.|Bee|Betts' Scr. Bk.|Betts, C.C. MS.|Betts, D.C. MS.|Blatchf. & H.|Blatchf. Pr. Cas.|Brown, Adm.|Brunn. Coll. Cas.|
Burr's Trial|Chase|Crabbe|Cranch, Pat. Dec.|Dallam|Davis. L. Ct. Cas.|Deady|Fish. Prize Cas.|Gilp.|Hemp.|Hoff.|Hoff. Land Cas.|Hoff. Op.|Holmes|Litt. Sel. Cas.|
McAll.|McCahon|MacA. Pat. Cas.|Newb. Adm.|Olcott|Pet. C.C.|Robards|Taney|Van Ness|Wall. C.C.|Ware|Woolw.|Syllabi|Breese|Dudley|Minor|Gilmer|Jefferson|Meigs|Peck|
Cooke|Kirby|Will.|Har. Ch.|Walk. Ch.|Freem. Ch.|Morr. St. Cas.|Lock. Rev. Cas.|Yates Sel. Cas.|Cole. Cas.|Cole. & Cai. Cas.|Ant. N.P. Cas.|Va. Ch. Dec.|Va. Col. Dec.|O.S.U.|
Tapp. Rep.|Bland|Gunby|Charlt. R.M.|T.U.P. Charlt.|Georgia Decisions|Rice|Ril.|Dud.|Chev.|Harp. Eq.|Wythe|Hopk. Ch.|Cl. Ch.|Whart. St. Tr.|Whart. Hom.|Posey|
Bayard's Notebook|Clayton's Notebook|Hilles' Notebook|Miller's Notebook|Read's Notebook|Ridgely's Notebook|Rodney's Notes|Wells' Notebook|Wilson's Red Book|
Adm. Rec.|Liquor Tax Rep.|Rep. Cont. El.|Rep. Cont. Elect. Cas.|Tenn. Cas.|Thomp. Cas.|N.B.R. (Supp.)|Smith's N.H. Reports|D.L.N.|Energy Mgmt. (CCH)|Bankr. L. Rep.|FERC|SBA`)

func set(list string) map[string]bool {
	m := make(map[string]bool)
	for _, s := range strings.Split(list, "|") {
		m[strings.TrimSpace(s)] = true
	}
	return m
}

// Reporters are the canonical names of the reporters and their series that the
// tables hold.
func Reporters() []string {
	seen := make(map[string]bool)
	var names []string
	for _, n := range abbreviations().nodes {
		for _, e := range n.entries {
			if e.what == isReporter && !seen[e.name] {
				seen[e.name] = true
				names = append(names, e.name)
			}
		}
	}
	return names
}
