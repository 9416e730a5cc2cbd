package extract

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
)

// rtfSkipped are destinations that hold no text of the document, or text that
// is there in another form as well.
var rtfSkipped = map[string]bool{
	"colortbl": true, "stylesheet": true, "pict": true, "objdata": true, "nonshppict": true, "shprslt": true, "sp": true,
	"fldinst": true, "xe": true, "tc": true, "tcn": true, "rxe": true, "txe": true, "nonesttables": true, "mmathPict": true,
	"listtable": true, "listoverridetable": true, "filetbl": true, "revtbl": true, "rsidtbl": true, "generator": true,
	"bkmkstart": true, "bkmkend": true, "ftnsep": true, "ftnsepc": true, "ftncn": true, "aftnsep": true, "aftnsepc": true, "aftncn": true,
	"template": true, "private1": true, "pntxta": true, "pntxtb": true, "datafield": true,
}

// rtfTransparent are destinations that readers may skip but whose text is the
// document's: shapes, and what ends the rows of nested tables.
var rtfTransparent = map[string]bool{"shpinst": true, "shptxt": true, "nesttableprops": true, "do": true, "dptxbxtext": true}

// rtfAsides are destinations whose text stands apart from the running text.
var rtfAsides = map[string]string{
	"footnote": "note", "annotation": "comment", "shptxt": "box", "dptxbxtext": "box",
	"header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
	"footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer",
}

// rtfMetadata are the groups of \info that are kept, by their metadata key.
var rtfMetadata = map[string]string{
	"title": "title", "author": "author", "subject": "subject", "keywords": "keywords", "doccomm": "description",
	"category": "category", "operator": metaModifiedBy, "company": "company", "creatim": metaCreated, "revtim": metaModified,
}

// rtfCharacters are the control words that stand for a character.
var rtfCharacters = map[string]string{
	"tab": "\t", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
	"emspace": " ", "enspace": " ", "qmspace": " ", "zwj": "\u200D", "zwnj": "\u200C", "ltrmark": "\u200E", "rtlmark": "\u200F",
}

// word acts on a control word. given says whether it has a value.
func (p *rtfParser) word(name string, value int, given bool) {
	starred := p.starred
	p.starred = false
	g := p.group()
	if g.dest == rtfSkip {
		return
	}
	switch {
	case name == "fonttbl":
		g.dest = rtfFonts
	case name == "info":
		g.dest = rtfInfo
	case g.dest == rtfInfo:
		if key, ok := rtfMetadata[name]; ok {
			g.dest, g.key = rtfMeta, key
		} else {
			g.dest = rtfSkip
		}
	case rtfSkipped[name]:
		g.dest = rtfSkip
	case rtfAsides[name] != "":
		p.openAside(rtfAsides[name])
	case starred && !rtfTransparent[name]:
		g.dest = rtfSkip
	case rtfCharacters[name] != "":
		p.emit(rtfCharacters[name])
	case p.documentWord(name, value) || p.characterWord(name, value, given):
	case g.dest == rtfBody && !g.deleted:
		p.layoutWord(name)
	}
}

// documentWord acts on what holds for the document or a font.
func (p *rtfParser) documentWord(name string, value int) bool {
	switch name {
	case "ansicpg":
		p.codePage = value
	case "ansi":
		p.codePage = 1252
	case "mac":
		p.codePage = 10000
	case "pc":
		p.codePage = 437
	case "pca":
		p.codePage = 850
	case "deff":
		p.plainFont, p.group().font = value, value
	case "fcharset":
		p.font(p.group().font).charset = value
	case "cpg":
		p.font(p.group().font).codePage = value
	case "yr", "mo", "dy", "hr", "min":
		p.date.set(name, value)
	case "sbknone", "sbkcol":
		p.pageStart = false
	case "sbkpage", "sbkeven", "sbkodd", "sectd":
		p.pageStart = true
	case "ftnalt":
		p.endnote = true
	default:
		return false
	}
	return true
}

// characterWord acts on what changes how the following characters are read.
func (p *rtfParser) characterWord(name string, value int, given bool) bool {
	g := p.group()
	switch name {
	case "uc":
		g.skip = max(value, 0)
	case "u":
		p.unicode(value)
	case "f":
		g.font = value
		if g.dest == rtfFonts {
			p.font(value).name = ""
		}
	case "plain":
		g.deleted, g.font = false, p.plainFont
	case "deleted":
		g.deleted = !given || value != 0
	default:
		return false
	}
	return true
}

