package layout_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/extract/pdf/layout"
)

const em = 10.0 // size of the letters in these tests; each is 5 points wide

// at is a line.
func at(x, y float64, text string) layout.Line {
	return layout.Line{Text: text, X0: x, X1: x + 5*float64(len(text)), Y: y, Size: em}
}

// side is a line's text and where it begins.
type side struct {
	x    float64
	text string
}

// paper is a page under construction.
type paper struct {
	layout.Page
	words [][]layout.Word
	asked int
}

func sheet() *paper {
	p := &paper{Page: layout.Page{Width: 612, Height: 792}}
	p.Words = func(i int) ([]layout.Word, error) {
		p.asked++
		return p.words[i], nil
	}
	return p
}

// row puts texts on one line, as a source does that goes from left to right.
func (p *paper) row(y float64, texts ...side) {
	for i, t := range texts { // words are one space apart
		texts[i].text = strings.Join(strings.Fields(t.text), " ")
	}
	l := at(texts[0].x, y, texts[0].text)
	var words []layout.Word
	for i, t := range texts {
		if i > 0 {
			l.Text += " " + t.text
			l.X1 = t.x + 5*float64(len(t.text))
		}
		from, x := len(l.Text)-len(t.text), t.x
		for w := range strings.FieldsSeq(t.text) {
			words = append(words, layout.Word{From: from, To: from + len(w), X0: x, X1: x + 5*float64(len(w))})
			from, x = from+len(w)+1, x+5*float64(len(w)+1)
		}
	}
	p.Lines, p.words = append(p.Lines, l), append(p.words, words)
}

func texts(lines []layout.Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = l.Text
	}
	return out
}

func arrange(t *testing.T, p *paper) layout.Read {
	t.Helper()
	r, err := layout.Arrange(p.Page)
	require.NoError(t, err)
	return r
}

// prose is line i of a column, some 220 points wide.
func prose(column string, i int) string {
	return fmt.Sprintf("%s%02d the court held that relief was denied", column, i)
}

func TestArrangeReadsColumnByColumn(t *testing.T) {
	t.Parallel()
	p := sheet()
	p.row(740, side{100, "A heading over both of the columns of this page of the journal"})
	var want []string
	want = append(want, p.Lines[0].Text)
	for i := range 20 {
		y := 700 - 12*float64(i)
		p.row(y, side{60, prose("l", i)}, side{320, prose("r", i)})
	}
	p.row(400, side{60, "Conclusion of the whole, which is a line that goes over the two columns above it"})
	for _, c := range []string{"l", "r"} {
		for i := range 20 {
			want = append(want, prose(c, i))
		}
	}
	want = append(want, p.Lines[len(p.Lines)-1].Text)
	r := arrange(t, p)
	assert.True(t, r.Columns)
	assert.Equal(t, want, texts(r.Lines))
	assert.True(t, r.Lines[21].Start, "the right column begins a block")
}

func TestArrangeReadsThreeColumns(t *testing.T) {
	t.Parallel()
	p := sheet()
	var want []string
	for i := range 30 {
		y := 700 - 12*float64(i)
		p.row(y, side{40, prose("a", i)[:30]}, side{220, prose("b", i)[:30]}, side{400, prose("c", i)[:30]})
	}
	for _, c := range []string{"a", "b", "c"} {
		for i := range 30 {
			want = append(want, prose(c, i)[:30])
		}
	}
	assert.Equal(t, want, texts(arrange(t, p).Lines))
}

func TestArrangeReadsFourColumns(t *testing.T) {
	t.Parallel()
	p := sheet()
	var want []string
	for i := range 30 {
		var row []side
		for c, x := range []float64{20, 165, 310, 455} {
			row = append(row, side{x, prose(string(rune('a'+c)), i)[:23]})
		}
		p.row(700-12*float64(i), row...)
	}
	for c := range 4 {
		for i := range 30 {
			want = append(want, prose(string(rune('a'+c)), i)[:23])
		}
	}
	assert.Equal(t, want, texts(arrange(t, p).Lines))
}

