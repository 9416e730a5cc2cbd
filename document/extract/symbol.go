package extract

import "strings"

// symbolFonts are characters that legal documents take from fonts with an
// encoding of their own: bullets, boxes to tick, section signs. Codes are those
// of the font, 0x20 to 0xFF.
//
// Sources: the Adobe Symbol encoding, and the glyph charts of Wingdings and
// Wingdings 2 (Microsoft).
var symbolFonts = map[string]map[rune]string{
	"symbol": {
		0x2D: "−", 0xA3: "≤", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠",
		0xA2: "′", 0xAE: "→", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xE2: "®", 0xE3: "©", 0xE4: "™",
	},
	"wingdings": {
		0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x76: "❖", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xE0: "→",
		0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
	},
	"wingdings 2": {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "•", 0xA3: "□"},
}

// symbol is the character with that code in font. Symbol fonts are addressed at
// U+F000 and above. A character that is not known is U+FFFD.
func symbol(font string, code rune) string {
	low := code
	if code >= 0xF000 && code <= 0xF0FF {
		low -= 0xF000
	}
	font = strings.ToLower(strings.Trim(font, " ;"))
	chars, special := symbolFonts[font]
	switch s, ok := chars[low]; {
	case ok:
		return s
	case !special && code < 0xE000, code > 0xF8FF:
		return string(code)
	case font == "symbol" && low >= '0' && low <= '9':
		return string(low)
	case !special && low >= ' ' && low < 0x7F:
		return string(low)
	}
	return "\uFFFD"
}
