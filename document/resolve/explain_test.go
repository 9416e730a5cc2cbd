package resolve_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
)

// pinned is a project without entities where names are pinned.
type pinned struct {
	resolve.Nothing

	keys map[resolve.Key]bool
}

func (p pinned) PinnedKeys(context.Context) (map[resolve.Key]bool, error) { return p.keys, nil }

func TestPinnedNamesAreShortForNone(t *testing.T) {
	t.Parallel()
	const text = "PERSON John Smith\nPERSON J. Smith\nORG Acme Widgets, Inc.\nORG Acme Widgets\nDOCKET_NUMBER 2:15-cv-17\nDOCKET_NUMBER 15-cv-17\nPERSON Петр Иванов\nPERSON Petr Ivanov"
	free := keysOf(run(t, text, nil))
	for i := 0; i < len(free); i += 2 {
		assert.Equal(t, free[i], free[i+1])
	}
	p := pinned{keys: map[resolve.Key]bool{
		{Type: document.Person, Key: "j smith"}: true, {Type: document.Org, Key: "acme widgets"}: true,
		{Type: document.DocketNumber, Key: "15-cv-17"}: true, {Type: document.Person, Key: "petr ivanov"}: true,
	}}
	kept := keysOf(run(t, text, p))
	assert.Equal(t, []string{"john smith", "j smith"}, kept[:2])
	for i := 0; i < len(kept); i += 2 {
		assert.NotEqual(t, kept[i], kept[i+1])
	}
	r := run(t, "PERSON John Smith\nPERSON J. Smith\nPERSON Smith", p)
	assert.Equal(t, []string{"john smith", "j smith", "smith"}, keysOf(r), "a surname may be either's")
	for _, e := range r.Entities {
		assert.NotContains(t, e.Aliases, "j smith")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	smith := document.Entity{Type: document.Person, Key: "robert alan smith", Aliases: []string{"robert smith"}}
	acme := document.Entity{Type: document.Org, Key: "acme widgets inc"}
	for _, test := range []struct {
		entity document.Entity
		text   string
		rule   resolve.Rule
		reason string
	}{
		{smith, "Mr. ROBERT ALAN SMITH", resolve.RuleSameKey, ""},
		{smith, "Robert Smith", resolve.RuleAlias, `only one has "alan"`},
		{smith, "R. A. Smith", resolve.RuleInitials, `"r" is an initial of "robert"`},
		{smith, "Bob Smith", resolve.RuleNickname, `"bob" may be short for "robert"`},
		{smith, "Robert A. Smith", resolve.RuleInitials, `"a" is an initial of "alan"`},
		{smith, "Smith", resolve.RuleSurname, `only one has "robert alan"`},
		{smith, "Jane Roe", resolve.RuleSpelling, ""},
		{document.Entity{Type: document.Person, Key: "robert alan smith"}, "Robert Smith", resolve.RuleFewerNames, `only one has "alan"`},
		{acme, "Acme Widgets", resolve.RuleShortForm, ""},
		{acme, "Acme Widgets Incorporated", resolve.RuleSameKey, ""},
		{document.Entity{Type: document.DocketNumber, Key: "2:15-cv-17"}, "15-cv-17", resolve.RuleShortForm, ""},
		{document.Entity{Type: document.Email, Key: "a@b.example"}, "c@b.example", resolve.RuleDocument, ""},
	} {
		ev := resolve.Explain(test.entity, document.Mention{Type: test.entity.Type, Text: test.text})
		assert.Equal(t, test.rule, ev.Rule, test.text)
		if test.reason != "" {
			assert.Contains(t, ev.Reasons, test.reason, test.text)
		}
	}
}
