package entity

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// towns are cities of the United States and Canada that are surnames or words as well: they
// count only where a preposition says that a place is meant.
const towns = `Portland,Norfolk,Richmond,Stockton,Elko,Boulder,Pueblo,Lansing,Flint,Aurora,Madison,Lincoln,Columbus,Columbia,Charleston,Charlotte,Savannah,Macon,Augusta,Athens,Houston,
Austin,Arlington,Plano,Irving,Garland,Denton,Tyler,Odessa,Midland,Abilene,Beaumont,Round Rock,Buffalo,Rochester,Utica,Ithaca,Hartford,New Haven,Stamford,Bridgeport,Providence,Worcester,
Springfield,Cambridge,Salem,Quincy,Concord,Manchester,Nashua,Burlington,Bangor,Camden,Princeton,Wilmington,Dover,Lancaster,Reading,Allentown,Bethlehem,Erie,Dayton,Canton,Youngstown,Toledo,
Gary,Evansville,Bloomington,Peoria,Joliet,Rockford,Evanston,Naperville,Kenosha,Racine,Appleton,Dubuque,Davenport,Lawrence,Salina,Lexington,Bowling Green,Mobile,Montgomery,Birmingham,Huntsville,
Tuscaloosa,Biloxi,Gulfport,Jackson,Hattiesburg,Lafayette,Lake Charles,Monroe,Pensacola,Gainesville,Naples,Sarasota,Clearwater,Ocala,Boca Raton,Coral Gables,Winston-Salem,Fayetteville,High Point,
Spartanburg,Chesapeake,Newport News,Hampton,Alexandria,Fairfax,Frederick,Rockville,Hagerstown,Wheeling,Morgantown,Ogden,St. George,Flagstaff,Yuma,Tempe,Mesa,Glendale,Chandler,Henderson,Carson City,
Riverside,Ontario,Irvine,Oxnard,Ventura,Berkeley,Hayward,Fremont,Walnut Creek,Vallejo,Napa,Santa Rosa,Redding,Chico,Salinas,Visalia,Merced,Burbank,Torrance,Compton,Eugene,Bend,Medford,Gresham,
Everett,Yakima,Vancouver,Bellingham,Pullman,Billings,Bozeman,Great Falls,Helena,Butte,Casper,Laramie,Lincoln,Norman,Lawton,Edmond,Fort Smith,Pine Bluff,Hot Springs,Branson,Columbia,Joplin,
Davenport,Ames,Mankato,St. Cloud,Moorhead,Grand Forks,Minot,Aberdeen,Las Cruces,Roswell,Taos,Halifax,Regina,Saskatoon,Bristol,Oxford,York,Cork,Galway,Nice,Lyon,Victoria,Kingston,Hamilton,Georgetown`

var townNames = func() map[string]bool {
	m := make(map[string]bool)
	for _, name := range strings.Split(strings.ReplaceAll(towns, "\n", ""), ",") {
		m[name] = true
	}
	return m
}()

// inTown is what stands before a town's name: what is or happens in it, or how somebody
// comes to it. atTown is a preposition alone, after which a town of the list counts.
var (
	inTown = regexp.MustCompile(`(?i)\b(?:lives?|lived|living|resid(?:es?|ed|ing)|located|based|offices?|plants?|mills?|house|homes?|stores?|shops?|shop|facility|facilities|warehouses?|born|` +
		`headquarter(?:s|ed)|harbor|port|campus|clinic|branch|depot|yard|terminal|factory|works?|worked|employed|practices?|practiced|apartment|residence|farm|garage|hotel|restaurant|store)` +
		`(?:,)?\s+(?:is\s+|was\s+|are\s+)?(?:in|at|near|outside)\s+$|` +
		`\b(?:went|go|goes|going|moved?|moving|flew|fly|drove|drive|driving|travell?(?:ed|s|ing)?|came|come|comes|return(?:ed|s|ing)?|ship(?:ped|s)?|sent|relocated?|transferred)\s+(?:back\s+)?(?:out\s+)?(?:from|to)\s+$|` +
		`\b(?:I\s+am|I['’]m|she\s+is|he\s+is|they\s+are|we\s+are|met|meeting|stayed|arrived|arrested|hospitali[sz]ed|incarcerated|stopped)\s+(?:him\s+|her\s+|us\s+|them\s+|me\s+)?(?:in|at|near)\s+$|\bseat\s+(?:of\s+arbitration\s+)?(?:is|shall\s+be)\s+(?:in\s+)?$|\bfrom\s+[A-Z][a-z]+\s+to\s+$`)
	atTown = regexp.MustCompile(`(?:^|[\s(])(?:[Ii]n|[Aa]t|[Ff]rom|to|near|outside|[Oo]f)\s+$`)
)

