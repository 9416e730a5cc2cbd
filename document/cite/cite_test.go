package cite_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/cite"
)

// keys are the keys of a text's citations.
func keys(text string) []string {
	var out []string
	for _, c := range cite.Scan(text) {
		out = append(out, c.Key())
	}
	return out
}

func TestKeysAreCanonical(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"12 F.Supp.3d 34; 12 F. Supp. 3d 34; 12 F Supp 3d 34 (2014)":    {"12 F. Supp. 3d 34", "12 F. Supp. 3d 34", "12 F. Supp. 3d 34"},
		"482\nU. S. 124, 128 (1987)":                                    {"482 U.S. 124"},
		"5 U.S. (1 Cranch) 137 (1803); 9 Wheat. 1":                      {"5 U.S. 137", "9 Wheat. 1"},
		"12 Wn.2d 5; 3 Wn. App. 2d 9; 99 Cal.App.4th 1; 4 Ohio St.3d 7": {"12 Wash. 2d 5", "3 Wash. App. 2d 9", "99 Cal. App. 4th 1", "4 Ohio St. 3d 7"},
		"500 Fed. Appx. 100; 500 F. App’x 100":                          {"500 F. App'x 100", "500 F. App'x 100"},
		"81 Misc 3d 1215(A); 27 NY3d 104":                               {"81 Misc. 3d 1215(A)", "27 N.Y.3d 104"},
		"2014-Ohio-1234; 2020 IL 123456; 2014 IL App (3d) 120583-U":     {"2014-Ohio-1234", "2020 IL 123456", "2014 IL App (3d) 120583-U"},
		"2021-NMCA-031; 2021 NMCA 031":                                  {"2021-NMCA-031", "2021-NMCA-031"},
		"Fed. Sec. L. Rep. (CCH) ¶ 77,526":                              {"Fed. Sec. L. Rep. (CCH) 77526"},
		"14-123 (La.App. 5 Cir. 9/24/14)":                               {"14 La.App. 5 Cir. 123"},
		"T.C. Memo. 2009-12":                                            {"2009 T.C. Memo. 12"},
		"ASBCA No. 43466":                                               {"ASBCA 43466"},
		"569 U. S. ____ (2013)":                                         {"569 U.S. ___"},
		"42 USC §1983; 42 U. S. C. A. § 1983(a)":                        {"42 U.S.C. § 1983", "42 U.S.C. § 1983(a)"},
		"RCW 4.16.080; Wash. Rev. Code § 4.16.080":                      {"Wash. Rev. Code § 4.16.080", "Wash. Rev. Code § 4.16.080"},
		"Okla. Stat., Tit. 82, §105.9; 735 ILCS 5/2-1401":               {"Okla. Stat. tit. 82, § 105.9", "735 Ill. Comp. Stat. § 5/2-1401"},
		"TEX. INS. CODE § 4001.003(1)":                                  {"Tex. Ins. Code § 4001.003(1)"},
		"40 CFR Part 122; 29 C.F.R. § 1614.105":                         {"40 C.F.R. pt. 122", "29 C.F.R. § 1614.105"},
		"F.R.C.P. 12(b)(6); Fed.R.App.P. 4(a)(4)":                       {"Fed. R. Civ. P. 12(b)(6)", "Fed. R. App. P. 4(a)(4)"},
		"U.S. Const. art. I, §8, cl. 3; the Eighth Amendment":           {"U.S. Const. art. I, § 8, cl. 3", "U.S. Const. amend. VIII"},
		"Pub. L. No. 107-204, 116 Stat. 745; 72 Fed. Reg. 41,210":       {"Pub. L. No. 107-204", "116 Stat. 745", "72 Fed. Reg. 41210"},
		"1999 Conn. Acts 7; 71 Stan. L. Rev. 401, 410 (2019)":           {"1999 Conn. Acts 7", "71 Stan. L. Rev. 401"},
		"44 Rutgers Envtl. L. Rev. 12 (2001)":                           {"44 Rutgers Envtl. L. Rev. 12"},
	} {
		assert.Equal(t, want, keys(text), "%s", text)
	}
}

func TestOrdinaryNumbersAreNoCitations(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Serve him at 1200 Pa. Ave. 3 days before Dec. 5, 2021, with Ex. 4 and 12 copies.",
		"  4       Q.  Ever?\n  5       A.  Never.\n  6  Then",
		"On May 4 at 5 p.m. 12 men met; the price was $12 Cal. 30 was paid.",
		"Doc. 14 at 3; ECF No. 22 at 5; Tr. 101:4-9; Nos. 14–556 and 14-571.",
		"the Black 5 and the Day 7 and 3 Will 9",
		"Patient Id. 4471; an id; identity; superficial; supranational",
		"See Part II, supra; note 5, supra.",
		"The 499 F.2d volume is lost, 12 Williams 5 is a house, and take 12 Ok. 5 is fine.",
	} {
		assert.Empty(t, keys(text), "%s", text)
	}
}

