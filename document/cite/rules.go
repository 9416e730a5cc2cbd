package cite

import "strings"

// stateRules are what states call their rules of court, after the state's abbreviation,
// with the words that follow its name. Source: The Bluebook, table T1.3.
var stateRules = [][2]string{
	{"R. Civ. P.", "Rules of Civil Procedure"}, {"R. Crim. P.", "Rules of Criminal Procedure"}, {"R. App. P.", "Rules of Appellate Procedure"},
	{"R. Evid.", "Rules of Evidence"}, {"R. Prof'l Conduct", "Rules of Professional Conduct"}, {"R. Juv. P.", "Rules of Juvenile Procedure"},
	{"Sup. Ct. R.", "Supreme Court Rules"}, {"R. Jud. Admin.", "Rules of Judicial Administration"}, {"R. Prob. P.", "Rules of Probate Procedure"},
	{"R. Fam. P.", "Rules of Family Procedure"}, {"Super. Ct. R.", "Superior Court Rules"}, {"Ch. Ct. R.", "Court of Chancery Rules"}, {"Ct. App. R.", "Court of Appeals Rules"},
	{"R. Prof. Conduct", "Rule of Professional Conduct"}, {"R. Civ. Proc.", "Rule of Civil Procedure"}, {"R. Crim. Proc.", "Rule of Criminal Procedure"}, {"R. App. Proc.", "Rule of Appellate Procedure"},
}

// localRules are what district courts call their local rules, after the district's
// abbreviation.
var localRules = strings.Split("L.R.|Civ. L.R.|Crim. L.R.|Local R.|Local Rule|Local Civ. R.|Local Civil Rule|Civil Local Rule|Local Crim. R.|L. Civ. R.|LCvR|LCrR|L.R. Civ.|L.R. Crim.|Bankr. L.R.|L. Bankr. R.|Local Bankr. R.", "|")

// courtRules puts the rules of every state, district and circuit.
func (b *builder) courtRules() {
	for _, s := range states {
		for _, r := range stateRules {
			name := s.abbr + " " + r[0]
			b.each(strings.Replace(name, "Proc.", "P.", 1)+" = "+name+" = "+s.name+" "+r[1]+" = "+s.name+" "+strings.Replace(r[1], "Rules", "Rule", 1), entry{what: isRule})
		}
		if s.divisions == "-" {
			continue
		}
		districts := []string{"D. " + s.abbr}
		for _, d := range strings.Split(s.divisions, "") {
			districts = append(districts, d+".D. "+s.abbr)
		}
		if s.abbr == "D.C." {
			districts = []string{"D.D.C."}
		}
		for _, d := range districts {
			for _, r := range localRules {
				b.each(d+" "+r, entry{what: isRule})
			}
		}
	}
	for _, n := range strings.Fields("1st 2d 3d 4th 5th 6th 7th 8th 9th 10th 11th Fed. D.C.") {
		b.each(n+" Cir. R. = "+n+" Cir. Local R. = "+n+" Cir. L.R. = "+n+" Cir. Rule", entry{what: isRule})
	}
}

// circuitRule reads a rule of a circuit, "9th Cir. R. 36-3", whose number ends at j.
func (s *scanner) circuitRule(i, j int) int {
	for j < len(s.text) && isLower(s.text[j]) {
		j++
	}
	if !strings.HasPrefix(s.text[j:], " Cir") {
		return 0
	}
	hits, n := s.table.walk(s.text, i)
	for _, h := range hits[:n] {
		for _, e := range h.entries {
			if e.what == isRule {
				if end := s.rule(i, e, h.end); end > 0 {
					return end
				}
			}
		}
	}
	return 0
}
