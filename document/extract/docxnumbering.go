package extract

import (
	"fmt"
	"strconv"
	"strings"
)

// listLevels is how many levels a list has (ECMA-376 part 1, 17.9).
const listLevels = 9

// docxNumbers writes the automatic numbers of paragraphs, which a document
// holds as rules only.
type docxNumbers struct {
	lists    map[string]docxList     // by w:numId
	abstract map[string]*docxCounter // by w:abstractNumId
	styles   map[string]docxStyle
	started  map[string]bool // lists whose start overrides have been applied
}

// docxList is one use of an abstract list.
type docxList struct {
	abstract string
	starts   map[int]int // start overrides by level
}

// docxCounter is an abstract list and where its numbers stand.
type docxCounter struct {
	levels [listLevels]docxLevel
	values [listLevels]int
}

// docxLevel is how one level is numbered.
type docxLevel struct {
	start  int
	format string // w:numFmt
	text   string // such as "%1.%2"
	style  string // the paragraph style that has this level
	legal  bool   // shows all numbers as decimals
}

// docxStyle is what a paragraph style says of numbering.
type docxStyle struct{ basedOn, list, level string }

func newDocxNumbers() *docxNumbers {
	return &docxNumbers{lists: map[string]docxList{}, abstract: map[string]*docxCounter{}, styles: map[string]docxStyle{}, started: map[string]bool{}}
}

type xmlVal struct {
	Val string `xml:"val,attr"`
}

func (n *docxNumbers) readLists(a *archive, part string) error {
	var doc struct {
		Abstract []struct {
			ID     string `xml:"abstractNumId,attr"`
			Levels []struct {
				Level  string  `xml:"ilvl,attr"`
				Start  xmlVal  `xml:"start"`
				Format xmlVal  `xml:"numFmt"`
				Text   xmlVal  `xml:"lvlText"`
				Style  xmlVal  `xml:"pStyle"`
				Legal  *xmlVal `xml:"isLgl"`
			} `xml:"lvl"`
		} `xml:"abstractNum"`
		Nums []struct {
			ID        string `xml:"numId,attr"`
			Abstract  xmlVal `xml:"abstractNumId"`
			Overrides []struct {
				Level string  `xml:"ilvl,attr"`
				Start *xmlVal `xml:"startOverride"`
			} `xml:"lvlOverride"`
		} `xml:"num"`
	}
	if err := decodeXML(a, part, &doc); err != nil {
		return err
	}
	for _, abs := range doc.Abstract {
		c := &docxCounter{}
		for _, l := range abs.Levels {
			if i := listLevel(l.Level); i >= 0 {
				c.levels[i] = docxLevel{start: atoi(l.Start.Val), format: l.Format.Val, text: l.Text.Val, style: l.Style.Val,
					legal: l.Legal != nil && l.Legal.Val != "0" && l.Legal.Val != "false"}
			}
		}
		for i := range c.values {
			c.values[i] = c.levels[i].start - 1
		}
		n.abstract[abs.ID] = c
	}
	for _, num := range doc.Nums {
		list := docxList{abstract: num.Abstract.Val, starts: map[int]int{}}
		for _, o := range num.Overrides {
			if i := listLevel(o.Level); i >= 0 && o.Start != nil {
				list.starts[i] = atoi(o.Start.Val)
			}
		}
		n.lists[num.ID] = list
	}
	return nil
}

func (n *docxNumbers) readStyles(a *archive, part string) error {
	var doc struct {
		Styles []struct {
			ID      string `xml:"styleId,attr"`
			BasedOn xmlVal `xml:"basedOn"`
			Num     struct {
				List  xmlVal `xml:"numId"`
				Level xmlVal `xml:"ilvl"`
			} `xml:"pPr>numPr"`
		} `xml:"style"`
	}
	if err := decodeXML(a, part, &doc); err != nil {
		return err
	}
	for _, s := range doc.Styles {
		n.styles[s.ID] = docxStyle{basedOn: s.BasedOn.Val, list: s.Num.List.Val, level: s.Num.Level.Val}
	}
	return nil
}

// label counts a paragraph and is its number, "" if it has none. list and level
// are what the paragraph says itself; its style says the rest.
func (n *docxNumbers) label(style, list, level string) string {
	named := style
	for range 10 { // styles may be based on each other in a circle
		s, ok := n.styles[style]
		if !ok || list != "" && level != "" {
			break
		}
		if list == "" {
			list = s.list
		}
		if level == "" {
			level = s.level
		}
		style = s.basedOn
	}
	use, ok := n.lists[list]
	c := n.abstract[use.abstract]
	if !ok || c == nil {
		return ""
	}
	i := max(listLevel(level), 0)
	if level == "" {
		for l := range c.levels {
			if named != "" && c.levels[l].style == named {
				i = l
			}
		}
	}
	if !n.started[list] {
		n.started[list] = true
		for l, start := range use.starts {
			c.values[l] = start - 1
		}
	}
	c.values[i]++
	for l := i + 1; l < listLevels; l++ {
		c.values[l] = c.levels[l].start - 1
	}
	return c.format(i)
}

// format is the current number of level i.
func (c *docxCounter) format(i int) string {
	level := c.levels[i]
	if level.format == "bullet" {
		return "•"
	}
	text := level.text
	for l := range i + 1 {
		format := c.levels[l].format
		if level.legal {
			format = "decimal"
		}
		// A level that no paragraph had yet shows its first number.
		value := max(c.values[l], c.levels[l].start)
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(l+1), listNumber(format, value))
	}
	return strings.TrimSpace(text)
}

// listNumber is n as w:numFmt says (ECMA-376 part 1, 17.18.59). Formats that
// are not known are decimal.
func listNumber(format string, n int) string {
	switch format {
	case "none":
		return ""
	case "lowerLetter":
		return strings.ToLower(letters(n))
	case "upperLetter":
		return letters(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperRoman":
		return roman(n)
	case "decimalZero":
		return fmt.Sprintf("%02d", n)
	}
	return strconv.Itoa(n)
}

// letters counts A to Z, AA, BB …, as word processors do.
func letters(n int) string {
	if n < 1 || n > 780 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}

func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, r := range []struct {
		value int
		digit string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.value {
			b.WriteString(r.digit)
			n -= r.value
		}
	}
	return b.String()
}

// listLevel is a level's index, -1 if s is none.
func listLevel(s string) int {
	if i, err := strconv.Atoi(s); err == nil && i >= 0 && i < listLevels {
		return i
	}
	return -1
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
