package ocr

import "strings"

// keepStamp is recognised, with those lines of own before it that it does not
// hold. own is text that the page has besides its picture: a court's filing
// stamp, which OCR misreads where two stamps overlap.
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
		if 2*hits < len(words) {
			missing = append(missing, strings.TrimSpace(line))
		}
	}
	if len(missing) == 0 {
		return recognised
	}
	return strings.TrimSpace(strings.Join(missing, "\n") + "\n\n" + recognised)
}
