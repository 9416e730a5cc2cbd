package main

// clusters are sums of B-cubed precision and recall over mentions, which say how
// well those of one entity were told to be one (Bagga and Baldwin, "Algorithms for
// scoring coreference chains", 1998).
type clusters struct {
	precision, recall float64
	mentions          int
}

// judgeClusters compares which mentions of people, organisations, judges and courts
// were put together with which belong together. Only labelled mentions that were
// found, by an overlap at least, are compared: the others are missing mentions.
func judgeClusters(d labelled, got reading) judged {
	_, spans := d.packed()
	type pair struct{ want, found string }
	both, want, found := map[pair]int{}, map[string]int{}, map[string]int{}
	var c clusters
	taken := map[int]bool{}
	for _, m := range got.mentions {
		i := nearest(spans, m.span)
		if i < 0 || taken[i] || !isOneOf(d.entities[d.mentions[i].entity].kind, named+" JUDGE COURT") {
			continue
		}
		taken[i] = true
		p := pair{d.mentions[i].entity, m.entity}
		both[p]++
		want[p.want]++
		found[p.found]++
		c.mentions++
	}
	for p, n := range both {
		c.precision += float64(n*n) / float64(found[p.found])
		c.recall += float64(n*n) / float64(want[p.want])
	}
	return judged{clusters: c}
}
