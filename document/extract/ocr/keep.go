package ocr

import (
	"strings"
	"unicode"

	"github.com/caseload/caseload/document/extract/internal/legible"
)

const (
	// layerLetters is how many letters and digits a page's own text has, at least, that
	// is more than a stamp.
	layerLetters = 300
	// sameSense is how much less sense a layer may make and be kept: it has the
	// characters that were typed, and names and figures make none.
	sameSense = 0.05
	// fewWords is the share of the layer's words with which OCR has not read the page.
	fewWords = 0.3
	// readable is the plausibility of a text that may have been meant.
	readable = 0.5
)

// keepsLayer says whether a page keeps the text that it has, which was in doubt,
// because it is better than what was recognised: it makes as much sense, or it is the
// only one that there is to speak of.
func keepsLayer(layer, recognised string) bool {
	if !isLayer(layer) {
		return false
	}
	own, other := legible.Judge(layer), legible.Judge(recognised)
	if float64(other.Words) < fewWords*float64(own.Words) {
		return own.Plausibility() >= readable
	}
	return own.Sense() >= other.Sense()-sameSense
}

// isLayer says whether text is more than a stamp.
func isLayer(text string) bool {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			if n++; n == layerLetters {
				return true
			}
		}
	}
	return false
}

// besides is recognised, with those lines of own before it that it does not hold. own
// is text that the page has besides its picture: a court's filing stamp, which OCR
// misreads where two stamps overlap. A layer that was found worse is left out.
func besides(own, recognised string) string {
	if isLayer(own) {
		return recognised
	}
	return keepStamp(own, recognised)
}

// keepStamp is recognised, with those lines of own before it that it does not hold.
func keepStamp(own, recognised string) string {
	found := make(map[string]bool)
	for _, w := range strings.Fields(strings.ToLower(recognised)) {
		found[w] = true
	}
	var missing []string
	for line := range strings.Lines(own) {
		words := strings.Fields(strings.ToLower(line))
		hits := 0
		for _, w := range words {
			if found[w] {
				hits++
			}
		}
		if 2*hits < len(words) && legible.Judge(line).Plausibility() >= readable {
			missing = append(missing, strings.TrimSpace(line))
		}
	}
	if len(missing) == 0 {
		return recognised
	}
	return strings.TrimSpace(strings.Join(missing, "\n") + "\n\n" + recognised)
}
