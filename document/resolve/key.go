package resolve

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/caseload/caseload/document"
)

// KeyOf is the normal form that decides which entity of its type a mention
// names. It is taken from the mention's normal form, or its text if there is
// none, and the key of a key is itself.
//
//   - PERSON and JUDGE: lower-case words without accents, honorifics, titles and
//     dots, given names first; Jr., Sr., II, III and IV stay, at the end. A judge
//     is a person, but the two types stay apart: the text that calls somebody a
//     judge is no proof that a namesake elsewhere is the same person.
//   - ORG: lower-case words without accents and punctuation, "&" as "and",
//     corporate forms and common words of court captions in their short form,
//     without a leading "the".
//   - COURT and LOCATION: the same, without the corporate forms.
//   - DOCKET_NUMBER: lower-case, without leading zeros of the sequence number and,
//     in the form of the federal district courts (2:15-cv-1739), without the
//     judges' initials.
//   - EMAIL: lower-case. PHONE: digits, with "+" and the country's code where it
//     is known.
//   - DATE, MONEY, CASE_CITATION and STATUTE: the normal form as it stands.
func KeyOf(m document.Mention) string {
	key := cmp.Or(strings.TrimSpace(m.Normalized), m.Text)
	// Taking one thing off a name may bring up another ("Lt.Judge"): the key is
	// where nothing is left to take. Later passes only shorten it.
	for range maxPasses {
		next := keyOnce(m.Type, key)
		if next == key {
			break
		}
		key = next
	}
	return key
}

// maxPasses bounds the work on text that is no name.
const maxPasses = 100

func keyOnce(t document.EntityType, s string) string {
	switch t {
	case document.Person, document.Judge:
		return cmp.Or(personKey(s, t), plain(s))
	case document.Org:
		return cmp.Or(orgKey(s), plain(s))
	case document.Court, document.Location:
		return cmp.Or(placeKey(s), plain(s))
	case document.DocketNumber:
		return cmp.Or(docketKey(s), plain(s))
	case document.Email:
		return plain(s)
	case document.Phone:
		return cmp.Or(phoneKey(s), plain(s))
	default:
		return strings.Join(strings.Fields(s), " ")
	}
}

// plain is s in lower case, without accents, each run of space as one.
func plain(s string) string { return strings.Join(strings.Fields(fold(s)), " ") }

// fold is s in lower case, without accents, with the letters that have no
// accent-free form spelt out and typographic quotes and dashes as in ASCII.
func fold(s string) string {
	s = strings.ToValidUTF8(s, "")
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case isAccent(r), unicode.Is(unicode.Cf, r): // Cf: soft hyphens, joiners, directions
		case letters[r] != "":
			b.WriteString(letters[r])
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// isAccent says whether r is a mark that names are written without as well. The
// vowel signs of Indian scripts and the voicing of Japanese are none.
func isAccent(r rune) bool {
	return unicode.Is(unicode.Mn, r) && unicode.In(r, unicode.Inherited, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew) &&
		r != '\u3099' && r != '\u309a'
}

var letters = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'æ': "ae", 'œ': "oe", 'ı': "i",
	'’': "'", '‘': "'", 'ʼ': "'", '`': "'", '‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '−': "-",
}

// words are the runs of letters, digits and the characters of keep in s.
func words(s, keep string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !isLetterOrDigit(r) && !strings.ContainsRune(keep, r)
	})
}

func placeKey(s string) string {
	s = withoutPoints.Replace(fold(s))
	w := joinInitials(words(s, ""))
	for len(w) > 1 && w[0] == "the" {
		w = w[1:]
	}
	return strings.Join(w, " ")
}

// joinInitials joins each run of single letters, so that "C. R. Bard" is "CR
// Bard" and "L. L. C." is "LLC".
func joinInitials(w []string) []string {
	out := w[:0:0]
	run := false
	for _, s := range w {
		single := len(s) == 1 && s[0] >= 'a' && s[0] <= 'z'
		if single && run {
			out[len(out)-1] += s
			continue
		}
		out = append(out, s)
		run = single
	}
	return out
}

var (
	docketLabel = regexp.MustCompile(`^(?:(?:case|docket|civil|criminal|action|cause|appeal|index|file)\s+)*(?:nos?\b\.?|numbers?\b|#)\s*:?\s*#?\s*`)
	// federalDocket is a number of a federal district or bankruptcy court:
	// office, year, type, sequence number, then judges' initials.
	federalDocket = regexp.MustCompile(`^(?:(\d{1,2})[:-])?(?:19|20)?(\d{2})-([a-z]{1,5})-0*(\d{1,6})(?:-[a-z]{2,5}|\s*\([a-z]{2,6}\)|\s[a-z]{2,5}(?:-[a-z]{2,5})*)*$`)
)

func docketKey(s string) string {
	s = strings.Trim(plain(s), " .,;:")
	s = strings.ReplaceAll(docketLabel.ReplaceAllString(s, ""), " - ", "-")
	if m := federalDocket.FindStringSubmatch(s); m != nil {
		s = m[2] + "-" + m[3] + "-" + m[4]
		if m[1] != "" {
			s = m[1] + ":" + s
		}
		return s
	}
	return trimZeros(s)
}

// trimZeros takes the leading zeros off the last number in s.
func trimZeros(s string) string {
	end := strings.LastIndexFunc(s, isDigit) + 1
	start := end
	for start > 0 && isDigit(rune(s[start-1])) {
		start--
	}
	if start == end {
		return s
	}
	n := strings.TrimLeft(s[start:end], "0")
	return s[:start] + cmp.Or(n, "0") + s[end:]
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// docketStem is a federal docket number without its office; any other is its own.
func docketStem(key string) string {
	if m := federalDocket.FindStringSubmatch(key); m != nil && m[1] != "" {
		return key[len(m[1])+1:]
	}
	return key
}

func phoneKey(s string) string {
	s = fold(s)
	number, extension, _ := strings.Cut(s, "x")
	number = strings.TrimSuffix(number, "e") // of "ext"
	plus := strings.HasPrefix(strings.TrimSpace(number), "+")
	number, extension = digits(number), digits(extension)
	switch {
	case number == "":
		return ""
	case plus:
		number = "+" + number
	case len(number) == 10:
		number = "+1" + number
	case len(number) == 11 && number[0] == '1':
		number = "+" + number
	}
	if extension != "" {
		number += "x" + extension
	}
	return number
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}
