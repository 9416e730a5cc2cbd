package pdf_test

import (
	"image"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
)

// secret is two words at (72, 700), some 110 points long.
var secret = pdftest.Text(72, 700, 12, "Jacqueline Sunderland")

func leaksOf(t *testing.T, marks ...pdftest.Mark) (leaks []document.Warning) {
	t.Helper()
	r := setup(t)
	marks = append([]pdftest.Mark{pdftest.Text(72, 600, 12, "The witness saw the defendant leave.")}, marks...)
	for _, w := range read(t, r, pdftest.New().Page(pdftest.Text(72, 700, 12, "Cover")).Page(marks...).Bytes()).Warnings {
		assert.Equal(t, document.WarnLeakingRedaction, w.Code)
		assert.Equal(t, 2, w.Page)
		assert.NotContains(t, w.Message, "Sunder")
		leaks = append(leaks, w)
	}
	return leaks
}

func TestTextUnderABlackBoxIsTold(t *testing.T) {
	message := "the black box from (70, 695) to (270, 715), in points from the lower left corner, has text of 21 characters under it"
	for name, box := range map[string]pdftest.Mark{
		"a rectangle":                      pdftest.Rect(70, 695, 200, 20),
		"drawn by lines":                   pdftest.Draw("0 g 70 695 m 270 695 l 270 715 l 70 715 l h f"),
		"one of several of a path":         pdftest.Draw("0 g 300 300 9 9 re 70 695 200 20 re f"),
		"a thick line":                     pdftest.Draw("0 G 20 w 70 705 m 270 705 l S"),
		"nearly black":                     pdftest.Draw("0.1 0.1 0.2 rg 70 695 200 20 re f"),
		"in a form":                        pdftest.Form(2, pdftest.Rect(35, 347.5, 100, 10)),
		"an annotation":                    pdftest.Field("Square", pdftest.Rect(70, 695, 200, 20)),
		"with a border":                    pdftest.Draw("0 g 0 G 0 w 70 695 200 20 re B"),
		"clipped to it":                    pdftest.Draw("q 70 695 200 20 re W n 0 g 0 600 612 192 re f Q"),
		"over text that only searches see": pdftest.Rect(70, 695, 200, 20),
	} {
		t.Run(name, func(t *testing.T) {
			under := secret
			if name == "over text that only searches see" {
				under = pdftest.Draw("BT 3 Tr /F1 12 Tf 72 700 Td (Jacqueline Sunderland) Tj 0 Tr ET")
			}
			leaks := leaksOf(t, under, box)
			if assert.Len(t, leaks, 1) {
				assert.Equal(t, message, leaks[0].Message)
			}
		})
	}
}

func TestOnlyTheTextUnderABoxIsCounted(t *testing.T) {
	leaks := leaksOf(t, secret, pdftest.Rect(70, 695, 59, 20))
	if assert.Len(t, leaks, 1) {
		assert.Contains(t, leaks[0].Message, "text of 10 characters")
	}
}

func TestABoxThatHidesNoTextIsNotTold(t *testing.T) {
	scan := image.NewGray(image.Rect(0, 0, 400, 40))
	for name, marks := range map[string][]pdftest.Mark{
		"text on it":          {pdftest.Rect(70, 695, 200, 20), pdftest.Draw("1 g"), secret},
		"beside the text":     {secret, pdftest.Rect(70, 660, 200, 20)},
		"a picture under it":  {pdftest.Image(scan, 70, 695, 200, 20), pdftest.Rect(70, 695, 200, 20)},
		"a rule":              {secret, pdftest.Rect(70, 704, 200, 1)},
		"a light box":         {secret, pdftest.Draw("0.9 g 70 695 200 20 re f")},
		"an outline":          {secret, pdftest.Draw("0 G 70 695 200 20 re S")},
		"a drawing":           {secret, pdftest.Draw("0 g 70 695 m 270 695 l 170 715 l 70 715 l h f")},
		"a curve":             {secret, pdftest.Draw("0 g 70 695 m 70 715 270 715 270 695 c 270 695 l 70 695 l h f")},
		"a box clipped away":  {secret, pdftest.Draw("q 300 300 9 9 re W n 0 g 70 695 200 20 re f Q")},
		"another page's text": {pdftest.Rect(70, 695, 200, 20)},
	} {
		t.Run(name, func(t *testing.T) { assert.Empty(t, leaksOf(t, marks...)) })
	}
}

func TestManyLeaksAreToldTogether(t *testing.T) {
	r := setup(t)
	var marks []pdftest.Mark
	for i := range 120 {
		y := 40 + float64(i%60)*12
		x := 72 + float64(i/60)*200
		marks = append(marks, pdftest.Text(x, y, 8, "Doe"), pdftest.Rect(x-2, y-2, 40, 10))
	}
	warnings := read(t, r, pdftest.New().Page(marks...).Bytes()).Warnings
	if assert.Len(t, warnings, 101) {
		assert.Equal(t, "and 20 more black boxes, here and on later pages, have text under them", warnings[100].Message)
	}
}