func TestArrangeReadsColumnsWhoseLinesComeInTurn(t *testing.T) {
	t.Parallel()
	p := sheet()
	for i := range 12 {
		p.row(700-12*float64(i), side{60, prose("l", i)})
		p.row(694-12*float64(i), side{320, prose("r", i)})
	}
	got := texts(arrange(t, p).Lines)
	assert.Equal(t, prose("l", 1), got[1])
	assert.Equal(t, prose("r", 0), got[12])
}

// What is beside each other but no column of text stays as its source has it.
func TestArrangeKeepsRowsTogether(t *testing.T) {
	t.Parallel()
	body := func(p *paper) {
		for i := range 25 {
			p.row(440-14*float64(i), side{72, "The plaintiff brings this action against the defendant for breach of it and more."})
		}
	}
	for name, make := range map[string]func(p *paper){
		"caption": func(p *paper) {
			for i, l := range []string{"JANE ROE,", "Plaintiff,", "v.", "ACME COMPANY, a corporation,", "JOHN DOE,", "Defendants.", "and others", "named below"} {
				p.row(700-14*float64(i), side{72, l}, side{300, ")"}, side{330, "Case No. 1:20-cv-01234"})
			}
		},
		"table": func(p *paper) {
			for i := range 15 {
				p.row(700-14*float64(i), side{72, fmt.Sprintf("Exhibit %d", i)}, side{200, "Letter"}, side{300, "2020-01-02"}, side{500, "$100.00"})
			}
		},
		"wide table": func(p *paper) {
			for i := range 15 {
				p.row(700-14*float64(i), side{72, fmt.Sprintf("Rent of %d", i)}, side{400, "$1,200.00"})
			}
		},
		"signatures": func(p *paper) {
			for i := range 5 {
				p.row(700-14*float64(i), side{72, "DATED: March 4, 2020 and sworn to before me"}, side{330, "Respectfully submitted by counsel"})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sheet()
			make(p)
			body(p)
			r := arrange(t, p)
			assert.False(t, r.Columns)
			assert.Equal(t, texts(p.Lines), texts(r.Lines))
		})
	}
}

func TestArrangeKeepsATableThatFillsThePage(t *testing.T) {
	t.Parallel()
	p := sheet()
	for i := range 30 {
		p.row(720-20*float64(i), side{72, fmt.Sprintf("Rent of June %02d", i)}, side{400, "$1,200.00 in full"})
	}
	r := arrange(t, p)
	assert.False(t, r.Columns)
	assert.Equal(t, texts(p.Lines), texts(r.Lines))
}

// A source that gives cell by cell, or column by column, knows better.
func TestArrangeKeepsTheOrderOfASourceThatKnowsColumns(t *testing.T) {
	t.Parallel()
	p := sheet()
	for cell := range 4 {
		for _, x := range []float64{60, 320} {
			for i := range 4 {
				p.row(700-60*float64(cell)-12*float64(i), side{x, prose(fmt.Sprint(cell), i)})
			}
		}
	}
	assert.Equal(t, texts(p.Lines), texts(arrange(t, p).Lines))
}

func TestArrangeLeavesLineNumbersOut(t *testing.T) {
	t.Parallel()
	body := func(i int) string { return prose("p", i) }
	for name, make := range map[string]func(p *paper){
		"before the text": func(p *paper) {
			for i := range 28 {
				p.row(720-24*float64(i), side{60, fmt.Sprint(i + 1)})
			}
			for i := range 28 {
				p.row(720-24*float64(i), side{90, body(i)})
			}
		},
		"in each line": func(p *paper) {
			for i := range 28 {
				p.row(720-24*float64(i), side{60, fmt.Sprint(i + 1)}, side{90, body(i)})
			}
		},
		"flush right": func(p *paper) {
			for i := range 28 {
				n := fmt.Sprint(i + 1)
				p.row(720-24*float64(i), side{70 - 5*float64(len(n)), n}, side{90, body(i)})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sheet()
			make(p)
			r := arrange(t, p)
			assert.True(t, r.Numbers)
			require.Len(t, r.Lines, 28)
			for i, l := range r.Lines {
				assert.Equal(t, body(i), l.Text)
				assert.InDelta(t, 90, l.X0, 0.01)
			}
		})
	}
}

