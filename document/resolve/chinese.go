package resolve

import (
	"regexp"
	"strings"
)

// wadeGiles says whether one of two words may be the other's romanisation by Wade and
// Giles, without its apostrophes, where the other has pinyin: "Xu", "Hsu". What is a
// common given name elsewhere is left alone.
func wadeGiles(a, b string) bool {
	if a == b || !syllables.MatchString(a) || !syllables.MatchString(b) || given(newWord(a)) || given(newWord(b)) {
		return false
	}
	for _, custom := range wadeGilesOf {
		if custom.Replace(a) == b || custom.Replace(b) == a {
			return true
		}
	}
	return false
}

// syllables are one to three Chinese syllables.
var syllables = regexp.MustCompile(`^(?:(?:hs|t[sz]|[zcs]h|[bpmfdtnlgkhjqxzcsrwy])?[aeiou]+(?:ng?|h)?){1,3}$`)

// wadeGilesOf write pinyin as Wade and Giles do. "ng" may end a syllable, or end one
// and begin the next: there is one for each.
var wadeGilesOf = func() []*strings.Replacer {
	rules := []string{
		"zh", "ch", "ch", "ch", "sh", "sh", "x", "hs", "q", "ch", "j", "ch", "z", "ts", "c", "ts",
		"b", "p", "d", "t", "r", "j", "ong", "ung", "yan", "yen", "g", "k",
	}
	return []*strings.Replacer{
		strings.NewReplacer(append([]string{"iang", "iang", "ang", "ang", "eng", "eng", "ing", "ing", "ian", "ien"}, rules...)...),
		strings.NewReplacer(append([]string{"ian", "ien", "ang", "ang", "eng", "eng", "ing", "ing"}, rules...)...),
	}
}()

// pinyinTwo are two syllables of pinyin.
var pinyinTwo = regexp.MustCompile(`^(?:(?:[zcs]h|[bpmfdtnlgkhjqxzcsrwy])(?:i[ae]ng?|i[aeou]|iao|i[nu]|ing|iong|u[aeo]n?|uai|uang|[aeo]ng?|ai|ei|ao|ou|en?|[aeiou])){2}$`)
