package entity

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestFormsOfStatutes(t *testing.T) {
	t.Parallel()
	each(t, document.Statute, map[string][]string{
		"in violation of Title 18, United States Code, Section 1347.":                               {"18 U.S.C. § 1347"},
		"He sues under section 1983 of Title 42.":                                                   {"42 U.S.C. § 1983"},
		"IN CALIFORNIA (Code Civ. Proc., § 425.16, subd. (e)(2); Evid. Code, § 452, subd. (c).)":    {"Cal. Civ. Proc. Code § 425.16(e)(2)", "Cal. Evid. Code § 452(c)"},
		"Illinois Supreme Court Rule 213(f) applies; so does Rule 216.":                             {"Ill. Sup. Ct. R. 213(f)", "Ill. Sup. Ct. R. 216"},
		"under Bankruptcy Rule 4001(a); the delay of Rule 4001(a)(3)":                               {"Fed. R. Bankr. P. 4001(a)", "Fed. R. Bankr. P. 4001(a)(3)"},
		"SUPERIOR COURT OF NEW JERSEY. Under R. 4:25-4, she tries it.":                              {"N.J. Ct. R. 4:25-4"},
		"section 84.90 of Minnesota Statutes":                                                       {"Minn. Stat. § 84.90"},
		"the stay, 11 U.S.C. § 362(d)(1) and (d)(2), is lifted":                                     {"11 U.S.C. § 362(d)(1)", "11 U.S.C. § 362(d)(2)"},
		"See Ariz. R. Civ. P. 56(a). No judgment under Rule 54(b) is entered, and the court waits.": {"Ariz. R. Civ. P. 56(a)", "Ariz. R. Civ. P. 54(b)"},
	})
}

func TestFirmsAndOfficesByTheirForm(t *testing.T) {
	t.Parallel()
	each(t, document.Org, map[string][]string{
		"/s/ Dolores Ruiz\nDolores Ruiz\nRUIZ & HALE\n1330 Broadway\n":       {"Ruiz & Hale"},
		"WRAY, TANNENBAUM & SCOTT\n75 Livingston Avenue\n":                   {"Wray, Tannenbaum & Scott"},
		"LAW OFFICES OF GIL SANTOYO\n12 Main Street\n":                       {"Law Offices of Gil Santoyo"},
		"Gregory Sato\nSato Elder Law\n12 Main Street\n":                     {"Sato Elder Law"},
		"Texas Labor Law forbids it, and so does the Lien Law.":              nil,
		"The Maricopa County Sheriff's Office came.":                         {"Maricopa County Sheriff's Office"},
		"He asked the Centers for Medicare and Medicaid Services (\"CMS\").": {"Centers for Medicare and Medicaid Services", "Centers for Medicare and Medicaid Services"},
	})
}

func TestDocketNumbersOfStamps(t *testing.T) {
	t.Parallel()
	each(t, document.DocketNumber, map[string][]string{
		"Case 24-20618   Doc# 31   Filed 06/21/24   Page 1 of 2": {"24-20618"},
		"CV 2023-004417                    10/11/2024":           {"CV 2023-004417"},
		"Atty. No. 38810": nil,
	})
}

func TestPeopleOnNoList(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"At noon Renske Okafor telephoned the office about the crate.":    {"Renske Okafor"},
		"Jane Roe came. Her daughter's guardian was there, Renske Roe.":   {"Jane Roe", "Renske Roe"},
		"It was seen by Renske Okafor and Jane Roe at the gate.":          {"Renske Okafor", "Jane Roe"},
		"Yevgenia Brandsma\n12 Main Street\nSalem, Oregon 97301\n":        {"Yevgenia Brandsma"},
		"The parties chose Renske Okafor over the others they looked at.": nil,
	} {
		assert.Equal(t, want, normalized(text, document.Person), "%s", text)
	}
}

func TestCitiesOfAddresses(t *testing.T) {
	t.Parallel()
	each(t, document.Location, map[string][]string{
		"4120 N 38TH DR\nPHOENIX AZ 85019\n":          {"Phoenix, Arizona"},
		"227 West First Street\nVirginia, MN 55792\n": {"Virginia, Minnesota"},
		"Texas Bar No. 24058846":                      nil,
		"115 Kansas Avenue":                           nil,
	})
}

func TestCourtsHeadedByTheirState(t *testing.T) {
	t.Parallel()
	each(t, document.Court, map[string][]string{
		"STATE OF MINNESOTA\n\n        IN COURT OF APPEALS\n":            {"Minnesota Court of Appeals"},
		"SUPERIOR COURT OF NEW JERSEY\nLAW DIVISION: MIDDLESEX COUNTY\n": {"Superior Court of New Jersey Law Division, Middlesex County"},
	})
}

func TestDatesInFilings(t *testing.T) {
	t.Parallel()
	for text, role := range map[string]string{
		"Date:  September 12, 2024\nTime:  10:00 a.m.\n":                    "hearing",
		"If objections are filed, a hearing will be held on July 24, 2024.": "hearing",
		"Fact discovery closes on December 15, 2023.":                       "due",
		"On June 24, 2024 copies were sent by first-class mail to:":         "served",
		"He spoke at a public hearing on November 8, 2023.":                 "",
	} {
		all := find(text)
		if assert.Len(t, all, 1, text) {
			assert.Equal(t, role, all[0].Role, text)
		}
	}
}
