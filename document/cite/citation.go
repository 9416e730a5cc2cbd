package cite

import "strings"

// Kind is what sort of authority is cited, or how.
type Kind string

// Kinds of citation.
const (
	Case            Kind = "case"         // volume, reporter, page
	Short           Kind = "short"        // 410 U.S., at 153
	ID              Kind = "id"           // Id. at 495
	Supra           Kind = "supra"        // Wade, supra, at 150
	Neutral         Kind = "neutral"      // 2019 WL 123456, 2014-Ohio-1234
	Journal         Kind = "journal"      // 100 Harv. L. Rev. 1234
	Statute         Kind = "statute"      // 42 U.S.C. § 1983
	Regulation      Kind = "regulation"   // 29 C.F.R. § 1614.105
	Constitution    Kind = "constitution" // U.S. Const. amend. XIV, § 1
	Rule            Kind = "rule"         // Fed. R. Civ. P. 12(b)(6)
	PublicLaw       Kind = "public law"   // Pub. L. No. 117-58
	StatutesAtLarge Kind = "stat"         // 135 Stat. 429
	Register        Kind = "register"     // 86 Fed. Reg. 12345
	SessionLaw      Kind = "session law"  // 1999 Conn. Acts 7
	Filing          Kind = "filing"       // U.S. Patent No. 8,112,504
)

// A Citation is one citation of a text. Fields that its kind does not have, or
// that the text does not give, are empty.
type Citation struct {
	Kind Kind
	// Start and End are byte offsets. The span runs from the volume or code over
	// pin cites and a parenthesis with court and year; the case's name is not in it.
	Start, End int
	Confidence float64 // how seldom a reading like this is wrong, 0 to 1

	Volume   string // also a neutral citation's year, a public law's congress
	Reporter string // canonical, with its series: "F. Supp. 2d"; a code of a neutral citation, a journal
	Root     string // canonical, without series; a code's name, of a state's subject codes that of them all: "Cal. Code"
	Page     string // the first page, "___" where it is blank; a neutral citation's number
	Blank    bool   // the page is not known yet
	Pin      string // the first page or paragraph pointed to, without "*" and "¶"
	Year     string // of the decision, four digits
	Court    string // as the parenthesis has it: "9th Cir."
	CourtID  string // from that, or from the reporter: "ca9", "scotus"

	Name, Plaintiff, Defendant string   // "In re Larkspur" is a plaintiff alone
	Prefix                     string   // "In re", "Ex parte", "Matter of"
	NameStart                  int      // where the name begins, Start if there is none
	Notes                      []string // further parentheses: "per curiam", "holding that …"
	Disposition                string   // "en banc", "per curiam"
	History                    string   // what a later decision did: "cert. denied"
	Group                      int      // index of the first citation of the same decision in a row

	Code       string // of a statute, regulation or rule: "U.S.C.", "Cal. Civ. Code"
	Title      string // "42"; a state's title or chapter: "tit. 82"
	Section    string // "1983", "240.10b-5", an article's or amendment's "1"
	Subsection string // "(b)(6)"
	Article    string // of a constitution: "I"
	Amendment  string // of a constitution: "XIV"

	// Means is the key of the full citation that a Short, ID or Supra repeats and
	// MeansKind its kind, empty if the text has none. Antecedent is its index, -1 if it is not in the
	// same text or not known.
	Means      string
	MeansKind  Kind
	Antecedent int
}

// Key is the normal form that equal citations share: "410 U.S. 113". A short form
// has the key of what it means.
func (c Citation) Key() string {
	if c.Means != "" {
		return c.Means
	}
	switch c.Kind {
	case Case, Journal, Register, StatutesAtLarge, SessionLaw, Neutral:
		if c.Volume == "" {
			return c.Reporter + " " + c.Page
		}
		if c.Kind == Neutral && hyphenated[c.Reporter] {
			return c.Volume + "-" + c.Reporter + "-" + c.Page
		}
		return c.Volume + " " + c.Reporter + " " + c.Page
	case Short:
		return c.Volume + " " + c.Reporter + " at " + c.Pin
	case ID:
		return "Id."
	case Supra:
		return c.Name + ", supra"
	case Filing:
		return c.Reporter + " No. " + c.Page
	case PublicLaw:
		return c.Reporter + " No. " + c.Volume + "-" + c.Page
	case Rule:
		return c.Code + " " + c.Section + c.Subsection
	case Constitution:
		key := c.Code
		if c.Amendment != "" {
			key += " amend. " + c.Amendment
		}
		if c.Article != "" {
			key += " art. " + c.Article
		}
		return key + c.Subsection
	}
	return c.lawKey()
}

// lawKey is a statute's or regulation's: "42 U.S.C. § 1983(a)", "Okla. Stat. tit.
// 82, § 105.9".
func (c Citation) lawKey() string {
	var b strings.Builder
	number := c.Title != "" && c.Title[0] >= '0' && c.Title[0] <= '9'
	if number {
		b.WriteString(c.Title + " ")
	}
	b.WriteString(c.Code)
	if c.Title != "" && !number {
		b.WriteString(" " + c.Title)
		if c.Section != "" {
			b.WriteByte(',')
		}
	}
	switch {
	case c.Section == "":
	case strings.HasPrefix(c.Section, "pt. "):
		b.WriteString(" " + c.Section)
	default:
		b.WriteString(" § " + c.Section + c.Subsection)
	}
	return b.String()
}
