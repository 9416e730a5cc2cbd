package cite

// what says how an entry of the tables is cited.
type what uint8

const (
	isReporter  what = iota // volume, name, page
	isNeutral               // year, name, number
	isBoard                 // name, "No.", docket number
	isJournal               // volume, name, page
	isTitle                 // title, name, section
	isTitleReg              // the same, of regulations
	isCode                  // name, section
	isReg                   // the same, of regulations
	isVolume                // volume or year, name, page or number
	isPamphlet              // year and pamphlet, name
	isFiling                // name, "No.", number
	isRule                  // name, number
	isConst                 // name, article or amendment
	isPublicLaw             // name, congress-number
	isOrdinal               // "First Amendment"
	isState                 // a state's name or abbreviation: a code may follow
)

// entry is one meaning of a spelling.
type entry struct {
	what   what
	name   string // canonical, with the series
	root   string // canonical, without
	court  string // whose decisions it holds
	weak   bool   // also a common word: counts only with evidence
	single bool   // a reporter of one volume, cited without it
}

// trie holds the spellings of all tables, squeezed. Nodes are in one slice, each
// with its edges in a row of another.
type trie struct {
	root  [256]int32
	nodes []node
	edges []edge
}

type node struct {
	from, to int32 // its edges
	entries  []entry
}

type edge struct {
	c    byte
	node int32
}

// builder is a trie in the making: each node with its first child and its next
// sibling, in the order of their letters.
type builder struct {
	nodes   []growing
	entries [][]entry
}

type growing struct {
	c              byte
	child, sibling int32
}

func newBuilder() *builder {
	return &builder{nodes: make([]growing, 1, 1<<16), entries: make([][]entry, 1, 1<<16)}
}

// child is node's child at c, made where there is none.
func (b *builder) child(node int32, c byte) int32 {
	before, at := int32(0), b.nodes[node].child
	for at != 0 && b.nodes[at].c < c {
		before, at = at, b.nodes[at].sibling
	}
	if at != 0 && b.nodes[at].c == c {
		return at
	}
	made := int32(len(b.nodes))
	b.nodes = append(b.nodes, growing{c: c, sibling: at})
	b.entries = append(b.entries, nil)
	if before != 0 {
		b.nodes[before].sibling = made
	} else {
		b.nodes[node].child = made
	}
	return made
}

// put adds a meaning to a spelling, unless it has one of that kind already.
func (b *builder) put(spelling string, e entry) {
	at := int32(0)
	for _, c := range []byte(squeeze(spelling)) {
		at = b.child(at, c)
	}
	for k, old := range b.entries[at] {
		if old.what == e.what {
			// A reporter's own name goes before another's variant.
			if squeeze(e.name) == squeeze(spelling) && squeeze(old.name) != squeeze(spelling) {
				b.entries[at][k] = e
			}
			return
		}
	}
	if at == 0 {
		return
	}
	if e.what == isNeutral {
		// A year before a court's code goes before a reporter's volume.
		b.entries[at] = append([]entry{e}, b.entries[at]...)
		return
	}
	b.entries[at] = append(b.entries[at], e)
}

func (b *builder) build() *trie {
	t := &trie{nodes: make([]node, len(b.nodes)), edges: make([]edge, 0, len(b.nodes))}
	for n := range b.nodes {
		t.nodes[n].entries = b.entries[n]
		t.nodes[n].from = int32(len(t.edges))
		for at := b.nodes[n].child; at != 0; at = b.nodes[at].sibling {
			t.edges = append(t.edges, edge{b.nodes[at].c, at})
		}
		t.nodes[n].to = int32(len(t.edges))
	}
	for _, e := range t.edges[t.nodes[0].from:t.nodes[0].to] {
		t.root[e.c] = e.node
	}
	return t
}

func (t *trie) step(n int32, c byte) int32 {
	for _, e := range t.edges[t.nodes[n].from:t.nodes[n].to] {
		if e.c == c {
			return e.node
		}
	}
	return 0
}

// hit is a spelling found: its meanings and where it ends.
type hit struct {
	entries []entry
	end     int
}

// maxHits is how many spellings that begin at one place are kept, longest last.
const maxHits = 4

// walk finds the spellings that begin at offset i, the longest last.
func (t *trie) walk(s string, i int) (hits [maxHits]hit, n int) {
	c := s[i]
	if isUpper(c) {
		c += 'a' - 'A'
	}
	at := t.root[c]
	open := 0 // parentheses opened inside
	for i++; at != 0; {
		if len(t.nodes[at].entries) > 0 && endsSpelling(s, i) {
			if end, ok := closeSpelling(s, i, open); ok {
				if n == maxHits {
					copy(hits[:], hits[1:])
					n--
				}
				hits[n] = hit{t.nodes[at].entries, end}
				n++
			}
		}
		// To the next letter or digit over what does not count.
		for gaps := 0; ; {
			if i >= len(s) {
				return hits, n
			}
			c = s[i]
			if isAlnum(c) {
				break
			}
			switch {
			case c == '.' || c == '\'' || c == '&' || c == '-':
				i++
			case c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0x99 || s[i+2] == 0x98):
				i += 3
			case c == ' ' || c == '\t' || c == '\n' || c == 0xC2 && i+1 < len(s) && s[i+1] == 0xA0 || c == '\r':
				next, _ := skipGap(s, i)
				if gaps++; gaps > 2 || next == i {
					return hits, n
				}
				i = next
			case c == ',' && i+1 < len(s) && s[i+1] == ' ':
				i++
			case (c == '(' || c == '[') && open == 0:
				open++
				i++
			case (c == ')' || c == ']') && open == 1:
				open = 2
				i++
			default:
				return hits, n
			}
		}
		if isUpper(c) {
			c += 'a' - 'A'
		}
		at = t.step(at, c)
		i++
	}
	return hits, n
}

// endsSpelling says whether a spelling may end before offset i.
func endsSpelling(s string, i int) bool {
	return i >= len(s) || !isAlnum(s[i]) && s[i] != '-' && !(s[i] == '\'' && i+1 < len(s) && isLower(s[i+1]))
}

// closeSpelling takes the full stop and closing parenthesis that belong to a
// spelling which ends at i.
func closeSpelling(s string, i, open int) (int, bool) {
	if i < len(s) && s[i] == '.' {
		if i++; i < len(s) && isAlnum(s[i]) {
			return 0, false // "F." of "F.3d"
		}
	}
	if open == 1 {
		if i >= len(s) || s[i] != ')' && s[i] != ']' {
			return 0, false
		}
		i++
	}
	return i, true
}