func TestACaseHasItsNameCourtAndYear(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]cite.Citation{
		"The rule is plain. See Hollis v. Grange Mut. Ins. Co., 612 F.3d 901, 907-08 & n.3 (6th Cir. 2010) (en banc).": {
			Plaintiff: "Hollis", Defendant: "Grange Mut. Ins. Co.", Pin: "907", Court: "6th Cir.", CourtID: "ca6", Year: "2010", Disposition: "en banc",
		},
		"He wrote the opinion in United States v. Carroll Towing Co., 159 F.2d 169 (2d Cir. Jan. 9, 1947).": {
			Plaintiff: "United States", Defendant: "Carroll Towing Co.", Court: "2d Cir.", CourtID: "ca2", Year: "1947",
		},
		"Notice was late. Id. In re Larkspur Holdings, Inc., 488 B.R. 101 (Bankr. D. Del. 2013).": {
			Prefix: "In re", Plaintiff: "In re Larkspur Holdings, Inc.", Court: "Bankr. D. Del.", CourtID: "deb", Year: "2013",
		},
		"Ex parte Halvorsen, 115 S.W.3d 12 (Tex. Crim. App. 2003)":                                {Prefix: "Ex parte", Plaintiff: "Ex parte Halvorsen", Court: "Tex. Crim. App.", CourtID: "texcrimapp", Year: "2003"},
		"Vega v. Cole, 402 S.W.3d 6 (Tex. App.—Houston [1st Dist.] 2013, no pet.)":                {Plaintiff: "Vega", Defendant: "Cole", Court: "Tex. App.—Houston [1st Dist.]", CourtID: "texapp", Year: "2013", Disposition: "no pet."},
		"Opal LLC v. Finch, No. 3:21-cv-00417, 2022 WL 1187034, at *4 (M.D. Tenn. Apr. 20, 2022)": {Plaintiff: "Opal LLC", Defendant: "Finch", Pin: "4", Court: "M.D. Tenn.", CourtID: "tnmd", Year: "2022"},
		"State ex rel. Nixon v. American Tobacco Co., 34 S.W.3d 122 (Mo. 2000)":                   {Plaintiff: "State ex rel. Nixon", Defendant: "American Tobacco Co.", Court: "Mo.", CourtID: "mo", Year: "2000"},
		"pursuant to Rule 29.12(c). State v. Johnson, 220 S.W.3d 377, 384 (Mo. App. E.D. 2007)":   {Plaintiff: "State", Defendant: "Johnson", Pin: "384", Court: "Mo. App. E.D.", CourtID: "moctapp", Year: "2007"},
		"410 U.S. 113":                         {CourtID: "scotus"},
		"Smith v. Jones,\n500 F.3d 100 (2007)": {Plaintiff: "Smith", Defendant: "Jones", Year: "2007"},
	} {
		all := cite.Scan(text)
		require.NotEmpty(t, all, text)
		got := all[len(all)-1]
		assert.Equal(t, want, cite.Citation{
			Prefix: got.Prefix, Plaintiff: got.Plaintiff, Defendant: got.Defendant, Pin: got.Pin, Court: got.Court, CourtID: got.CourtID, Year: got.Year,
			Disposition: got.Disposition,
		}, "%s", text)
	}
}

func TestAnOpinionsYearIsThatOfItsNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"14-123 (La.App. 5 Cir. 9/24/14)": "2014", "98-123 (La.App. 5 Cir. 9/24/98)": "1998", "2014-Ohio-1234": "2014", "22CO7": "2022", "T.C. Memo. 2009-12": "2009",
	} {
		all := cite.Scan(text)
		require.Len(t, all, 1, text)
		assert.Equal(t, want, all[0].Year, text)
	}
}

func TestSpansHoldPinCourtAndYear(t *testing.T) {
	t.Parallel()
	for _, want := range []string{
		"500 F.3d 100, 105–06 (9th Cir. 2007)", "501 U. S. 221, 235, n. 5 (1991)", "2023 WL 128600, at *2 (1st\nCir. Jan. 9, 2023)",
		"2019-Ohio-3310, ¶ 14", "42 U.S.C. § 1983(a)", "Fed. R. Civ. P. 12(b)(6)",
	} {
		text := "Smith v. Jones, " + want + ", held so."
		all := cite.Scan(text)
		require.Len(t, all, 1, want)
		assert.Equal(t, want, text[all[0].Start:all[0].End])
	}
}

