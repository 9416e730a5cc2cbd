package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A labelled document is a text in which people marked what a reader should find.
// testdata/documents/README.md says how one is written.
type labelled struct {
	name      string // of its file
	half      string // work or held
	text      string // without marks
	mentions  []labelledMention
	entities  map[string]*labelledEntity
	relations []relation
}

type labelledMention struct {
	start, end int // bytes of text
	entity     string
	line       int // of the file
}

type labelledEntity struct {
	id, kind string
	values   []string // the name, or normal forms of which any is right
	roles    []string
	line     int // where it is first mentioned
}

// A relation is one triple of entities' IDs.
type relation struct{ kind, from, to string }

// entityLabels are the types of entities that documents are labelled with, and how
// the normal form of typed values looks; nil of names.
var entityLabels = map[string]*regexp.Regexp{
	"PERSON": nil, "ORG": nil, "COURT": nil, "JUDGE": nil, "LOCATION": nil, "CASE_CITATION": nil, "STATUTE": nil, "DOCKET_NUMBER": nil,
	"DATE":     regexp.MustCompile(`^\d{4}-\d{2}(-\d{2})?$`),
	"MONEY":    regexp.MustCompile(`^[A-Z]{3} \d+(\.\d+)?$`),
	"DURATION": regexp.MustCompile(`^P(\d+[YMWD]|T\d+[HM])$`),
	"EMAIL":    regexp.MustCompile(`^[^@A-Z ]+@[^@A-Z ]+$`),
	"PHONE":    regexp.MustCompile(`^\+\d+$`),
}

// roleLabels are the roles, and of what types an entity is that may have one.
var roleLabels = map[string]string{
	"plaintiff": named, "defendant": named, "petitioner": named, "respondent": named, "appellant": named, "appellee": named, "intervenor": named,
	"amicus": named, "debtor": named, "creditor": named, "movant": named, "trustee": named, "receiver": named, "party": named, "attorney": "PERSON",
	"firm": "ORG", "witness": "PERSON", "signatory": "PERSON", "clerk": "PERSON", "sender": named, "recipient": named,
	"filed": "DATE", "decided": "DATE", "argued": "DATE", "submitted": "DATE", "entered": "DATE", "dated": "DATE", "signed": "DATE", "served": "DATE",
	"effective": "DATE", "due": "DATE", "expires": "DATE", "hearing": "DATE",
	"governing-law": "LOCATION", "term": "DURATION", "notice": "DURATION",
}

// relationLabels are the relationships, and the types of what they relate.
var relationLabels = map[string][2]string{
	"party_to": {named, "DOCKET_NUMBER"}, "represents": {named, named}, "member_of": {"PERSON", "ORG"}, "officer_of": {"PERSON", "ORG"},
	"signs_for": {"PERSON", "ORG"}, "presides_over": {"JUDGE", "DOCKET_NUMBER COURT"}, "filed_in": {"DOCKET_NUMBER", "COURT"},
	"appeal_from": {"DOCKET_NUMBER", "DOCKET_NUMBER COURT"}, "cites": {"DOCKET_NUMBER", "CASE_CITATION STATUTE"}, "dated": {"DOCKET_NUMBER", "DATE"},
	contractsWith: {named, named}, "testifies_in": {"PERSON", "DOCKET_NUMBER"},
}

const (
	named         = "PERSON ORG"
	contractsWith = "contracts_with"
	headerEnd     = "===="
	workHalf      = "work"
	heldHalf      = "held"
)

// readLabelled reads the labelled documents of a folder, in the order of their names.
func readLabelled(dir string) ([]labelled, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no *.txt in %s: %w", dir, os.ErrNotExist)
	}
	var all []labelled
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		d, err := parseLabelled(string(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		d.name = filepath.Base(path)
		all = append(all, d)
	}
	return all, nil
}