// findTowns finds places on no list, and towns whose names are words.
func (p *page) findTowns() {
	for i := range p.tokens {
		if p.tokens[i].is(upper) {
			p.town(i)
		}
	}
}

// town finds the place whose name token i begins by what stands before it.
func (p *page) town(i int) {
	const no = noName | opener | party | honorific | month | judgeTitle | docketLabel | orgTail | orgHead | orgAlone | courtHead | streetTail | trade | statuteHead | cue
	t := p.tokens[i]
	if i == 0 || !t.before.simple() || t.is(caps|digit) || p.tokens[i-1].is(upper) && p.word(i-1) != "In" && p.word(i-1) != "At" && p.word(i-1) != "From" {
		return
	}
	switch p.word(i - 1) {
	case "in", "at", "from", "to", "near", "outside", "of", "is", "be", "In", "At", "From":
	case "and":
		if !townNames[p.word(i)] || i < 3 || !p.isPlace(i-2) {
			return
		}
		p.add(document.Location, t.start, t.end, p.word(i), 0.75, "")
		return
	default:
		return
	}
	end := i + 1
	for end < len(p.tokens) && end-i < 3 && p.tokens[end].before.simple() && p.tokens[end].is(upper) && !p.tokens[end].is(digit) && (!p.tokens[end-1].is(dot) || p.word(end-1) == "St") && !p.tokens[end-1].is(genitive) {
		end++
	}
	if end < len(p.tokens) && (p.tokens[end].before.simple() && p.tokens[end].is(upper) && !p.tokens[end-1].is(dot) || p.tokens[end].before == amp) {
		return
	}
	before := p.text[max(0, t.start-70):t.start]
	name := oneLine(p.text[t.start:p.tokens[end-1].end])
	switch {
	case townNames[name] && atTown.MatchString(before):
		if p.word(i-1) == "of" && !strings.HasSuffix(strings.ToLower(strings.TrimRight(before, " \n")), "city of") && !strings.HasSuffix(before, ", of ") || strings.EqualFold(p.word(i-1), "at") && end < len(p.tokens) && p.tokens[end].before == comma && p.has(end, stateAbbr) {
			return
		}
		p.add(document.Location, t.start, p.tokens[end-1].end, name, 0.75, "")
	case end-i <= 2 && inTown.MatchString(before):
		for k := i; k < end; k++ {
			if p.tokens[k].class&no != 0 || len(p.word(k)) < 3 {
				return
			}
		}
		if p.tokens[i].class&firstName != 0 && end-i == 2 || p.isShortForm(name) {
			return
		}
		p.add(document.Location, t.start, p.tokens[end-1].end, name, 0.65, "")
	}
}

// isShortForm says whether the document names somebody or an organisation that name
// begins or ends.
func (p *page) isShortForm(name string) bool {
	for _, m := range p.mentions {
		if (m.Type == document.Org && !cityOf.MatchString(m.Text) || m.Type == document.Person) && m.Len() > len(name) && containsFold(m.Text, name) {
			return true
		}
	}
	return false
}

// cityOf begins a municipality's name.
var cityOf = regexp.MustCompile(`(?i)^(?:city|town|village|borough|township|county|port)\s+of\s`)

func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// isPlace says whether token i ends a place that has been found.
func (p *page) isPlace(i int) bool {
	for _, m := range p.mentions {
		if m.Type == document.Location && m.End >= p.tokens[i].end && m.Start <= p.tokens[i].start {
			return true
		}
	}
	return false
}
