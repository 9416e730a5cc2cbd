package cite

import "strings"

// fixed puts what is no table of its own: rules, constitutions, public laws,
// amendments by their ordinal, and the states, which codes begin with.
func (b *builder) fixed() {
	for _, line := range strings.Split(strings.TrimSpace(ruleNames), "\n") {
		b.each(line, entry{what: isRule})
	}
	b.courtRules()
	b.each("Pub. L. = Public Law = P.L. = Pub. L. No. = Public Law No. = Public Law Number = P.L. No. = Pub. Law = Pub. Law No. = Public Law Nos. = Pub. L. Nos.", entry{what: isPublicLaw})
	b.each("Pvt. L. = Private Law = Priv. L. = Pvt. L. No. = Priv. L. No. = Private Law No.", entry{what: isPublicLaw})
	b.each("U.S. Const. = United States Constitution = U.S. Constitution = United States Const. = Const. of the United States", entry{what: isConst})
	for _, s := range states {
		b.each(s.abbr+" Const. = "+s.name+" Constitution = "+s.name+" Const. = "+s.abbr+" Constitution", entry{what: isConst})
		b.each(s.abbr+" = "+s.name, entry{what: isState})
	}
	b.each("Calif. = Mont. = Fla = Tex", entry{what: isState})
	for word, numeral := range ordinals {
		b.put(word+" Amendment", entry{what: isOrdinal, name: numeral})
		b.put(word+" Amendments", entry{what: isOrdinal, name: numeral})
	}
}

// ruleNames are the federal rules and the most cited model rules. Sources: The
// Bluebook, rule 12.9.3.
const ruleNames = `
Fed. R. Civ. P. = Fed. R. Civ. Proc. = F.R.C.P. = FRCP = F.R. Civ. P. = Fed. Rule Civ. P. = Fed. Rule Civ. Proc. = Fed. Rules Civ. Proc. = Fed. Rules of Civil Procedure = Federal Rule of Civil Procedure = Federal Rules of Civil Procedure = Fed. R. Civ. P. Rule = Fed. Rules Civ. P.
Fed. R. Crim. P. = Fed. R. Crim. Proc. = F.R. Crim. P. = FRCrP = Fed. R. Cr. P. = F.R.Cr.P. = Fed. Rule Crim. P. = Fed. Rule Crim. Proc. = Fed. Rules Crim. Proc. = Federal Rule of Criminal Procedure = Federal Rules of Criminal Procedure = Fed. Rules Cr. Proc.
Fed. R. App. P. = Fed. R. App. Proc. = F.R.A.P. = FRAP = F.R. App. P. = Fed. Rule App. P. = Fed. Rule App. Proc. = Federal Rule of Appellate Procedure = Federal Rules of Appellate Procedure
Fed. R. Evid. = F.R.E. = FRE = F.R. Evid. = Fed. Rule Evid. = Fed. Rules Evid. = Federal Rule of Evidence = Federal Rules of Evidence = Fed. R. Evid. Rule
Fed. R. Bankr. P. = Fed. R. Bankr. Proc. = F.R.B.P. = FRBP = Fed. Bankr. R. = Bankr. R. = Bankruptcy Rule = Bankruptcy Rules = Federal Rule of Bankruptcy Procedure = Federal Rules of Bankruptcy Procedure
Sup. Ct. R. = S. Ct. R. = Supreme Court Rule
Ct. Int'l Trade R. = USCIT R.
Fed. Cl. R. = RCFC
Cal. R. Ct. = Cal. Rules of Court, rule = California Rules of Court, rule = Cal. Rules of Court
Model Rules of Prof'l Conduct R. = Model Rules of Prof'l Conduct = Model Rule of Professional Conduct
Model Code of Prof'l Responsibility DR
Tex. R. Civ. P.
Tex. R. App. P.
Tex. R. Evid.
Ohio Civ. R. = Civ. R. = Ohio R. Civ. P.
Ohio Crim. R. = Crim. R.
Ohio Evid. R. = Evid. R. = Ohio R. Evid.
Ohio App. R. = App. R.
Fla. R. Civ. P.
Fla. R. Crim. P.
Fla. R. App. P.
Ariz. R. Civ. P.
Ariz. R. Crim. P.
Colo. R. Civ. P. = C.R.C.P.
Pa. R. Civ. P. = Pa. R.C.P. = Pa.R.C.P. No.
Pa. R. Crim. P. = Pa. R. Crim. P. No.
Pa. R. App. P. = Pa. R.A.P.
Pa. R. Evid. = Pa. R.E.
Ala. R. Civ. P.
Ala. R. Crim. P.
Ala. R. App. P.
Minn. R. Civ. P.
Minn. R. Crim. P.
Mass. R. Civ. P.
Mass. R. Crim. P.
N.C. R. Civ. P.
N.C. R. App. P.
Utah R. Civ. P.
Utah R. Crim. P.
Utah R. App. P.
Vt. R. Civ. P. = V.R.C.P.
Wyo. R. Civ. P. = W.R.C.P.
Tenn. R. Civ. P.
Tenn. R. App. P.
Tenn. R. Crim. P.
Haw. R. Civ. P. = HRCP
Nev. R. Civ. P. = NRCP
Nev. R. App. P. = NRAP
Ind. Trial Rule
Ind. Evidence Rule
S.D. R. Civ. P.
N.D. R. Civ. P. = N.D.R.Civ.P.
Me. R. Civ. P.
D. Me. R.
R.I. R. Civ. P.
W. Va. R. Civ. P.
Ky. R. Civ. P.
Wash. Super. Ct. Civ. R.
Md. R. = Md. Rule = Maryland Rule
N.J. Ct. R.
Mich. Ct. R. = MCR = M.C.R. = Michigan Court Rule
Mich. R. Evid. = MRE
Ill. Sup. Ct. R. = Ill. S. Ct. R. = Ill. S. Ct. Rule = Illinois Supreme Court Rule
Mo. Sup. Ct. R. = Mo. R. Civ. P.
`

var ordinals = map[string]string{
	"First": "I", "Second": "II", "Third": "III", "Fourth": "IV", "Fifth": "V", "Sixth": "VI", "Seventh": "VII", "Eighth": "VIII",
	"Ninth": "IX", "Tenth": "X", "Eleventh": "XI", "Twelfth": "XII", "Thirteenth": "XIII", "Fourteenth": "XIV", "Fifteenth": "XV",
	"Sixteenth": "XVI", "Seventeenth": "XVII", "Eighteenth": "XVIII", "Nineteenth": "XIX", "Twentieth": "XX", "Twenty-first": "XXI",
	"Twenty-second": "XXII", "Twenty-third": "XXIII", "Twenty-fourth": "XXIV", "Twenty-fifth": "XXV", "Twenty-sixth": "XXVI",
	"Twenty-seventh": "XXVII",
}
