package entity

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestCourts(t *testing.T) {
	t.Parallel()
	const cand = "United States District Court for the Northern District of California"
	const ca9 = "United States Court of Appeals for the Ninth Circuit"
	each(t, document.Court, map[string][]string{
		"UNITED STATES DISTRICT COURT\nNORTHERN DISTRICT OF CALIFORNIA":         {cand},
		"UNITED STATES DISTRICT COURT\n\n11\n\nNORTHERN DISTRICT OF CALIFORNIA": {cand},
		"It was filed in N.D. Cal. and went to the 9th Cir. in May.":            {cand, ca9},
		"the Ninth Circuit held; Ninth Circuit Rule 28":                         {ca9},
		"U.S. Court of Appeals for the District of Columbia Circuit":            {"United States Court of Appeals for the District of Columbia Circuit"},
		"IN THE UNITED STATES DISTRICT COURT\n\nFOR THE DISTRICT OF ARIZONA":    {"United States District Court for the District of Arizona"},
		"United States Bankruptcy Court for the Southern District of New York":  {"United States Bankruptcy Court for the Southern District of New York"},
		"SUPREME COURT OF THE UNITED STATES":                                    {"Supreme Court of the United States"},
		"the Ohio Supreme Court; the Supreme Court of the State of Ohio":        {"Supreme Court of Ohio", "Supreme Court of Ohio"},
		"In the Missouri Court of Appeals\nEastern District":                    {"Missouri Court of Appeals Eastern District"},
		"Superior Court of Los\nAngeles County":                                 {"Superior Court of Los Angeles County"},
		"Family Court, Albany County; Surrogate's Court, Essex County":          {"Family Court, Albany County", "Surrogate's Court, Essex County"},
		"The district court and the Court of Appeals agreed with this Court.":   nil,
		"A Supreme Court justice wrote to the Federal District Court.":          nil,
	})
}

func TestEveryFederalDistrictIsFound(t *testing.T) {
	t.Parallel()
	n := 0
	for _, s := range states {
		if s.divisions == "-" {
			continue
		}
		names := []string{""}
		if s.divisions != "" {
			names = nil
			for _, d := range s.divisions {
				names = append(names, divisions[string(d)]+" ")
			}
		}
		for _, division := range names {
			want := "United States District Court for the " + division + "District of " + s.name
			assert.Equal(t, []string{want}, normalized("Appeal from the "+want+" No", document.Court))
			n++
		}
	}
	assert.Equal(t, 94, n)
}

func TestJudges(t *testing.T) {
	t.Parallel()
	each(t, document.Judge, map[string][]string{
		"Judge Jane Roe and Justice KENNEDY wrote.":                            {"Jane Roe", "Kennedy"},
		"[Hon. Nancy Torresen, U.S. District Judge]":                           {"Nancy Torresen"},
		"Before: Roe, Doe, and Poe, Circuit Judges.":                           {"Roe", "Doe", "Poe"},
		"Before\nHoward, Chief Judge,\nSelya and Barron, Circuit Judges.":      {"Howard", "Selya", "Barron"},
		"STANFILL, C.J., and HORTON, CONNORS, and DOUGLAS, JJ.":                {"Stanfill", "Horton", "Connors", "Douglas"},
		"/s/ David O. Carter\nUnited States District Judge":                    {"David O. Carter"},
		"the Honorable Robert L. Miller, Jr., presided":                        {"Robert L. Miller Jr."},
		"JUSTICE SOTOMAYOR delivered the opinion of the Court.":                {"Sotomayor"},
		"The Judge ruled. The Justice Department and Judge Advocate appealed.": nil,
		"under HONORABLE CONDITIONS; an honorable Active duty":                 nil,
		"ROBERT A. KATZMANN\nCHIEF JUDGE\nCATHERINE WOLFE\nCLERK OF COURT":     {"Robert A. Katzmann"},
		"concurred.\n\nJudge\nAngela T. Quigless":                              {"Angela T. Quigless"},
	})
	assert.Equal(t, []string{"Roe"}, normalized("In Smith, Judge Roe held so.", document.Judge), "the title is the next name's")
}

func TestPeople(t *testing.T) {
	t.Parallel()
	each(t, document.Person, map[string][]string{
		"Mr. Smith met Ms. Maia Simone Fisher and Dr. Roe.":                                           {"Smith", "Maia Simone Fisher", "Roe"},
		"Mary Jones and Deborah S. Hunt testified.":                                                   {"Mary Jones", "Deborah S. Hunt"},
		"MARY ANN McDONALD,\nPlaintiff":                                                               {"Mary Ann McDonald"},
		"JOHN MCDONALD, Jr., sued":                                                                    {"John McDonald Jr."},
		"s/Karen S. Fultz\nCase Manager":                                                              {"Karen S. Fultz"},
		"Maria G. Danaher\nPatrick J. Fazzini\nDavid H. Raizman":                                      {"Maria G. Danaher", "Patrick J. Fazzini", "David H. Raizman"},
		"Olga Vysotskaya de Brito and Vanessa St. Pierre argued.":                                     {"Olga Vysotskaya de Brito", "Vanessa St. Pierre"},
		"The Supreme Court in Due Process cases; Summary Judgment":                                    nil,
		"Washington, Jackson County, San Francisco Bay Area":                                          nil,
		"Miriam A. Okafor\tPriya Raghunathan\nJane Roe     Main gate":                                 {"Miriam A. Okafor", "Priya Raghunathan", "Jane Roe"},
		"Post: Pier 7, Harbor Avenue in the town of Port Ellis\nGuard: Jane Roe Shift lead: Mary Poe": {"Jane Roe", "Mary Poe"},
		"JANE ROE: I object.\nFor John Poe Jr.: Mary Doe":                                             {"Jane Roe", "John Poe Jr.", "Mary Doe"},
		"Defendant-appellee Janet T. Mills; before Jane Kahale.\nIV. ARGUMENT":                        {"Janet T. Mills", "Jane Kahale"},
		"TEAGUE V. KOWALCZYK\nat Port Ellis Main and Fort Gordon Road":                                nil,
		"Henry Ford Motor Company; Robert Smith & Jones LLP; Roe v.":                                  nil,
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"JOHN SMITH,\n\nPlaintiff,":                           "plaintiff",
		"ANGEL ZEPEDA RIVAS, et al.\nPlaintiffs-Appellees.":   "plaintiff",
		"Defendant John Smith denies it.":                     "defendant",
		"attorney Richard P. Liebowitz was suspended":         "attorney",
		"Jane Doe, Esq.":                                      "attorney",
		"/s/ Jane Doe\nCounsel for the appellee":              "attorney,signatory",
		"Lyle W. Cayce\nClerk":                                "clerk",
		"John Smith went home.":                               "",
		"Acme Corp., Appellant, appeals":                      "appellant",
		"Petitioner Tarrant Regional Water District":          "petitioner",
		"STATE OF MISSOURI,\nRespondent.":                     "respondent",
		"General Counsel\nAcme Marine Freight, Inc.\nOakland": "",
		"Filed: January 19, 2021":                             "filed",
		"It was decided on June 13, 2013.":                    "decided",
		"June 13, 2013":                                       "",
	} {
		mentions := find(text)
		if assert.NotEmpty(t, mentions, text) {
			assert.Equal(t, want, mentions[0].Role, text)
		}
	}
}
