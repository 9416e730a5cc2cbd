package entity

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

func TestCaseCitations(t *testing.T) {
	t.Parallel()
	each(t, document.CaseCitation, map[string][]string{
		"See 12 F. Supp. 3d 34; 12 F.Supp.3d 34":                              {"12 F. Supp. 3d 34", "12 F. Supp. 3d 34"},
		"482\nU. S. 124, 128 (1987)":                                          {"482 U.S. 124"},
		"410 U.S. 113, 93 S. Ct. 705, 35 L. Ed. 2d 147 (1973)":                {"410 U.S. 113", "93 S. Ct. 705", "35 L. Ed. 2d 147"},
		"5 U.S. (1 Cranch) 137 (1803)":                                        {"5 U.S. 137"},
		"16 Pet. 367, 410":                                                    {"16 Pet. 367"},
		"100 Cal.App.4th 200; 20 Cal. 4th 30; 12 Wn.2d 5":                     {"100 Cal. App. 4th 200", "20 Cal. 4th 30", "12 Wash. 2d 5"},
		"500 Fed. Appx. 100 (11th Cir. 2012)":                                 {"500 F. App'x 100"},
		"569 U. S. ____ (2013)":                                               {"569 U.S. ___"},
		"81 Misc 3d 1215(A)":                                                  {"81 Misc. 3d 1215(A)"},
		"2019 WL 123456, at *3 (N.D. Cal. Mar. 3, 2019)":                      {"2019 WL 123456"},
		"2022 U.S. Dist. LEXIS 3456":                                          {"2022 U.S. Dist. LEXIS 3456"},
		"2014-Ohio-1234; 2020 IL 123456; 2014 IL App (3d) 120583-U":           {"2014-Ohio-1234", "2020 IL 123456", "2014 IL App (3d) 120583-U"},
		"  4       Q.  Ever?\n  5       A.  Never.\n  6  Then":                nil,
		"9 A. Yes. 10\n5 A. Yes.\n6 Q. No.\n7":                                nil,
		"Fed. Sec. L. Rep. (CCH) ¶ 77,526":                                    {"Fed. Sec. L. Rep. (CCH) 77526"},
		"Smith v. Jones, 3 Zab. 45 (N.J. 1850)":                               {"3 Zab. 45"},
		"100 Harv. L. Rev. 1234 (1987); 50 Yale L.J. 738":                     nil,
		"At 12 Main St. 45 men met on 5 Dec. 2020, see Ex. 3 No. 4 and 5 A 6": nil,
	})
}

func TestCitationSpansHoldPinCourtAndYear(t *testing.T) {
	t.Parallel()
	for _, want := range []string{
		"500 F.3d 100, 105–06 (9th Cir. 2007)",
		"239 S.W.3d 151, 153–54 (Mo. App. E.D. 2007)",
		"300 S.W.3d 500 (Tex. App.—Houston [14th Dist.] 2019)",
		"501 U. S. 221, 235, n. 5 (1991)",
		"2023 WL 128600, at *2 (1st\nCir. Jan. 9, 2023)",
	} {
		mentions := find("Smith v. Jones, " + want + ", held so.")
		require.Len(t, mentions, 1, want)
		assert.Equal(t, want, mentions[0].Text)
	}
}

func TestShortFormsMeanTheCitationTheyRepeat(t *testing.T) {
	t.Parallel()
	each(t, document.CaseCitation, map[string][]string{
		"410 U.S. 113 (1973). Then 410 U. S., at 153.":                 {"410 U.S. 113", "410 U.S. 113"},
		"410 U.S. 113; 410 U.S. 959; but 410 U.S. at 153":              {"410 U.S. 113", "410 U.S. 959", "410 U.S. 113"},
		"410 U.S. 113" + document.PageBreak + "See 410 U.S. at 115":    {"410 U.S. 113", "410 U.S. 113"},
		"Only 410 U.S. at 153 is cited, never the beginning of a case": {"410 U.S. at 153"},
	})
}

func TestIdAndSupraAreMentionsOfWhatTheyMean(t *testing.T) {
	t.Parallel()
	each(t, document.CaseCitation, map[string][]string{
		"Roe v. Wade, 410 U.S. 113 (1973). Id. at 120. Wade, supra, at 150.": {"410 U.S. 113", "410 U.S. 113", "410 U.S. 113"},
		"Roe v. Wade, 410 U.S. 113." + document.PageBreak + "Id. at 120.":    {"410 U.S. 113", "410 U.S. 113"},
		"Id. at 120, of nothing before":                                      nil,
	})
	each(t, document.Statute, map[string][]string{
		"42 U.S.C. § 1983. Id.": {"42 U.S.C. § 1983", "42 U.S.C. § 1983"},
	})
}

