package resolve

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// Rule is what made a written form one with an entity.
type Rule string

// The rules.
const (
	RuleSameKey    Rule = "same_key"    // nothing but case, accents, titles or punctuation differs
	RuleAlias      Rule = "alias"       // a document that has both names teaches that it means the entity
	RuleInitials   Rule = "initials"    // an initial, in a document that has the name written out
	RuleNickname   Rule = "nickname"    // a nickname, in a document that has the formal name
	RuleFewerNames Rule = "fewer_names" // names left out, in a document that has them all
	RuleSurname    Rule = "surname"     // a surname, in a document that has one full name with it
	RuleShortForm  Rule = "short_form"  // without legal form or office, in a document that has it
	RuleSpelling   Rule = "spelling"    // another spelling or script, in a document that has both
	RuleDocument   Rule = "document"    // what the document has besides led to it
)

// Evidence is why a written form is one with an entity.
type Evidence struct {
	Rule    Rule     `json:"rule"`
	Reasons []string `json:"reasons,omitempty"` // how the names compare, in words; may hold parts of them
}

// Explain tells why a mention was resolved as an entity that has this key and these
// aliases. Which other names led to it is of its document alone, and not told.
func Explain(e document.Entity, m document.Mention) Evidence {
	key := KeyOf(m)
	if key == e.Key {
		return Evidence{Rule: RuleSameKey}
	}
	ev := Evidence{Rule: linkRule(e.Type, key, e.Key)}
	if slices.Contains(e.Aliases, key) {
		ev.Rule = RuleAlias
	}
	switch e.Type {
	case document.Person, document.Judge, document.Org:
		ev.Reasons = Compare(e.Type, Name{Text: key}, Name{Text: e.Key}).Reasons
	}
	return ev
}

// linkRule is the rule by which linkForms links a form with one key to another.
func linkRule(t document.EntityType, key, to string) Rule {
	switch t {
	case document.Person, document.Judge:
		return personRule(parsePerson(key), parsePerson(to))
	case document.Org:
		if orgStem(key) == orgStem(to) {
			return RuleShortForm
		}
		return RuleSpelling
	case document.DocketNumber:
		return RuleShortForm
	}
	return RuleDocument
}

func personRule(p, q person) Rule {
	switch {
	case p.surname != q.surname || p.generation != q.generation && len(p.given) > 0:
		if p.generation == q.generation {
			return RuleSpelling
		}
		return RuleDocument
	case len(p.given) == 0 || len(q.given) == 0:
		return RuleSurname
	case !p.agrees(q):
		return RuleDocument
	}
	for i, name := range p.given {
		if len(name) == 1 && (i >= len(q.given) || len(q.given[i]) > 1 && strings.HasPrefix(q.given[i], name)) {
			return RuleInitials
		}
	}
	if nicknameOf(p.given[0], q.given[0]) {
		return RuleNickname
	}
	return RuleFewerNames
}