// layoutWord acts on what breaks or structures the text.
func (p *rtfParser) layoutWord(name string) {
	g := p.group()
	switch name {
	case "par":
		p.paragraph()
	case "line", "lbr":
		p.enterCell()
		p.flow.line()
	case "page":
		p.endBoxes()
		p.flow.breakPage(hardBreak)
	case "softpage", "pagebb":
		p.flow.breakPage(renderedBreak)
	case "sect":
		p.paragraph()
		if p.pageStart {
			p.flow.breakPage(renderedBreak)
		}
	case "pard":
		g.inTable = false
	case "intbl":
		g.inTable = true
	case "cell":
		p.endCell()
	case "row":
		p.endRow()
	case "nestcell":
		p.emit("\t")
	case "nestrow":
		p.flow.newLine()
	case "chftn":
		p.noteReference()
	}
}

// unicode takes a \u value: a signed 16-bit code unit, possibly half of a pair.
func (p *rtfParser) unicode(value int) {
	p.skip = p.group().skip
	r := rune(uint16(value))
	switch {
	case utf16.IsSurrogate(r) && r < 0xDC00:
		p.high = r
		return
	case utf16.IsSurrogate(r):
		r = utf16.DecodeRune(p.high, r)
	case r >= 0xF000 && r <= 0xF0FF:
		p.emit(symbol(p.font(p.group().font).name, r))
		return
	}
	p.high = 0
	if r != '\u00AD' {
		p.emit(string(r))
	}
}

// openAside takes the group's text apart.
func (p *rtfParser) openAside(kind string) {
	g := p.group()
	if g.dest != rtfBody || g.aside != "" {
		return
	}
	g.aside, g.inTable = kind, false
	p.asides++
	p.endnote = false
	p.flow.open()
}

func (p *rtfParser) endAside(kind string) {
	text := strings.Trim(p.flow.take(), "; \n")
	p.asides--
	switch kind {
	case "note":
		note := strings.TrimSpace(p.noteMark + " " + text)
		p.noteMark = ""
		if p.endnote {
			p.endnotes = append(p.endnotes, note)
		} else {
			p.flow.note(note)
		}
	case "comment":
		p.comments = append(p.comments, text)
	case "box":
		p.boxes = append(p.boxes, text)
	case "header":
		p.headers = addMargin(p.headers, text)
	case "footer":
		p.footers = addMargin(p.footers, text)
	}
}

// addMargin adds a header's or footer's text to those known, unless it is one
// of them or has no letter.
func addMargin(known []string, text string) []string {
	if !strings.ContainsFunc(text, unicode.IsLetter) || slices.Contains(known, text) {
		return known
	}
	return append(known, text)
}

// noteReference writes the number of the note that follows. The one inside the
// note is left out, the note's text begins with it.
func (p *rtfParser) noteReference() {
	if p.asides > 0 {
		return
	}
	p.noteCount++
	p.noteMark = "[" + strconv.Itoa(p.noteCount) + "]"
	p.emit(p.noteMark)
}

// finish writes what comes after the text.
func (p *rtfParser) finish() {
	for len(p.groups) > 0 {
		p.closeGroup()
	}
	if p.rowOpen {
		p.endRow()
	}
	p.endBoxes()
	for _, n := range p.endnotes {
		p.flow.block(n)
	}
	for _, c := range p.comments {
		p.flow.block("Comment: " + c)
	}
	for _, f := range p.footers {
		p.flow.note(f)
	}
	p.flow.addPreface(strings.Join(p.headers, "\n\n"))
}

// rtfDate is a time in the info group.
type rtfDate struct{ year, month, day, hour, minute int }

func (d *rtfDate) set(part string, value int) {
	switch part {
	case "yr":
		d.year = value
	case "mo":
		d.month = value
	case "dy":
		d.day = value
	case "hr":
		d.hour = value
	case "min":
		d.minute = value
	}
}

// String is the time in ISO 8601, "" if there is none.
func (d rtfDate) String() string {
	if d.year <= 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d", d.year, d.month, d.day, d.hour, d.minute)
}
