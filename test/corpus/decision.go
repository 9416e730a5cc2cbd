package corpus

import "fmt"

// reporter is a series of reports: its volumes appeared from first to last in the
// years from begin to end.
type reporter struct {
	name                    string
	first, last, begin, end int
	courts                  []string // as a parenthetical names them; "" where the reporter tells
	weight                  int
}

var (
	circuits   = []string{"1st Cir.", "2d Cir.", "3d Cir.", "4th Cir.", "5th Cir.", "6th Cir.", "7th Cir.", "8th Cir.", "9th Cir.", "10th Cir.", "11th Cir.", "D.C. Cir.", "Fed. Cir."}
	trialCourt = []string{"N.D. Cal.", "S.D.N.Y.", "E.D. Pa.", "D. Mass.", "N.D. Ill.", "S.D. Tex.", "W.D. Wash.", "D. Colo.", "D. Del.", "M.D. Fla.", "E.D. Va.", "D. Minn."}
)

var reporters = []reporter{
	{"U.S.", 320, 580, 1943, 2017, []string{""}, 20},
	{"S. Ct.", 90, 143, 1969, 2023, []string{""}, 6},
	{"F.2d", 300, 999, 1962, 1993, circuits, 14},
	{"F.3d", 1, 999, 1993, 2021, circuits, 30},
	{"F.4th", 1, 90, 2021, 2024, circuits, 6},
	{"F. Supp.", 400, 999, 1975, 1998, trialCourt, 6},
	{"F. Supp. 2d", 1, 999, 1998, 2014, trialCourt, 12},
	{"F. Supp. 3d", 1, 680, 2014, 2023, trialCourt, 8},
	{"F.R.D.", 150, 340, 1993, 2022, trialCourt, 3},
	{"P.3d", 1, 530, 2000, 2023, []string{"Wash.", "Colo.", "Or. App.", "Kan.", "Nev."}, 4},
	{"N.E.2d", 500, 999, 1986, 2013, []string{"Ohio", "Mass.", "Ind. Ct. App.", "Ill."}, 3},
	{"S.W.3d", 1, 680, 1999, 2023, []string{"Tex.", "Tenn. Ct. App.", "Mo. Ct. App.", "Ky."}, 3},
}

var reporterWeight = func() (sum int) {
	for _, r := range reporters {
		sum += r.weight
	}
	return sum
}()

// decision is a cited case.
type decision struct {
	name, cite string // "Roe v. Acme Corp.", "123 F.3d 456": the normal form
	page       int
	tail       string // "(9th Cir. 1999)"
}

// decisions is how many a seed has.
const decisions = 1200

// citedDecision draws one: of two numbers the smaller, of three in every second
// case, so that the first are cited most.
func citedDecision(d *dice, seed uint64) decision {
	n := min(d.below(decisions), d.below(decisions))
	if d.percent(50) {
		n = min(n, d.below(decisions)/8)
	}
	return newDecision(seed, n)
}

// newDecision is decision n of a seed. Volumes and years agree.
func newDecision(seed uint64, n int) decision {
	d := newDice(seed, streamDecision, n)
	left := d.below(reporterWeight)
	var r reporter
	for _, r = range reporters {
		if left -= r.weight; left < 0 {
			break
		}
	}
	volume := d.between(r.first, r.last)
	year := r.begin + (volume-r.first)*(r.end-r.begin)/(r.last-r.first)
	c := decision{page: d.between(1, 1390)}
	c.cite = fmt.Sprintf("%d %s %d", volume, r.name, c.page)
	if court := pick(d, r.courts); court != "" {
		c.tail = fmt.Sprintf("(%s %d)", court, year)
	} else {
		c.tail = fmt.Sprintf("(%d)", year)
	}
	switch d.below(10) {
	case 0:
		c.name = "United States v. " + pick(d, surnames)
	case 1:
		c.name = "In re " + newParty(d, 0).name
	case 2, 3:
		c.name = pick(d, surnames) + " v. City of " + pick(d, seats).city
	case 4, 5, 6:
		c.name = pick(d, surnames) + " v. " + newParty(d, 0).name
	default:
		c.name = newParty(d, 0).name + " v. " + newParty(d, 30).name
	}
	return c
}

// statutes are cited as they stand, which is their normal form.
var statutes = []string{
	"28 U.S.C. § 1331", "28 U.S.C. § 1332", "28 U.S.C. § 1367(a)", "28 U.S.C. § 1391(b)", "28 U.S.C. § 1404(a)", "28 U.S.C. § 1441(a)",
	"28 U.S.C. § 2201", "28 U.S.C. § 1927", "28 U.S.C. § 1292(b)", "42 U.S.C. § 1983", "42 U.S.C. § 2000e-2(a)", "42 U.S.C. § 12112(a)",
	"15 U.S.C. § 1", "15 U.S.C. § 78j(b)", "15 U.S.C. § 1125(a)", "18 U.S.C. § 1836(b)", "18 U.S.C. § 1030(a)", "29 U.S.C. § 216(b)",
	"29 U.S.C. § 623(a)", "29 U.S.C. § 1132(a)", "35 U.S.C. § 271(a)", "17 U.S.C. § 501", "9 U.S.C. § 2", "11 U.S.C. § 362(a)",
	"29 C.F.R. § 1604.11", "17 C.F.R. § 240.10b-5", "40 C.F.R. § 122.26", "21 C.F.R. § 314.70", "Fed. R. Evid. 702", "Fed. R. Evid. 408",
}

// rules are the civil procedure ones.
var rules = []string{
	"Fed. R. Civ. P. 12(b)(6)", "Fed. R. Civ. P. 12(b)(1)", "Fed. R. Civ. P. 56(a)", "Fed. R. Civ. P. 26(b)(1)", "Fed. R. Civ. P. 8(a)",
	"Fed. R. Civ. P. 9(b)", "Fed. R. Civ. P. 37(a)", "Fed. R. Civ. P. 15(a)", "Fed. R. Civ. P. 30(b)(6)", "Fed. R. Civ. P. 65(b)",
	"Fed. R. Civ. P. 23(b)(3)", "Fed. R. Civ. P. 45(d)", "Fed. R. Civ. P. 11(b)",
}
