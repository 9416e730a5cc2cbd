package layout

import (
	"regexp"
	"strings"
)

// stampFields are what CM/ECF, NYSCEF and similar systems put in a stamp:
// "Case 4:08-cv-02214-SBA Document 26 Filed 01/29/2009 Page 1 of 2".
var stampFields = []*regexp.Regexp{
	regexp.MustCompile(`(?i)\b(?:case|appeal|index)\b\W{0,3}(?:no\.?\s*)?#?\s*\d|\b\d+:\d\d-[a-z]{2,4}-\d+`),
	regexp.MustCompile(`(?i)\bdoc(?:ument|ket)?\b\W{0,3}(?:no\.?\s*)?#?\s*\d`),
	regexp.MustCompile(`(?i)\b(?:filed|entered|received)\b\D{0,40}\d{1,4}[/-]\d{1,2}[/-]\d{2,4}`),
	regexp.MustCompile(`(?i)\b(?:page|pg)\b\W{0,3}\d+`),
	regexp.MustCompile(`(?i)\b(?:dktentry|entry id|id)\b\W{0,3}\d`),
	regexp.MustCompile(`(?i)\bnyscef\b`),
}

var bareNumber = regexp.MustCompile(`^\W*\d{1,4}\W*$`)

// Stamp says whether a line is a court's filing stamp or a page number: a short
// line with two fields of a stamp.
func Stamp(line string) bool {
	line = strings.TrimSpace(line)
	if bareNumber.MatchString(line) {
		return true
	}
	if len(line) > 200 {
		return false
	}
	fields := 0
	for _, f := range stampFields {
		if f.MatchString(line) {
			fields++
		}
	}
	return fields >= 2
}