func TestParallelCitationsAreOneGroup(t *testing.T) {
	t.Parallel()
	all := cite.Scan("Roe v. Doe, 410 U.S. 113, 93 S. Ct. 705, 35 L. Ed. 2d 147 (1973); Hart v. Ives, 5 A.3d 70 (Me. 2010).")
	require.Len(t, all, 4)
	assert.Equal(t, []int{0, 0, 0, 3}, []int{all[0].Group, all[1].Group, all[2].Group, all[3].Group})
	for _, c := range all[:3] {
		assert.Equal(t, "1973", c.Year)
		assert.Equal(t, "Roe v. Doe", c.Name)
	}
}

func TestShortFormsMeanTheCitationTheyRepeat(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{
		"Roe v. Wade, 410 U.S. 113 (1973). Then 410 U. S., at 153. Id. at 154. Wade, supra, at 9.": {-1, 0, 0, 0},
		"410 U.S. 113; 410 U.S. 959; but 410 U.S. at 153":                                          {-1, -1, 0},
		"Alder v. Birch, 1 So. 3d 9. Cedar v. Elm, 2 So. 3d 8. Alder, supra. Id. at 10.":           {-1, -1, 0, 0},
		"Only 410 U.S. at 153 is cited":                                                            {-1},
		"Ibid. of nothing":                                                                         {-1},
		"42 U.S.C. § 1983. Id. § 1985.":                                                            {-1, 0},
		"1 A.2d 1, 2 P.2d 2 (1940). Id.":                                                           {-1, -1, 0},
		"Roe v. Wade, 410 U.S. 113 (1973). Id. at 9.":                                              {-1, -1},
		"Roe v. Wade, 410 U.S. 113 (1973). See App. 130. Id. at 131. Id. at 140.":                  {-1, -1, -1},
		"Roe v. Wade, 410 U.S. 113. Cite as: 569 U. S. ____ (2013) Id. at 131.":                    {-1, -1, 0},
	} {
		var got []int
		for _, c := range cite.Scan(text) {
			got = append(got, c.Antecedent)
		}
		assert.Equal(t, want, got, "%s", text)
	}
}

func TestLaterPartsOfADocumentKnowItsEarlierOnes(t *testing.T) {
	t.Parallel()
	var r cite.Reader
	r.Read("Roe v. Wade, 410 U.S. 113 (1973).")
	all := r.Read("Id. at 115. 410 U.S. at 120. Wade, supra.")
	require.Len(t, all, 3)
	for _, c := range all {
		assert.Equal(t, "410 U.S. 113", c.Key())
		assert.Equal(t, cite.Case, c.MeansKind)
		assert.Equal(t, -1, c.Antecedent)
	}
}

func TestLaterHistoryIsNotedOnTheDecision(t *testing.T) {
	t.Parallel()
	all := cite.Scan("Lund v. Orr, 70 F.3d 88 (8th Cir. 1995), cert. denied, 517 U.S. 1102 (1996); Ames v. Poe, 3 A.3d 55 (Me. 2010), aff’d, 4 A.3d 1.")
	require.Len(t, all, 4)
	assert.Equal(t, "cert. denied", all[0].History)
	assert.Empty(t, all[1].History)
	assert.Equal(t, "aff'd", all[2].History)
}

func TestSectionsOfAListAreEachACitation(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"28 U.S.C. § 1331", "28 U.S.C. § 1332(a)", "28 U.S.C. § 1367"}, keys("28 U. S. C. §§1331, 1332(a) and 1367"))
	assert.Equal(t, []string{"42 U.S.C. § 1983", "42 U.S.C. § 1985"}, keys("42 U.S.C. § 1983, 42 U.S.C. § 1985"))
	assert.Equal(t, []string{"28 U.S.C. § 1331"}, keys("28 U.S.C. §§ 1331, 30 days"))
}

func TestEverySpellingOfTheTablesIsRead(t *testing.T) {
	t.Parallel()
	for _, r := range cite.Reporters() {
		text := "Smith v. Jones, 12 " + r + " 345 (1850)"
		all := cite.Scan(text)
		if assert.Len(t, all, 1, text) {
			assert.Equal(t, "345", all[0].Page, text)
		}
	}
}

func TestLongTextsOfOneKindEnd(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"1 U.S. ", "(((", "v. ", "§§ 1, ", "Id. ", "12 Cal. App. ", "A.B.C.D. ", "1, ", "Cal. Code ", "in re ", "1 (1999", " \n"} {
		text := strings.Repeat(part, 1<<16/len(part))
		for _, c := range cite.Scan(text) {
			require.LessOrEqual(t, c.End, len(text))
		}
	}
}