// parseLabelled reads one document. Errors begin with the line.
func parseLabelled(source string) (labelled, error) {
	d := labelled{entities: map[string]*labelledEntity{}}
	header, body, found := strings.Cut(source, "\n"+headerEnd+"\n")
	if !found {
		return d, fmt.Errorf("line 1: no line %q ends the header", headerEnd)
	}
	lines := strings.Split(header, "\n")
	for i, line := range lines {
		if err := d.declare(strings.TrimSpace(line)); err != nil {
			return d, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	if d.half == "" {
		return d, fmt.Errorf("line 1: no half")
	}
	if err := d.unmark(body, len(lines)+2); err != nil {
		return d, err
	}
	for _, e := range d.entities {
		if e.line == 0 {
			return d, fmt.Errorf("line 1: %s is declared and never mentioned", e.id)
		}
	}
	return d, nil
}

var (
	entityLine   = regexp.MustCompile(`^([a-z]+\d+) ([A-Z_]+) ([^;]+?)(?:; (.+))?$`)
	relationLine = regexp.MustCompile(`^([a-z0-9,]+) ([a-z_]+) ([a-z0-9,]+|\*)$`)
)

// declare reads one line of the header.
func (d *labelled) declare(line string) error {
	if half, ok := strings.CutPrefix(line, "half: "); ok {
		if half != workHalf && half != heldHalf {
			return fmt.Errorf("half is %q: it is %s or %s", half, workHalf, heldHalf)
		}
		d.half = half
		return nil
	}
	if line == "" || strings.HasPrefix(line, "kind: ") {
		return nil
	}
	if m := entityLine.FindStringSubmatch(line); m != nil {
		return d.declareEntity(m[1], m[2], m[3], m[4])
	}
	if m := relationLine.FindStringSubmatch(line); m != nil {
		return d.relate(m[2], strings.Split(m[1], ","), strings.Split(m[3], ","))
	}
	return fmt.Errorf("%q is neither an entity nor a relationship", line)
}

func (d *labelled) declareEntity(id, kind, value, roles string) error {
	form, known := entityLabels[kind]
	if !known {
		return fmt.Errorf("no type %s", kind)
	}
	if d.entities[id] != nil {
		return fmt.Errorf("%s is declared twice", id)
	}
	e := &labelledEntity{id: id, kind: kind, values: strings.Split(value, " | ")}
	for _, v := range e.values {
		if form != nil && !form.MatchString(v) {
			return fmt.Errorf("%q is no normal form of a %s", v, kind)
		}
	}
	if roles != "" {
		e.roles = strings.Split(roles, ", ")
	}
	for _, role := range e.roles {
		if !isOneOf(kind, roleLabels[role]) {
			return fmt.Errorf("%s: no %s has the role %q", id, kind, role)
		}
	}
	d.entities[id] = e
	return nil
}

func (d *labelled) relate(kind string, from, to []string) error {
	ends, known := relationLabels[kind]
	if !known {
		return fmt.Errorf("no relationship %s", kind)
	}
	if to[0] == "*" {
		to = nil
		for id, e := range d.entities {
			if isOneOf(e.kind, ends[1]) {
				to = append(to, id)
			}
		}
		slices.Sort(to)
	}
	for _, f := range from {
		for _, t := range to {
			for i, id := range []string{f, t} {
				if d.entities[id] == nil {
					return fmt.Errorf("%q is not declared above", id)
				}
				if !isOneOf(d.entities[id].kind, ends[i]) {
					return fmt.Errorf("%s: %s is a %s, not one of %s", kind, id, d.entities[id].kind, ends[i])
				}
			}
			r := undirected(relation{kind, f, t})
			if slices.Contains(d.relations, r) {
				return fmt.Errorf("%s %s %s is said twice", f, kind, t)
			}
			d.relations = append(d.relations, r)
		}
	}
	return nil
}

// undirected is r in the one of both directions that stands for either, if its kind
// has none.
func undirected(r relation) relation {
	if r.kind == contractsWith && r.from > r.to {
		r.from, r.to = r.to, r.from
	}
	return r
}

func isOneOf(word, list string) bool { return slices.Contains(strings.Fields(list), word) }

// unmark takes the marks out of body, whose first line is the file's line n.
func (d *labelled) unmark(body string, n int) error {
	var text strings.Builder
	for body != "" {
		i := strings.IndexAny(body, "{}")
		if i < 0 {
			text.WriteString(body)
			break
		}
		text.WriteString(body[:i])
		n += strings.Count(body[:i], "\n")
		if body[i] == '}' {
			return fmt.Errorf("line %d: a mark ends that did not begin", n)
		}
		body = body[i+1:]
		end := strings.IndexAny(body, "{}")
		if end < 0 || body[end] == '{' {
			return fmt.Errorf("line %d: a mark begins and does not end", n)
		}
		id, name, _ := strings.Cut(body[:end], "|")
		e := d.entities[id]
		switch {
		case e == nil:
			return fmt.Errorf("line %d: %q is marked and not declared", n, id)
		case !ends(name):
			return fmt.Errorf("line %d: the mark of %s is empty, or begins or ends with a space", n, id)
		}
		d.mentions = append(d.mentions, labelledMention{start: text.Len(), end: text.Len() + len(name), entity: id, line: n})
		if e.line == 0 {
			e.line = n
		}
		text.WriteString(name)
		n += strings.Count(name, "\n")
		body = body[end+1:]
	}
	d.text = text.String()
	return nil
}

// ends says that a name is one: its first and last character are no spaces.
func ends(name string) bool {
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	return name != "" && !unicode.IsSpace(first) && !unicode.IsSpace(last)
}
