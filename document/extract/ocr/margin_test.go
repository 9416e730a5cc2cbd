package ocr

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tsv writes tesseract's output for a page of 2550 by 3300 pixels, a block a call.
type tsv struct {
	strings.Builder
	blocks int
}

func newTSV() *tsv {
	t := &tsv{}
	t.WriteString(tsvHead + "1\t1\t0\t0\t0\t0\t0\t0\t2550\t3300\t-1\t\n")
	return t
}

// line adds a line in a block of its own: words from left to right, each with its width.
func (t *tsv) line(left, top, confidence int, words ...string) *tsv {
	const height, letter = 40, 20
	width := letter * len(strings.Join(words, " "))
	t.blocks++
	fmt.Fprintf(t, "4\t1\t%d\t1\t1\t0\t%d\t%d\t%d\t%d\t-1\t\n", t.blocks, left, top, width, height)
	for i, w := range words {
		fmt.Fprintf(t, "5\t1\t%d\t1\t1\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", t.blocks, i+1, left, top, letter*len(w), height, confidence, w)
		left += letter * (len(w) + 1)
	}
	return t
}

// upwards adds a line that runs up the page from bottom.
func (t *tsv) upwards(left, bottom, confidence int, words ...string) *tsv {
	const width, letter = 40, 20
	height := letter * len(strings.Join(words, " "))
	t.blocks++
	fmt.Fprintf(t, "4\t1\t%d\t1\t1\t0\t%d\t%d\t%d\t%d\t-1\t\n", t.blocks, left, bottom-height, width, height)
	for i, w := range words {
		high := letter * len(w)
		fmt.Fprintf(t, "5\t1\t%d\t1\t1\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", t.blocks, i+1, left, bottom-high, width, high, confidence, w)
		bottom -= high + letter
	}
	return t
}

const pleaded = "The motion is denied for the reasons that follow"

// Line numbers are told by those that were read right, and with them those that were
// not, and the rule beside them.
func TestLineNumbersOfScansAreLeftOut(t *testing.T) {
	t.Parallel()
	pleading := func(number func(n int) []string) string {
		page := newTSV()
		for n := 1; n <= 28; n++ {
			top := 200 + 100*n
			numbers := number(n)
			page.line(250-n, top+n%3, 90, append(numbers, strings.Fields(pleaded)...)...)
		}
		return page.String()
	}
	want := strings.TrimSpace(strings.Repeat(pleaded+"\n\n", 28))
	for name, tc := range map[string]struct {
		in   string
		want string
	}{
		"all are read": {pleading(func(n int) []string { return []string{fmt.Sprint(n)} }), want},
		"a third is read": {pleading(func(n int) []string {
			if n%3 == 0 {
				return []string{fmt.Sprint(n), "|"}
			}
			return []string{"Z_"}
		}), want},
		"by themselves": {func() string {
			page := newTSV()
			for n := 1; n <= 28; n++ {
				page.line(200, 200+100*n, 90, fmt.Sprint(n))
			}
			return page.line(500, 300, 90, "Denied.").String()
		}(), "Denied."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parseTSV(tc.in)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got.text)
		})
	}
}

func TestOtherNumbersOfScansStay(t *testing.T) {
	t.Parallel()
	for name, number := range map[string]func(n int) (value string, top int){
		"with points":     func(n int) (string, int) { return fmt.Sprintf("%d.", n), 200 + 100*n },
		"uneven":          func(n int) (string, int) { return fmt.Sprint(n), 200 + 3*n*n },
		"years of age":    func(n int) (string, int) { return fmt.Sprint(20 + n*7%23), 200 + 100*n },
		"a short list":    func(n int) (string, int) { return fmt.Sprint(1 + n%10), 200 + 100*n },
		"down the bottom": func(n int) (string, int) { return fmt.Sprint(n), 2200 + 40*n },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, want := newTSV(), []string{}
			for n := 1; n <= 25; n++ {
				value, top := number(n)
				page.line(250, top, 90, value, "exhibit")
				want = append(want, value+" exhibit")
			}
			got, err := parseTSV(page.String())
			require.NoError(t, err)
			assert.Equal(t, strings.Join(want, "\n\n"), got.text)
		})
	}
}

// What stands up a margin comes last, unless tesseract made it of line numbers.
func TestWordsUpAMarginComeLast(t *testing.T) {
	t.Parallel()
	got, err := parseTSV(newTSV().
		upwards(100, 2000, 92, "Carlson", "Calladine", "LLP").
		upwards(340, 1100, 32, "Co", "mA", "NDB", "nan", "FBP").
		line(500, 300, 95, "The", "motion").
		line(500, 360, 95, "is", "denied.").
		String())
	require.NoError(t, err)
	assert.Equal(t, "The motion\n\nis denied.\n\nCarlson Calladine LLP", got.text)
	assert.Len(t, got.boxes, 7)

	got, err = parseTSV(newTSV().upwards(1200, 1100, 32, "Co", "mA", "NDB").line(500, 300, 95, "Denied.").String())
	require.NoError(t, err)
	assert.Equal(t, "Denied.\n\nCo mA NDB", got.text, "in the middle of the page it is no margin's")

	got, err = parseTSV(newTSV().upwards(100, 1100, 32, "Co", "mA", "NDB").String())
	require.NoError(t, err)
	assert.Equal(t, "Co mA NDB", got.text, "a page that is on its side")
}