func TestABlankPageIsUncertain(t *testing.T) {
	t.Parallel()
	mentions := find("Cite as: 569 U. S. ____ (2013)")
	require.Len(t, mentions, 1)
	assert.Less(t, mentions[0].Confidence, 0.5)
}

func TestStatutes(t *testing.T) {
	t.Parallel()
	each(t, document.Statute, map[string][]string{
		"42 USC § 1983; 42 U. S. C. §1983; 42 U.S.C. Section 1983":             {"42 U.S.C. § 1983", "42 U.S.C. § 1983", "42 U.S.C. § 1983"},
		"28 U. S. C. §§1331, 1332(a) and 1367":                                 {"28 U.S.C. § 1331", "28 U.S.C. § 1332(a)", "28 U.S.C. § 1367"},
		"42 U.S.C. § 1983, 42 U.S.C. § 1985":                                   {"42 U.S.C. § 1983", "42 U.S.C. § 1985"},
		"29 C.F.R. § 1614.105; 40 CFR Part 122":                                {"29 C.F.R. § 1614.105", "40 C.F.R. pt. 122"},
		"Fed. R. Civ. P. 12(b)(6); Fed.R.App.P. 4(a)(4)":                       {"Fed. R. Civ. P. 12(b)(6)", "Fed. R. App. P. 4(a)(4)"},
		"Federal Rule of\nCivil Procedure 23(b)(3)":                            {"Fed. R. Civ. P. 23(b)(3)"},
		"Rule 702 of the Federal Rules of Evidence":                            {"Fed. R. Evid. 702"},
		"Cal. Civ. Code § 1750; W. Va. Code § 4-829":                           {"Cal. Civ. Code § 1750", "W. Va. Code § 4-829"},
		"TEX. INS. CODE § 4001.003(1)":                                         {"Tex. Ins. Code § 4001.003(1)"},
		"Okla. Stat., Tit. 82, §105.9":                                         {"Okla. Stat. tit. 82, § 105.9"},
		"N.C.G.S. § 14-306.4 (2021)":                                           {"N.C. Gen. Stat. § 14-306.4"},
		"U.S. Const. amend. XIV, § 1; the Fourth Amendment":                    {"U.S. Const. amend. XIV, § 1", "U.S. Const. amend. IV"},
		"Section 10(b) of the Securities Exchange Act of 1934":                 {"Securities Exchange Act of 1934 § 10(b)"},
		"Pub. L. No. 117-58, 135 Stat. 429 (2021); 85 Fed. Reg. 56,789":        {"Pub. L. No. 117-58", "135 Stat. 429", "85 Fed. Reg. 56789"},
		"1999 Ark. Acts 1":                                                     {"1999 Ark. Acts 1"},
		"42 U.S.C. § 1983 applies. A § 1983 claim; § 5.01 of it and § 1983(a)": {"42 U.S.C. § 1983", "42 U.S.C. § 1983", "42 U.S.C. § 1983(a)"},
		"a § 1983 claim":                                                       nil,
		"(2) Cal. Lab. Code § 1102.5\n(3) Defamation":                          {"Cal. Lab. Code § 1102.5"},
	})
}

func TestDocketNumbers(t *testing.T) {
	t.Parallel()
	each(t, document.DocketNumber, map[string][]string{
		"No. 1:19-cv-01234-ABC":                                          {"1:19-cv-01234"},
		"Case No. 8:16-cv-1261 DOC (KESx)":                               {"8:16-cv-01261"},
		"Case 2:20-cr-00012 Document 40":                                 {"2:20-cr-00012"},
		"USDC No. 3:20-CV-257":                                           {"3:20-cv-00257"},
		"Nos. 14–556, 14–562, 14-571 and 14–574":                         {"14-556", "14-562", "14-571", "14-574"},
		"Civil Action No. 05-1234; Docket #: 17-3510":                    {"05-1234", "17-3510"},
		"CASE NOS. 20-55436,\n20-55662":                                  {"20-55436", "20-55662"},
		"Index No. 705239/20; Docket Number: 517955/18":                  {"705239/20", "517955/18"},
		"No. ED108783; No. 1711-CC00064":                                 {"ED108783", "1711-CC00064"},
		"Dkt. No. 12345; Bar No. 123456; Policy No. 20-1234; No. 12":     nil,
		"Call No. 513-564-7036 by 3-4":                                   nil,
		"CSR No. 13907, RPR; Certified Shorthand Reporter No. 13907":     nil,
		"WSBA No. 61944; State Bar No. 61944; SBN 61944; Job No. 240918": nil,
	})
}
