package chunk

import "strings"

// legalAbbreviations are words after whose period a sentence seldom ends:
// titles, reporters, courts, procedure and company forms. Sources: the
// abbreviation tables T1, T6, T7, T8 and T13 of The Bluebook, as facts.
// Lower-case, without the final period, as the punkt model keeps them.
var legalAbbreviations = strings.Fields(`
a.2d a.3d a.d a.k.a a.m acad acct add'l admin admr aff'd aff am amend ann app app'x apr arb arg art arts ass'n assoc assocs
atl att'y aud aug ave avg b.r bankr bd bhd bldg blvd bros c.a c.d c.f.r c.j ca cal cas cass cf ch chem chi cir cit civ cl cl.ct
cmt cmty co colo comm comm'n comm'r comp conf cong conn const constr cont'l corp cr crim ct ctr cts d d.c d.s.c d.n.j dec def dep dep't dept det dev
dir disc dist div dkt doc docs dr e.d e.g e.g.,see ed educ elec emp eng eng'g enters env't equip esq est et ev evid ex exch exec exh
f f.2d f.3d f.4th f.app f.r.d f.supp fed fed'n feb fig fla found fri ft ga gen gov gov't grp h hon hosp hous i.d i.e ibid id idaho ill inc ind indem indus
inst ins int'l inv j jan jj jr jul jun kan ky l l.ed l.j l.rev la lab ltd m.d mach maj mar mass me mem mfg mfr mgmt mich minn misc miss mkt mo mont mr mrs ms mun mut
n n.a n.b n.d n.e n.e.2d n.h n.j n.m n.w n.w.2d n.y nat nat'l ne neb nev no nos nov oct okla op ord ore org p p.2d p.3d p.a p.c p.j p.m pa para paras
par pars pet petr pharm phila pl plc pp pres prob proc prod prods prof prop pt pts pub r r.i r.r ref reg rel rep repr rev rev'd ry rys
s s.c s.ct s.d s.e s.e.2d s.w s.w.2d sat sav sch sci sec sec'y secs sen sept ser serv servs sess sgt so so.2d soc soc'y spec sr st stat std subch subd subdiv
subsec sun super supp surr sur sys tech tel tele tenn ter terr tex thur thurs tit trans transp tr treas trib tues twp tx u u.n u.s u.s.c unempl unif univ util
v va vac vet viz vol vols vs vt w w.d w.va wash wed wis wyo ¶ §`)

// bindsRight are abbreviations that something always follows: a name, a number
// or the rest of a phrase. No sentence ends after them.
var bindsRight = set(`v. vs. no. nos. mr. mrs. ms. messrs. dr. prof. hon. gov. sen. rep. gen. capt. lt. sgt. col.
e.g. i.e. cf. viz. art. arts. sec. secs. para. paras. ¶ ¶¶ § §§ p. pp. vol. vols. dkt. ex. exs. exh. fig.
amend. tit. rel. supp. app. f. fed. civ. crim. evid. bankr. cir.`)

// lettered are words that a letter follows as a number would.
var lettered = set(`exhibit part section appendix plan class schedule count attachment title article chapter group phase
point question option unit party company category type tab form paragraph subpart addendum annex division clause item`)

// openers are words that often begin a sentence and no surname.
var openers = set(`a after all although an and any as at because before but by each even finally first for from he her here his
however i if in indeed instead it its later many moreover most no nor not on once one or our second she since so some such that
the their then there these they thus this those to under upon we what when where whether which while who with you`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
