package corpus

// sheet is the page that a draft is laid out on. Lengths are in points; on a text
// file's page a line is one point high.
type sheet struct {
	face    face // of a PDF
	leading int  // from baseline to baseline
	gap     int  // between blocks
	chars   int  // that a line holds, on average
	height  int  // between the margins
	numbers int  // how pages are numbered: a choice of three
	stamped bool // by the court's filing system
	ruled   bool // the caption has ")" between its columns
}

// sheetOf draws the sheet of a format.
func sheetOf(rng *dice, f Format) sheet {
	var s sheet
	switch {
	case f == TXT:
		s = sheet{leading: 1, gap: 1, chars: textColumns - 3, height: textLines}
	case rng.percent(25):
		s = sheet{face: helvetica, leading: 15, gap: 8, chars: 90, height: bodyHeight}
	case rng.percent(50):
		s = sheet{face: times, leading: 16, gap: 8, chars: 92, height: bodyHeight}
	default:
		s = sheet{face: times, leading: 15, gap: 10, chars: 92, height: bodyHeight}
	}
	s.numbers, s.stamped, s.ruled = rng.below(3), rng.percent(45), rng.percent(70)
	return s
}

// heightOf is how high a block will be, about.
func (s sheet) heightOf(b block) int {
	lines := 0
	switch b.shape {
	case paragraph, blockHeading, blockTitle:
		lines = linesOf(b.text, s.chars)
	case blockQuote:
		lines = linesOf(b.text, s.chars*3/4)
	case blockLines, blockCentred, blockSigned:
		lines = len(b.lines)
	case blockCaption:
		lines = max(columnLines(b.lines, s.chars/2-4), columnLines(b.right, s.chars/2-4))
	case blockTable:
		lines = len(b.rows)
	}
	return lines*s.leading + s.gap
}

func columnLines(lines []string, chars int) (n int) {
	for _, line := range lines {
		n += linesOf(line, chars)
	}
	return n
}

// linesOf is how many lines of so many characters a text takes.
func linesOf(text string, chars int) int { return max(1, (len(text)+chars-1)/chars) }
