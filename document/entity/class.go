package entity

import (
	"strings"
	"sync"
)

// class is what the tables know of a word; a word may have several.
type class uint32

const (
	month       class = 1 << iota
	docketLabel       // No., Case, Docket …
	statuteHead       // Fed, Section, U.S, Cal …: what a statute may begin with
	courtHead         // United, Supreme, Court …: what a court's name may begin with
	judgeTitle        // Judge, Justice, Hon …
	judgeTail         // the same after a name: Judge, J, C.J, Judges …
	place             // begins a state's or country's name
	firstName
	noName   // never part of a person's name
	orgTail  // Inc, LLC, Commission …: ends an organisation's name
	orgHead  // University, Bank, City …: begins "X of Y"
	orgAlone // EEOC, FBI …
	party    // Plaintiff, Defendant …: a role
	particle // de, van …: inside a name
	honorific
	nameTail // Jr, Sr, II …
	opener   // begins sentences, is no part of a name: The, In …
	streetTail
	stateAbbr
	postal
	courtKind // Supreme, Superior …: may stand before Court
	orgWord   // inside organisations only: of, and, the, for
	number    // two, Ten …: a length of time may begin with it
	cue       // says who the name beside it is: president, counsel, Attn …
	trade     // Foods, Builders …: ends an organisation's name behind a word that is no common one
)

// words are the tables as one, by the word as it is written. Words in lower
// case count only so; others also in capitals.
var words = sync.OnceValue(func() map[string]class {
	m := make(map[string]class, 4096)
	put := func(c class, list string) {
		for _, w := range strings.Fields(list) {
			m[w] |= c
			if up := strings.ToUpper(w); up != w && strings.ToLower(w) != w {
				m[up] |= c
			}
		}
	}
	put(month, monthWords)
	put(docketLabel, docketLabels)
	put(statuteHead, statuteHeads)
	put(courtKind, courtKinds)
	put(courtHead, courtHeads)
	put(judgeTitle, judgeTitles)
	put(judgeTail, judgeTails)
	put(firstName, firstNames)
	put(noName, noNames)
	put(orgTail, orgTails)
	put(orgHead, orgHeads)
	put(orgAlone, orgAcronyms)
	put(party, partyWords)
	put(particle, particles)
	put(honorific, honorifics)
	put(nameTail, nameTails)
	put(opener|noName, openers)
	put(orgWord, orgWords)
	put(cue, cueWords)
	put(trade, tradeWords)
	put(trade, filingTrades)
	for w := range counted {
		m[w] |= number
	}
	put(streetTail|noName, streetWords)
	for _, s := range states {
		put(stateAbbr, strings.TrimSuffix(strings.ReplaceAll(s.abbr, ". ", "."), "."))
		m[s.postal] |= postal
		put(place, strings.Fields(s.name)[0])
	}
	for _, c := range strings.Split(strings.ReplaceAll(countries, "\n", ""), ",") {
		put(place, strings.TrimSuffix(strings.Fields(c)[0], "."))
	}
	for _, c := range strings.Split(strings.ReplaceAll(cities, "\n", ""), ",") {
		put(place, strings.TrimSuffix(strings.Fields(c)[0], "."))
	}
	return m
})

// IsGivenName says whether a word, in any case, is a given name that is common in
// the United States.
func IsGivenName(word string) bool { return words()[strings.ToUpper(word)]&firstName != 0 }
