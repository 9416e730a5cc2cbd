package main

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// renderRTF is a source in Rich Text Format 1.5, in the Windows-1252 code page.
func renderRTF(s *source) ([]byte, error) {
	at, err := s.date()
	if err != nil {
		return nil, err
	}
	w := rtfWriter{source: s}
	w.printf(`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fmodern\fcharset0 Courier New;}}` + "\r\n")
	w.printf(`{\info{\title %s}{\author %s}{\creatim\yr%d\mo%d\dy%d\hr%d\min%d}}`+"\r\n", rtfEscape(s.Meta["title"]), rtfEscape(s.Meta["author"]),
		at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute())
	w.printf(`\paperw12240\paperh15840\margl1440\margr1440\margt1440\margb1440\fs24` + "\r\n")
	w.printf(`{\header\pard\qc\fs20 %s\par}{\footer\pard\qc\fs20 %s\par}`+"\r\n", rtfFields(s.Meta["header"]), rtfFields(s.Meta["footer"]))
	for _, b := range s.Blocks {
		w.block(b)
	}
	w.printf("}\r\n")
	return []byte(w.out.String()), w.err
}

type rtfWriter struct {
	source *source
	out    strings.Builder
	err    error
}

func (w *rtfWriter) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

var rtfLayout = map[kind]string{
	heading: `\qc\sb200\sa160\b`, subheading: `\sb120\sa120\b`, quotation: `\li1080\ri1080\sa160`, indented: `\li720\sa140`,
	lines: ``, centered: `\qc`, signature: `\li4680`, mono: `\f1`, paragraph: `\fi720\sa140\sl360\slmult1`, numbered: `\fi720\sa140\sl360\slmult1`,
}

func (w *rtfWriter) block(b block) {
	switch b.Kind {
	case pageBreak:
		w.printf(`\page` + "\r\n")
	case lines, centered, signature, mono:
		for _, text := range b.Lines {
			w.paragraph(b.Kind, text)
		}
		w.paragraph(lines, "")
	case caption:
		w.row([]float64{0.5, 0.5}, []string{strings.Join(b.Lines, "\n"), strings.Join(b.Right, "\n")})
		w.paragraph(lines, "")
	case table:
		for _, row := range b.Rows {
			w.row(b.Shares, row)
		}
		w.paragraph(lines, "")
	case numbered:
		w.paragraph(b.Kind, fmt.Sprintf("%d.  %s", b.Number, b.Text))
	default:
		w.paragraph(b.Kind, b.Text)
	}
}

func (w *rtfWriter) paragraph(k kind, text string) {
	w.printf(`{\pard%s `, rtfLayout[k])
	w.inline(text)
	w.printf(`\par}` + "\r\n")
}

func (w *rtfWriter) row(shares []float64, cells []string) {
	w.printf(`\trowd\trgaph108`)
	at := 0.0
	for _, share := range shares {
		at += share * textWidth
		w.printf(`\cellx%d`, int(at))
	}
	w.printf("\r\n")
	for _, cell := range cells {
		w.printf(`{\pard\intbl `)
		for i, line := range strings.Split(cell, "\n") {
			if i > 0 {
				w.printf(`\line `)
			}
			w.inline(line)
		}
		w.printf(`\cell}`)
	}
	w.printf(`\row` + "\r\n")
}

func (w *rtfWriter) inline(text string) {
	for _, r := range runs(text) {
		switch {
		case r.Note != "":
			note, ok := w.source.Notes[r.Note]
			if !ok && w.err == nil {
				w.err = fmt.Errorf("no footnote %s", r.Note)
			}
			w.printf(`{\super\chftn}{\footnote\pard\fs20{\super\chftn} `)
			w.inline(note)
			w.printf(`}`)
		case r.Slant == 0:
			w.printf("%s", rtfEscape(r.Text))
		default:
			style := ""
			if r.Slant&bold != 0 {
				style += `\b`
			}
			if r.Slant&italic != 0 {
				style += `\i`
			}
			w.printf(`{%s %s}`, style, rtfEscape(r.Text))
		}
	}
}

// rtfFields is a header or footer with its page numbers as fields.
func rtfFields(text string) string {
	text = rtfEscape(strings.ReplaceAll(text, "||", "  "))
	return strings.NewReplacer(`\{page\}`, `\chpgn `, `\{pages\}`, `{\field{\*\fldinst NUMPAGES}{\fldrslt 1}}`).Replace(text)
}

// rtfEscape is text in 7-bit RTF: a character of the code page by its byte, any
// other by its UTF-16 code units.
func rtfEscape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch c, ok := charmap.Windows1252.EncodeRune(r); {
		case r == '\\' || r == '{' || r == '}':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '~':
			b.WriteString(`\~`)
		case r < 0x80:
			b.WriteRune(r)
		case ok:
			fmt.Fprintf(&b, `\'%02x`, c)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%d?`, int16(uint16(r)))
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%d?\u%d?`, int16(uint16(0xD800+r>>10)), int16(uint16(0xDC00+r&0x3FF)))
		}
	}
	return b.String()
}