func TestArrangeKeepsNumbersThatAreNotOfLines(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(p *paper){
		"a short list": func(p *paper) {
			for i := range 12 {
				p.row(720-24*float64(i), side{60, fmt.Sprintf("%d item", i+1)})
			}
		},
		"uneven": func(p *paper) {
			y := 740.0
			for i := range 28 {
				p.row(y, side{60, fmt.Sprintf("%d item", i+1)})
				y -= 12 + 24*float64(i%2)
			}
		},
		"on a part of the page": func(p *paper) {
			for i := range 28 {
				p.row(720-12*float64(i), side{60, fmt.Sprintf("%d item", i+1)})
			}
		},
		"a list with points": func(p *paper) {
			for i := range 28 {
				p.row(720-24*float64(i), side{60, fmt.Sprintf("%d. item", i+1)})
			}
		},
		"statutes": func(p *paper) {
			for i := range 28 {
				p.row(720-24*float64(i), side{60, fmt.Sprintf("%d U.S.C. 1", i+10)})
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sheet()
			make(p)
			r := arrange(t, p)
			assert.False(t, r.Numbers)
			assert.Equal(t, texts(p.Lines), texts(r.Lines))
		})
	}
}

func TestArrangePutsTurnedTextLast(t *testing.T) {
	t.Parallel()
	p := sheet()
	p.row(700, side{20, "ATTORNEYS AT LAW"})
	p.Lines[0].Rotated = true
	p.row(700, side{72, "First line."})
	p.row(686, side{72, "Second line."})
	assert.Equal(t, []string{"First line.", "Second line.", "ATTORNEYS AT LAW"}, texts(arrange(t, p).Lines))
}

func TestArrangeKeepsWhatItCannotMeasure(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(p *paper){
		"no number":            func(p *paper) { p.Lines[3].Y = math.NaN() },
		"infinite":             func(p *paper) { p.Lines[3].X1 = math.Inf(1) },
		"no size":              func(p *paper) { p.Width = 0 },
		"a place is not known": func(p *paper) { p.Lines[3] = layout.Line{Text: "?"} },
		"words are wrong": func(p *paper) {
			for i := range p.words {
				p.words[i] = []layout.Word{{From: 5, To: 500}}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sheet()
			for i := range 20 {
				p.row(700-12*float64(i), side{60, prose("l", i)}, side{320, prose("r", i)})
			}
			spoil(p)
			assert.Equal(t, texts(p.Lines), texts(arrange(t, p).Lines))
		})
	}
}

func TestArrangeIsBounded(t *testing.T) {
	t.Parallel()
	p := sheet()
	for i := range 1999 {
		p.row(700-0.1*float64(i), side{60, prose("l", i%100)}, side{320, prose("r", i%100)})
	}
	r := arrange(t, p)
	assert.LessOrEqual(t, p.asked, 400)
	assert.NotEmpty(t, r.Lines)

	heap := sheet()
	for range 10_000 {
		heap.row(100, side{100, "x"})
	}
	assert.Equal(t, texts(heap.Lines), texts(arrange(t, heap).Lines))
	assert.Zero(t, heap.asked)
}

func FuzzArrange(f *testing.F) {
	f.Add("1 a b|2 c d|x|y z", 60.0, 700.0, 12.0, 200.0)
	f.Add("one two three|four five six", 0.0, math.NaN(), 1.0, 1e9)
	f.Fuzz(func(t *testing.T, s string, x, y, pitch, gap float64) {
		p := sheet()
		for i, text := range strings.Split(s, "|") {
			for k := range 6 {
				p.row(y-pitch*float64(i*6+k), side{x, text}, side{x + gap, text})
			}
		}
		count := func(lines []layout.Line) map[string]int {
			n := map[string]int{}
			for _, l := range lines {
				for w := range strings.FieldsSeq(l.Text) {
					n[w]++
				}
			}
			return n
		}
		before := count(p.Lines)
		r := arrange(t, p)
		if !r.Numbers {
			assert.Equal(t, before, count(r.Lines), "no word is lost or added")
		}
	})
}
