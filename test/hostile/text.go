package hostile

import (
	"fmt"
	"io"
	"os"
	"strings"
)

func textFiles() []File {
	return []File{
		{Name: "text-1gb.txt", What: "1 GB of text, most of it a hole in the file", Want: fails("TooLarge"), write: plain(sentence, 1, 1), after: sparse(1 << 30)},
		{Name: "text-500mb.txt", What: "500 MB of text", Want: partial(), write: textLong},
		{Name: "text-one-line.txt", What: "16 MB without a space or line end", Want: partial(), FullWant: completes().full(), write: plain("x", 2<<20, 16<<20)},
		{Name: "text-names.txt", What: "8 MB of nothing but names and versus", Want: partial(), write: textNames},
		{Name: "text-citations.txt", What: "8 MB of citations and section signs without end", Want: partial(), write: plain("1 U.S. 1, 2 F.3d 3; §§ 1-2, ", 2<<20/28, 8<<20/28)},
		{Name: "text-dots.txt", What: "8 MB of abbreviations, brackets and full stops", Want: partial(), FullWant: completes().full(), write: plain("v. Inc. ((§.[ No. Mr. ", 2<<20/23, 8<<20/23)},
		{Name: "text-combining.txt", What: "one letter with a million accents", Want: completes(), write: textCombining},
		{Name: "text-invalid-utf8.txt", What: "UTF-8 with overlong forms, surrogates and broken characters", Want: completes(), write: textInvalid},
		{Name: "text-utf16.txt", What: "UTF-16 of half surrogates", Want: fails("UnsupportedFormat"), write: plain("\xff\xfe\x00\xd8", 1, 100_000)},
		{Name: "text-zeros.txt", What: "zero bytes", Want: fails("UnsupportedFormat"), write: plain("\x00", 1<<20, 64<<20)},
		{Name: "text-pages.txt", What: "a million form feeds", Want: partial(), write: plain("page\f", 20_000, 1_000_000)},
		{Name: "text-empty.txt", What: "nothing", Want: fails("EmptyFile"), write: plain("", 0, 0)},
	}
}

func plain(s string, quick, full int) func(io.Writer, Size) error {
	return func(w io.Writer, size Size) error { return repeat(w, s, size.pick(quick, full)) }
}

// sparse makes the file size bytes long without writing them.
func sparse(size int64) func(*os.File) error {
	return func(f *os.File) error { return f.Truncate(size) }
}

func textLong(w io.Writer, s Size) error {
	return repeat(w, sentence, s.pick(8<<20, 500_000_000)/len(sentence))
}

// textNames names two different parties in each line.
func textNames(w io.Writer, s Size) error {
	for i := range s.pick(2<<20, 8<<20) / 48 {
		if _, err := fmt.Fprintf(w, "Mr. Abel %s v. Harbor %s, Inc., No. 24-cv-%05d\n", letters(i), letters(i*7), i%100_000); err != nil {
			return err
		}
	}
	return nil
}

// letters is n as a capitalised word.
func letters(n int) string {
	b := []byte{byte('A' + n%26)}
	for range 5 {
		n /= 26
		b = append(b, byte('a'+n%26))
	}
	return string(b)
}

func textCombining(w io.Writer, s Size) error {
	return all(
		func() error { _, err := io.WriteString(w, "The motion is granted. a"); return err },
		func() error { return repeat(w, "\u0301\u0323", s.pick(30_000, 1_000_000)) },
	)
}

func textInvalid(w io.Writer, _ Size) error {
	_, err := io.WriteString(w, strings.Repeat(sentence, 100)+"\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xff\xfe \xe2\x82 \x80\n"+strings.Repeat(sentence, 100))
	return err
}
