package metrics

import (
	"fmt"
	"strconv"
	"strings"
)

// tally is what events come to: the hashes of an interval, taken apart and
// added up.
type tally struct {
	counts map[string]int64
	hists  map[string]*dist
	causes map[string]lastSeen // by fingerprint
	attrs  map[string]string
}

// lastSeen is the latest error of a cause.
type lastSeen struct {
	ms                          int64
	category, stage, typ, batch string
}

func newTally() *tally {
	return &tally{counts: map[string]int64{}, hists: map[string]*dist{}, causes: map[string]lastSeen{}, attrs: map[string]string{}}
}

func (t *tally) hist(name string) *dist {
	d := t.hists[name]
	if d == nil {
		d = &dist{}
		t.hists[name] = d
	}
	return d
}

func (t *tally) seen(fingerprint string, l lastSeen) {
	if old, ok := t.causes[fingerprint]; !ok || l.ms >= old.ms {
		t.causes[fingerprint] = l
	}
}

// read adds what a hash holds.
func (t *tally) read(hash map[string]string) error {
	for field, value := range hash {
		if err := t.readField(field, value); err != nil {
			return fmt.Errorf("field %q: damaged", field)
		}
	}
	return nil
}

func (t *tally) readField(field, value string) error {
	switch {
	case field[0] == '@':
		t.attrs[field] = value
		return nil
	case strings.HasPrefix(field, fieldAbout):
		l, err := parseAbout(value)
		t.seen(field[len(fieldAbout):], l)
		return err
	}
	if field[0] == '%' {
		return t.hist(field).read(value)
	}
	n, err := strconv.ParseInt(value, 10, 64)
	t.counts[field] += n
	return err
}

func parseAbout(s string) (lastSeen, error) {
	ms, rest, _ := strings.Cut(s, bar)
	f := strings.Split(rest, bar)
	at, err := strconv.ParseInt(ms, 10, 64)
	if err != nil || len(f) != 4 {
		return lastSeen{}, fmt.Errorf("cause %q: damaged", s)
	}
	return lastSeen{at, f[0], f[1], f[2], f[3]}, nil
}

// event adds what one event comes to.
func (t *tally) event(e Event) {
	for _, o := range operations(e) {
		switch o.what {
		case opAdd:
			t.counts[o.name] += o.n
		case opTook:
			t.hist(o.name).observe(o.n)
		case opCause:
			t.counts[fieldCause+o.name]++
			t.seen(o.name, lastSeen{e.At.UnixMilli(), string(e.Category), string(e.Stage), clean(e.Type), e.Batch})
		}
	}
}

func (t *tally) merge(o *tally) {
	for f, n := range o.counts {
		t.counts[f] += n
	}
	for name, d := range o.hists {
		t.hist(name).merge(d)
	}
	for fp, l := range o.causes {
		t.seen(fp, l)
	}
}

// named calls each with what follows prefix in the names of counts.
func (t *tally) named(prefix string, each func(rest string, n int64)) {
	for f, n := range t.counts {
		if rest, ok := strings.CutPrefix(f, prefix); ok {
			each(rest, n)
		}
	}
}
