package corpus

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// shape is how a block is set.
type shape int

const (
	paragraph    shape = iota
	blockTitle         // bold, centred
	blockHeading       // bold
	blockQuote         // indented
	blockLines         // each line by itself
	blockCentred       // each line by itself, centred
	blockSigned        // each line by itself, in the right half
	blockCaption       // lines to the left, right to the right
	blockTable         // rows, the first of them a head
)

// block is a piece of a document. Paragraphs, headings and quotations have a text,
// the others what their shape says.
type block struct {
	shape        shape
	text         string
	lines, right []string
	rows         [][]string
}

// draft is a document before it is rendered. It keeps account of how long it
// gets on its sheet and of what it names.
type draft struct {
	*dice
	matter *matter
	seed   uint64
	date   time.Time
	sheet  sheet

	title  string
	blocks []block
	words  int
	used   int // of the sheet's height, pages one after the other
	pages  int // intended
	budget int // of height
	number int // of the last numbered paragraph

	truth   Truth
	named   map[string]bool
	cursors map[*string]*cursor
}

// cursor walks through a pool of sentences in an order of its own.
type cursor struct{ at, step int }

// add appends a block and counts its words and height.
func (d *draft) add(b block) {
	d.blocks = append(d.blocks, b)
	d.words += len(strings.Fields(b.text))
	for _, list := range [][]string{b.lines, b.right} {
		for _, line := range list {
			d.words += len(strings.Fields(line))
		}
	}
	for _, row := range b.rows {
		for _, cell := range row {
			d.words += len(strings.Fields(cell))
		}
	}
	d.used += d.sheet.heightOf(b)
}

func (d *draft) para(text string)       { d.add(block{text: text}) }
func (d *draft) head(text string)       { d.add(block{shape: blockHeading, text: text}) }
func (d *draft) lines(lines ...string)  { d.add(block{shape: blockLines, lines: lines}) }
func (d *draft) signed(lines ...string) { d.add(block{shape: blockSigned, lines: lines}) }

// name records v under list once.
func (d *draft) name(list *[]string, v string) {
	if d.named == nil {
		d.named = map[string]bool{}
	}
	if !d.named[v] {
		d.named[v] = true
		*list = append(*list, v)
	}
}

// say fills in a template: {slot} is replaced by what fill gives, {a|b} by one of
// the choices, which hold no further braces.
func (d *draft) say(template string) string {
	if !strings.Contains(template, "{") {
		return template
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		slot, after, _ := strings.Cut(rest, "}")
		if strings.Contains(slot, "|") {
			n := d.below(strings.Count(slot, "|") + 1)
			for range n {
				_, slot, _ = strings.Cut(slot, "|")
			}
			choice, _, _ := strings.Cut(slot, "|")
			b.WriteString(choice)
		} else {
			b.WriteString(d.fill(slot))
		}
		template = after
	}
}

