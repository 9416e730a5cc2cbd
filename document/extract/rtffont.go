package extract

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// rtfFont is an entry of the font table.
type rtfFont struct {
	name     string
	charset  int // \fcharset, -1 if not given
	codePage int // \cpg, 0 if not given
}

// maxFonts bounds the font table.
const maxFonts = 4096

// font is the entry of number n, made if there is none.
func (p *rtfParser) font(n int) *rtfFont {
	f := p.fonts[n]
	if f == nil {
		f = &rtfFont{charset: -1}
		if len(p.fonts) < maxFonts {
			p.fonts[n] = f
		}
	}
	return f
}

// rtfCharsets are the code pages of \fcharset values (RTF 1.9.1, "Font Table").
// 0 is the Windows code page of the Latin script, whatever \ansicpg says; 1 is
// the document's own.
var rtfCharsets = map[int]int{
	0: 1252, 77: 10000, 78: 932, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
	177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}

// symbolCharset is the \fcharset of fonts with an encoding of their own.
const symbolCharset = 2

// codePages are the encodings of Windows code pages.
var codePages = func() map[int]charset {
	pages := map[int]charset{
		437: {"ibm437", charmap.CodePage437}, 850: {"ibm850", charmap.CodePage850}, 852: {"ibm852", charmap.CodePage852},
		1252: csWindows1252, 10000: csMacRoman, 65001: csUTF8,
	}
	for page, label := range map[int]string{
		866: "ibm866", 874: "windows-874", 932: "shift_jis", 936: "gbk", 949: "euc-kr", 950: "big5", 1250: "windows-1250",
		1251: "windows-1251", 1253: "windows-1253", 1254: "windows-1254", 1255: "windows-1255", 1256: "windows-1256",
		1257: "windows-1257", 1258: "windows-1258", 10007: "x-mac-cyrillic", 54936: "gb18030",
	} {
		if cs, ok := labelCharset(label); ok {
			pages[page] = cs
		}
	}
	return pages
}()

// decode decodes text in the current font.
func (p *rtfParser) decode(b []byte) string {
	f := p.font(p.group().font)
	if f.charset == symbolCharset && p.group().dest == rtfBody {
		var s strings.Builder
		for _, c := range b {
			if c <= ' ' {
				s.WriteByte(c)
			} else {
				s.WriteString(symbol(f.name, 0xF000+rune(c)))
			}
		}
		return s.String()
	}
	if isASCII(b) {
		return string(b)
	}
	page := p.codePage
	if known, ok := rtfCharsets[f.charset]; ok {
		page = known
	}
	if f.codePage != 0 {
		page = f.codePage
	}
	cs, ok := codePages[page]
	if !ok {
		cs = csWindows1252
	}
	text, _ := cs.decode(b)
	return text
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
