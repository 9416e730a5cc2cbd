package main

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// asIs is the text file itself.
func asIs(text string) ([]byte, error) { return []byte(text), nil }

// asWindows1252 is the text in Windows-1252 with Windows line ends.
func asWindows1252(text string) ([]byte, error) {
	return charmap.Windows1252.NewEncoder().Bytes([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
}

// asUTF16 is the text in UTF-16, little end first, with a byte order mark, as
// Windows' editor calls "Unicode".
func asUTF16(text string) ([]byte, error) {
	enc := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()
	return enc.Bytes([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
}
