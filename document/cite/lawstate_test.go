package cite_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/cite"
)

// A code on one subject keeps its name; its root is what it is a part of.
func TestCodesBySubjectHaveOneRoot(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"Cal. Penal Code § 187":                     {"Cal. Penal Code", "Cal. Code"},
		"California Penal Code section 187":         {"California Penal Code", "Cal. Code"},
		"N.Y. Lab. Law § 198":                       {"N.Y. Lab. Law", "N.Y. Law"},
		"N.Y. Penal § 120.05":                       {"N.Y. Penal", "N.Y."},
		"Tex. Bus. & Com. Code Ann. § 17.46":        {"Tex. Bus. & Com. Code Ann.", "Tex. Code Ann."},
		"Md. Code Ann., Crim. Law § 3-201":          {"Md. Code Ann., Crim. Law", "Md. Code Ann."},
		"Tex. Prob. Code Ann. § 5":                  {"Tex. Prob. Code Ann.", "Tex. Prob. Code Ann."},
		"Wis. Admin. Code § NR 102.05":              {"Wis. Admin. Code", "Wis. Admin. Code"},
		"Wis. Admin. Code NR § 102.05":              {"Wis. Admin. Code", "Wis. Admin. Code"},
		"Navajo Nation Code Ann. tit. 17, § 204":    {"Navajo Nation Code Ann.", "Navajo Nation Code Ann."},
		"17 N.N.C. § 204(C)":                        {"Navajo Nation Code Ann.", "Navajo Nation Code Ann."},
		"N.H. Code R. Env. 301":                     {"N.H. Code R.", "N.H. Code R."},
		"Or. Admin. R. 62":                          {"Or. Admin. R.", "Or. Admin. R."},
		"8 Pa. Stat. and Cons. Stat. Ann. § 3":      {"Pa. Stat. and Cons. Stat. Ann.", "Pa. Stat. and Cons. Stat. Ann."},
		"see D.C. Code Mun. Regs. tit. 17, § 54-1.": {"D.C. Code Mun. Regs.", "D.C. Code Mun. Regs."},
	} {
		all := cite.Scan(text)
		require.Len(t, all, 1, text)
		assert.Equal(t, want, [2]string{all[0].Code, all[0].Root}, "%s", text)
	}
	assert.Empty(t, cite.Scan("The N.Y. Times § 5 and N.Y. Penal 4, Wis. Admin. Code are no citations."))
}

func TestRegistersFilingsAndPamphletsAreRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"U.S. Patent No. 8,112,504 B2":                    "U.S. Patent No. 8112504",
		"under Trademark Registration No. 3,886,986, the": "Registration No. 3886986",
		"1999-975 N.Y. Consol. Laws Adv.":                 "1999-975 N.Y. Consol. Laws Adv. ",
		"CFPB No. 2013-CFPB-0013":                         "CFPB 2013-CFPB-0013",
		"CFTC No. 14-R1":                                  "CFTC 14-R1",
		"CBCA No. 4845-R":                                 "CBCA 4845-R",
		"1999 Repub. Tex. Laws 2":                         "1999 Repub. Tex. Laws 2",
		"1999 Or. Laws Adv. Sh. No. 801, 0072":            "1999 Or. Laws Adv. Sh. 801",
		"Ohio Gov't 38":                                   "Ohio Gov't 38",
	} {
		assert.Equal(t, []string{want}, keys(text), "%s", text)
	}
	assert.Empty(t, keys("Registration No. 123456 and Reg. No. 12 of U.S. Patent 5; 1999 V.I. Code Ann. Adv. sheets"))
}

func TestLawsAreReadInTheFormsOfTheCourts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Art. V, § 3(b)(3), Fla. Const.":                                   {"Fla. Const. art. V, § 3(b)(3)"},
		"U.S. Const. amends. V, XIV":                                       {"U.S. Const. amend. V", "U.S. Const. amend. XIV"},
		"the Fourth, Fifth, and Fourteenth Amendments":                     {"U.S. Const. amend. IV", "U.S. Const. amend. V", "U.S. Const. amend. XIV"},
		"Mich. Const. 1963, art. 6":                                        {"Mich. Const. art. 6"},
		"Fed. R. Civ. P. 8(a) and 9(b).":                                   {"Fed. R. Civ. P. 8(a)", "Fed. R. Civ. P. 9(b)"},
		"Fed. R. Civ. P. 12, 2 F.3d 4, and 15 U.S.C. § 1":                  {"Fed. R. Civ. P. 12", "2 F.3d 4", "15 U.S.C. § 1"},
		"Rule 12(b)(1) of the Federal Rules of Civil Procedure":            {"Fed. R. Civ. P. 12(b)(1)"},
		"the Federal Rules of Civil Procedure and the rule of the court":   nil,
		"Miss. R. Evid. 702; 9th Cir. R. 36-3; N.D. Cal. Civ. L.R. 7-2(b)": {"Miss. R. Evid. 702", "9th Cir. R. 36-3", "N.D. Cal. Civ. L.R. 7-2(b)"},
		"section 90.803(2), Florida Statutes":                              {"Fla. Stat. § 90.803(2)"},
		"section 5 of the lease, Florida Statutes aside":                   nil,
		"K.S.A. 2019 Supp. 21-5402(a)(1); NMSA 1978, § 37-1-8":             {"Kan. Stat. Ann. § 21-5402(a)(1)", "N.M. Stat. Ann. § 37-1-8"},
		"G. L. c. 93A, § 9; R.C. 2305.10(A); 22 NYCRR 202.8-b":             {"Mass. Gen. Laws ch. 93A, § 9", "Ohio Rev. Code Ann. § 2305.10(A)", "22 N.Y. Comp. Codes R. & Regs. § 202.8-b"},
		"Evid. Code, § 1101, subd. (b); Penal Law § 120.05(2)":             {"Cal. Evid. Code § 1101", "N.Y. Penal Law § 120.05(2)"},
		"A.A.C. R4-19-403; 5 U.S.C. app. § 7":                              {"Ariz. Admin. Code § R4-19-403", "5 U.S.C. § 7"},
	} {
		assert.Equal(t, want, keys(text), "%s", text)
	}
	all := cite.Scan("(People v. Hill (1998) 17 Cal.4th 800, 814.)")
	require.Len(t, all, 1)
	assert.Equal(t, "People v. Hill", all[0].Name)
	assert.Equal(t, "1998", all[0].Year)
}
