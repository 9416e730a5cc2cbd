package extract

import (
	"encoding/xml"
	"strings"
)

// odtStyles is what an OpenDocument's styles say of page breaks and numbers.
type odtStyles struct {
	paragraphs map[string]odtStyle
	lists      map[string]*odtListStyle
	outline    *odtListStyle

	style   string        // name of the open paragraph style
	list    *odtListStyle // open list style
	counted map[string]*odtCounter
}

// odtStyle is what one paragraph style says.
type odtStyle struct {
	parent        string
	before, after bool // a page break
}

// odtListStyle is how the levels of a list are numbered (ODF 1.3 part 3, 16.31).
type odtListStyle struct{ levels [listLevels + 1]odtLevel }

type odtLevel struct {
	known          bool
	bullet         bool
	format         string // style:num-format: "1", "a", "A", "i", "I"; "" for no number
	prefix, suffix string
	start          int
	show           int // how many levels the number shows
}

// odtCounter is where the numbers of a list stand.
type odtCounter struct {
	values [listLevels + 1]int
	begun  [listLevels + 1]bool
}

// odtList is an open list.
type odtList struct {
	style   string
	counter *odtCounter
	number  int  // the item's start value; 0 for none
	item    bool // the open item has not had its number yet
}

func newODTStyles() *odtStyles {
	return &odtStyles{paragraphs: map[string]odtStyle{}, lists: map[string]*odtListStyle{}, outline: &odtListStyle{}, counted: map[string]*odtCounter{}}
}

// start takes an element of a style, and says whether it was one.
func (s *odtStyles) start(t xml.StartElement) bool {
	switch name := t.Name.Local; name {
	case "style":
		s.style = xmlAttr(t, "name")
		// A master page of its own begins on a new page (ODF 1.3 part 3, 19.499).
		s.paragraphs[s.style] = odtStyle{parent: xmlAttr(t, "parent-style-name"), before: xmlAttr(t, "master-page-name") != ""}
	case "paragraph-properties":
		if st, ok := s.paragraphs[s.style]; ok {
			st.before = st.before || xmlAttr(t, "break-before") == "page"
			st.after = st.after || xmlAttr(t, "break-after") == "page"
			s.paragraphs[s.style] = st
		}
	case "list-style":
		s.list = &odtListStyle{}
		s.lists[xmlAttr(t, "name")] = s.list
	case "outline-style":
		s.list = s.outline
	case "list-level-style-number", "list-level-style-bullet", "list-level-style-image", "outline-level-style":
		n := atoi(xmlAttr(t, "level")) - 1
		if s.list == nil || n < 0 || n >= len(s.list.levels) {
			return true
		}
		level := odtLevel{known: true, bullet: !strings.HasSuffix(name, "number") && name != "outline-level-style", start: 1, show: 1,
			prefix: xmlAttr(t, "num-prefix"), suffix: xmlAttr(t, "num-suffix")}
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "num-format":
				level.format = a.Value
			case "start-value":
				level.start = max(atoi(a.Value), 0)
			case "display-levels":
				level.show = min(max(atoi(a.Value), 1), n+1)
			}
		}
		s.list.levels[n] = level
	default:
		return false
	}
	return true
}

// end takes the end of an element of a style, and says whether it was one.
func (s *odtStyles) end(name string) bool {
	switch name {
	case "style":
		s.style = ""
	case "list-style", "outline-style":
		s.list = nil
	case "paragraph-properties", "list-level-style-number", "list-level-style-bullet", "list-level-style-image", "outline-level-style":
	default:
		return false
	}
	return true
}

// breaks are the page breaks of the style of that name, its parents' included.
func (s *odtStyles) breaks(name string) (b odtStyle) {
	for range 10 { // styles may be each other's parents
		st, ok := s.paragraphs[name]
		if !ok {
			break
		}
		b.before, b.after = b.before || st.before, b.after || st.after
		name = st.parent
	}
	return b
}

// headingLabel counts a heading and is its number, "" if it has none.
func (s *odtStyles) headingLabel(t xml.StartElement) string {
	level := atoi(xmlAttr(t, "outline-level")) - 1
	if level < 0 || level >= len(s.outline.levels) || xmlAttr(t, "is-list-header") == "true" {
		return ""
	}
	c := s.counted[""]
	if c == nil {
		c = &odtCounter{}
		s.counted[""] = c
	}
	c.count(s.outline, level, 0)
	return c.label(s.outline, level)
}

// count goes on to the next number of a level, or to start if that is given.
func (c *odtCounter) count(style *odtListStyle, level, start int) {
	switch {
	case start > 0:
		c.values[level] = start
	case c.begun[level]:
		c.values[level]++
	default:
		c.values[level] = style.levels[level].start
	}
	c.begun[level] = true
	for l := level + 1; l < len(c.begun); l++ {
		c.begun[l] = false
	}
}

// label is the number of a level as it is shown.
func (c *odtCounter) label(style *odtListStyle, level int) string {
	l := style.levels[level]
	switch {
	case l.bullet:
		return "•"
	case !l.known || l.format == "":
		return ""
	}
	var shown []string
	for i := level - l.show + 1; i <= level; i++ {
		value, format := c.values[i], style.levels[i].format
		if !c.begun[i] {
			value = style.levels[i].start
		}
		if format != "" {
			shown = append(shown, listNumber(odtFormats[format], value))
		}
	}
	return strings.TrimSpace(l.prefix + strings.Join(shown, ".") + l.suffix)
}

// odtFormats are style:num-format's values as w:numFmt's.
var odtFormats = map[string]string{"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}

// openList opens a list: one inside another counts on in it, one that continues
// another takes its numbers over.
func (w *odtWalker) openList(t xml.StartElement) {
	style := xmlAttr(t, "style-name")
	if n := len(w.lists); n > 0 {
		outer := w.lists[n-1]
		if style == "" {
			style = outer.style
		}
		w.lists = append(w.lists, odtList{style: style, counter: outer.counter})
		return
	}
	c := w.styles.counted["list "+style]
	if c == nil || xmlAttr(t, "continue-numbering") != "true" && xmlAttr(t, "continue-list") == "" {
		c = &odtCounter{}
		w.styles.counted["list "+style] = c
	}
	w.lists = append(w.lists, odtList{style: style, counter: c})
}

func (w *odtWalker) openItem(t xml.StartElement, numbered bool) {
	if n := len(w.lists); n > 0 {
		w.lists[n-1].item, w.lists[n-1].number = numbered, max(atoi(xmlAttr(t, "start-value")), 0)
	}
}

// itemLabel counts the open list item and is its number, once.
func (w *odtWalker) itemLabel() string {
	n := len(w.lists)
	if n == 0 || !w.lists[n-1].item {
		return ""
	}
	list := &w.lists[n-1]
	list.item = false
	style, level := w.styles.lists[list.style], n-1
	if style == nil || level >= len(style.levels) {
		return ""
	}
	list.counter.count(style, level, list.number)
	return list.counter.label(style, level)
}
