package cite_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document/cite"
)

func TestCourtIDOfLocalCourts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		// New York's, by county, borough, city and town.
		"Supreme Court, Suffolk County":                                "nysuprctfflk",
		"New York Supreme Court, Seneca, Special Term":                 "nysupctsnc",
		"New York Supreme Court, Warren County":                        "nysupctwarren",
		"Surrogate's Court, Cattaraugus County":                        "nysurctcattar",
		"Family Court, St. Lawrence County":                            "nyfamctstl",
		"New York City Family Court":                                   "nycfamct",
		"Westchester County Court":                                     "nywestchcty",
		"Civ Ct City NY, NY County":                                    "nycivctny",
		"Civil Court Kings County":                                     "nycivct",
		"City Court of Auburn":                                         "nycityct",
		"City Court Of Oswego, Oswego County":                          "nyoswegocityct",
		"Just Ct Vil. Tuckahoe, Westchester County":                    "nyjustcttuckaho",
		"New York City Court of Special Sessions":                      "nynycspecsess",
		"Albany Recorder's Court":                                      "nyalbspecsess",
		"Magistrates' Court of New York":                               "nymagct",
		"New York Court of Oyer and Terminer, Monroe County":           "nyoytermctmon",
		"Vice Chancellor S Court Of New York Eighth Circuit":           "nychanct",
		"New York Court on the Judiciary":                              "nyjudct",
		"Court Appellate Term 9Th And 10Th Judicial Districts":         "nyappterm",
		"Essex County Court of Quarter Sessions":                       "njqrtsessessex",
		"Hudson County Juvenile and Domestic Relations Court":          "njfamcthudson",
		"Orphans Court of New Jersey":                                  "njsurrct",
		"Passaic County Circuit Court":                                 "njcirctpassaic",
		"Schuylkill Criminal Court":                                    "pacrimctschuyl",
		"Criminal Court, Kings County":                                 "nycrimctkings",
		"Vinton County Court, Ohio":                                    "ohioctyctvinton",
		"Cuyahoga County Court of Insolvency":                          "ohctinsolvcuyah",
		"Cincinnati Police Court":                                      "ohmayorctcinci",
		"Palm Beach County Circuit Court":                              "flacirct15pal",
		"Dade County Judge's Court":                                    "flajudct2",
		"Pinellas County Court":                                        "flactyct52",
		"Washtenaw County Circuit Court":                               "micirct22",
		"Middlesex Superior Court":                                     "masssuperctmid",
		"Massachusetts District Court":                                 "massdistct",
		"United States District Court, D. Massachusetts":               "mad",
		"Minnesota District Court Second Judicial District":            "minndistct",
		"San Francisco District Court":                                 "sfdistct",
		"Superior Court of Maine Knox County":                          "mesuperct",
		"State of Washington Superior Court At Law":                    "washsuperct",
		"South Norfolk Corporation Court":                              "vacorpctsnorf",
		"Court Of Appeals Of Indian Territory":                         "ctappindterr",
		"Supreme Court of the Territory of Dakota":                     "dakotasup",
		"Supreme Court of South Dakota":                                "sd",
		"Circuit Court E D Pa":                                         "circtedpa",
		"Circuit Court W D Tex":                                        "circtwdtex",
		"United States District Court S D W Va Huntington":             "wvsd",
		"Court of Appeals of The District of Columbia":                 "cadc",
		"District of Columbia Court of Appeals":                        "dc",
		"United States Court of Military Appeals":                      "cma",
		"U S Coast Guard Board of Review":                              "uscgbdrev",
		"Tribunal Circuito De Apelaciones":                             "prapp",
		"Pennsylvania Environmental Hearing Board":                     "paenvhrbd",
		"District Court D Mississippi":                                 "missd",
		"Kansas City Court of Appeals":                                 "moctapp",
		"Sixteenth Judicial District Court of Montana Treasure County": "mtjdcttreasure",
	} {
		assert.Equal(t, want, cite.CourtID(name), name)
	}
}
