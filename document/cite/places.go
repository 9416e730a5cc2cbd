package cite

import (
	"strings"
	"sync"
)

// Counties of the states whose local courts are told by the county alone, by what
// their names are in letters alone. Sources: the states' own lists; the districts
// of Ohio's courts of appeals by Ohio Rev. Code § 2501.01.
var (
	ohioDistricts = map[string]string{
		"1": "hamilton", "2": "champaign clark darke greene miami montgomery",
		"3": "allen auglaize crawford defiance hancock hardin henry logan marion mercer paulding putnam seneca shelby union vanwert wyandot",
		"4": "adams athens gallia highland hocking jackson lawrence meigs pickaway pike ross scioto vinton washington",
		"5": "ashland coshocton delaware fairfield guernsey holmes knox licking morgan morrow muskingum perry richland stark tuscarawas",
		"6": "erie fulton huron lucas ottawa sandusky williams wood",
		"7": "belmont carroll columbiana harrison jefferson mahoning monroe noble",
		"8": "cuyahoga", "9": "lorain medina summit wayne", "10": "franklin",
		"11": "ashtabula geauga lake portage trumbull", "12": "brown butler clermont clinton fayette madison preble warren",
	}
	pennsylvaniaCounties = fieldSet(`adams allegheny armstrong beaver bedford berks blair bradford bucks butler cambria cameron carbon centre chester clarion
clearfield clinton columbia crawford cumberland dauphin delaware elk erie fayette forest franklin fulton greene huntingdon indiana jefferson juniata lackawanna lancaster
lawrence lebanon lehigh luzerne lycoming mckean mercer mifflin monroe montgomery montour northampton northumberland perry philadelphia pike potter schuylkill snyder
somerset sullivan susquehanna tioga union venango warren washington wayne westmoreland wyoming york alleghany harrisburg wycoming green pittsburgh scranton`)
	newYorkCounties = fieldSet(`albany allegany bronx broome cattaraugus cayuga chautauqua chemung chenango clinton columbia cortland delaware dutchess erie essex
franklin fulton genesee greene hamilton herkimer jefferson kings lewis livingston madison monroe montgomery nassau newyork niagara oneida onondaga ontario orange orleans
oswego otsego putnam queens rensselaer richmond rockland saratoga schenectady schoharie schuyler seneca stlawrence steuben suffolk sullivan tioga tompkins ulster warren
washington wayne westchester wyoming yates king`)
	// New Jersey's that are none of Pennsylvania's.
	newJerseyCounties = fieldSet(`atlantic bergen burlington camden capemay essex gloucester hudson hunterdon middlesex monmouth morris ocean passaic salem sussex`)
	ohioCounties      = func() map[string]string {
		m := make(map[string]string)
		for n, list := range ohioDistricts {
			for _, c := range strings.Fields(list) {
				m[c] = n
			}
		}
		m["tascarawas"], m["clarke"], m["green"], m["wyandotte"] = "5", "2", "2", "3"
		return m
	}()
)

func fieldSet(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// floridaCounties are numbered in the order of the alphabet, as the identifiers of
// their courts are.
var floridaCounties = sync.OnceValue(func() map[string]int {
	m := make(map[string]int)
	for k, c := range strings.Fields(`alachua baker bay bradford brevard broward calhoun charlotte citrus clay collier columbia desoto dixie duval escambia flagler franklin gadsden
gilchrist glades gulf hamilton hardee hendry hernando highlands hillsborough holmes indianriver jackson jefferson lafayette lake lee leon levy liberty madison manatee marion martin
miamidade monroe nassau okaloosa okeechobee orange osceola palmbeach pasco pinellas polk putnam stjohns stlucie santarosa sarasota seminole sumter suwannee taylor union volusia
wakulla walton washington`) {
		m[c] = k + 1
	}
	return m
})