// fill is the text of a slot.
func (d *draft) fill(slot string) string {
	m := d.matter
	switch slot {
	case "P":
		return m.plaintiff.short
	case "D":
		return m.defendant.short
	case "plaintiff":
		return d.party(m.plaintiff)
	case "defendant":
		return d.party(m.defendant)
	case "party":
		return pick(d.dice, []string{m.plaintiff.short, m.defendant.short})
	case "person":
		p := pick(d.dice, m.witnesses)
		if d.percent(40) {
			return p.name()
		}
		return p.titled()
	case "witness":
		return pick(d.dice, m.witnesses).name()
	case "judge":
		d.truth.Judge = m.judge.name()
		return m.judge.name()
	case "court":
		d.truth.Court = m.court
		return m.court
	case "docket":
		d.truth.Docket = m.docket
		return m.docketLine
	case "city":
		return m.seat.city
	case "county":
		return m.seat.county + " County"
	case "state":
		return m.seat.state
	case "good":
		return m.good
	case "agreement":
		return m.agreement
	case "date":
		return d.day(m.filed.AddDate(0, 0, -d.below(3*365)))
	case "span": // two dates in order, for "from … to"
		from := m.filed.AddDate(0, 0, -d.between(30, 3*365))
		return d.day(from) + " and " + d.day(from.AddDate(0, 0, d.between(1, 300)))
	case "since": // a day of the proceedings
		days := int(d.date.Sub(m.filed).Hours()/24) + 1
		return d.day(m.filed.AddDate(0, 0, d.below(days)))
	case "later":
		return d.day(d.date.AddDate(0, 0, d.between(7, 120)))
	case "today":
		return d.day(d.date)
	case "filed":
		return d.day(m.filed)
	case "month":
		return m.filed.AddDate(0, -d.below(40), 0).Format("January 2006")
	case "amount":
		return d.amount(m.cents)
	case "money":
		return d.money()
	case "cite":
		return d.cite()
	case "statute":
		return d.law(statutes)
	case "rule":
		return d.law(rules)
	case "ecf":
		return fmt.Sprintf("ECF No. %d", d.between(1, 180))
	case "ex":
		return fmt.Sprintf("Ex. %d", d.between(1, 60))
	case "bates":
		return fmt.Sprintf("%s-%07d", m.bates, d.between(1, 250_000))
	case "page":
		return fmt.Sprintf("%d:%d-%d", d.between(8, 290), d.between(1, 12), d.between(13, 25))
	case "n":
		return fmt.Sprint(d.between(2, 48))
	case "count":
		return thousands(d.between(60, 48_000))
	case "days":
		return pick(d.dice, []string{"ten (10)", "fourteen (14)", "twenty-one (21)", "thirty (30)", "forty-five (45)", "sixty (60)", "ninety (90)"})
	}
	panic("corpus: a template has an unknown slot " + slot)
}

func (d *draft) party(p party) string {
	d.name(&d.truth.Parties, p.name)
	return p.name
}

func (d *draft) day(t time.Time) string {
	d.name(&d.truth.Dates, t.Format(time.DateOnly))
	return t.Format("January 2, 2006")
}

func (d *draft) law(list []string) string {
	s := pick(d.dice, list)
	d.name(&d.truth.Statutes, s)
	return s
}

// cite is a full citation, with a pin cite in two of three cases.
func (d *draft) cite() string {
	c := citedDecision(d.dice, d.seed)
	d.name(&d.truth.Citations, c.cite)
	if d.percent(66) {
		return fmt.Sprintf("%s, %s, %d %s", c.name, c.cite, c.page+d.between(1, 25), c.tail)
	}
	return c.name + ", " + c.cite + " " + c.tail
}

// money is an amount of $200 to $5 million, every size about as often.
func (d *draft) money() string {
	whole := d.between(2, 5)
	for range d.between(2, 6) {
		whole = whole*10 + d.below(10)
	}
	switch d.below(3) {
	case 0:
		return d.amount(whole * 100)
	case 1:
		return d.amount(whole*100 + d.between(1, 99))
	}
	return d.amount((whole + 99) / 100 * 100_00)
}

// amount is a sum of dollars; cents are written if there are any.
func (d *draft) amount(cents int) string {
	whole, rest := cents/100, cents%100
	if rest == 0 {
		d.name(&d.truth.Amounts, fmt.Sprintf("USD %d", whole))
		return "$" + thousands(whole)
	}
	d.name(&d.truth.Amounts, fmt.Sprintf("USD %d.%02d", whole, rest))
	return fmt.Sprintf("$%s.%02d", thousands(whole), rest)
}

// thousands is n with commas.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// sentence is the next one of a pool, filled in.
func (d *draft) sentence(pool []string) string {
	if d.cursors == nil {
		d.cursors = map[*string]*cursor{}
	}
	c := d.cursors[&pool[0]]
	if c == nil {
		c = &cursor{at: d.below(len(pool)), step: d.between(1, len(pool)-1)}
		for gcd(c.step, len(pool)) != 1 {
			c.step--
		}
		d.cursors[&pool[0]] = c
	}
	c.at = (c.at + c.step) % len(pool)
	s := d.say(pool[c.at])
	first, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(string(first)) + s[size:]
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// passage is so many sentences of a pool.
func (d *draft) passage(pool []string, sentences int) string {
	var b strings.Builder
	for i := range sentences {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(d.sentence(pool))
	}
	return b.String()
}

// numbered is the text as the document's next numbered paragraph.
func (d *draft) numbered(text string) {
	d.number++
	d.para(fmt.Sprintf("%d. %s", d.number, text))
}
