package resolve

import (
	"slices"
	"strings"
)

// corporate are the words that say what form an organisation has, by their short
// form. Written out in more than one word they are in phrases.
var corporate = map[string]string{
	"inc": "inc", "incorporated": "inc",
	"corp": "corp", "corporation": "corp",
	"co": "co", "company": "co", "cos": "cos", "companies": "cos",
	"ltd": "ltd", "limited": "ltd",
	"llc": "llc", "lc": "llc", "llp": "llp", "lllp": "lllp", "lp": "lp",
	"pc": "pc", "pa": "pa", "pllc": "pllc", "plc": "plc", "na": "na",
	"ag": "ag", "bv": "bv", "gmbh": "gmbh", "kg": "kg", "nv": "nv", "sa": "sa", "sarl": "sarl", "srl": "srl", "spa": "spa",
}

// phrases are runs of words with one short form, the longest first where one
// begins another.
var phrases = []struct {
	words []string
	short string
}{
	{strings.Fields("limited liability limited partnership"), "lllp"},
	{strings.Fields("limited liability partnership"), "llp"},
	{strings.Fields("limited liability company"), "llc"},
	{strings.Fields("limited partnership"), "lp"},
	{strings.Fields("professional limited liability company"), "pllc"},
	{strings.Fields("professional corporation"), "pc"},
	{strings.Fields("professional association"), "pa"},
	{strings.Fields("public limited company"), "plc"},
	{strings.Fields("national association"), "na"},
	{strings.Fields("united states of america"), "us"},
	{strings.Fields("united states"), "us"},
	{strings.Fields("usa"), "us"},
	{strings.Fields("united kingdom"), "uk"},
	{strings.Fields("united nations"), "un"},
	{strings.Fields("european union"), "eu"},
}

// captionWords are abbreviations of case names by the word they stand for, as
// far as they stand for one only. Source: table T6 of The Bluebook, as facts.
var captionWords = map[string]string{
	"assn": "association", "assns": "associations", "assocs": "associates", "bhd": "brotherhood", "commn": "commission", "commr": "commissioner",
	"dept": "department", "dist": "district", "educ": "education", "emps": "employees", "envtl": "environmental", "fedn": "federation",
	"govt": "government", "hosp": "hospital", "indus": "industries", "intl": "international", "mfg": "manufacturing",
	"mgmt": "management", "mfrs": "manufacturers", "natl": "national", "servs": "services", "sys": "systems", "univ": "university",
}

// withoutPoints writes names of organisations and places without what abbreviates them.
var withoutPoints = strings.NewReplacer("'", "", ".", "", "&", " and ")

func orgKey(s string) string {
	s = withoutPoints.Replace(fold(s))
	w := joinInitials(words(s, ""))
	for len(w) > 1 && w[0] == "the" {
		w = w[1:]
	}
	for len(w) > 1 && w[len(w)-1] == "the" {
		w = w[:len(w)-1]
	}
	w = shortenPhrases(w)
	for i, word := range w {
		if short, ok := corporate[word]; ok {
			w[i] = short
		} else if long, ok := captionWords[word]; ok {
			w[i] = long
		}
	}
	return strings.Join(w, " ")
}

func shortenPhrases(w []string) []string {
	out := w[:0:0]
next:
	for i := 0; i < len(w); {
		for _, p := range phrases {
			if len(w)-i >= len(p.words) && slices.Equal(w[i:i+len(p.words)], p.words) {
				out = append(out, p.short)
				i += len(p.words)
				continue next
			}
		}
		out = append(out, w[i])
		i++
	}
	return out
}

// orgStem is an organisation's key without the words for its form at the end.
func orgStem(key string) string {
	w := strings.Fields(key)
	n := len(w)
	for n > 1 && corporate[w[n-1]] != "" {
		n--
	}
	if n > 1 && n < len(w) && w[n-1] == "and" {
		n--
	}
	return strings.Join(w[:n], " ")
}
