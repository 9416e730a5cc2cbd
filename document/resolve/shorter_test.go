package resolve_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
)

func TestShorterNamesAreThoseThatADocumentWithBothLearns(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		typ  document.EntityType
		key  string
		want []string
	}{
		{document.Person, "miriam a okafor", []string{"miriam okafor"}},
		{document.Judge, "miriam adaeze okafor jr", []string{"miriam a okafor jr", "miriam okafor jr"}},
		{document.Person, "john a b smith", []string{"john a smith", "john b smith", "john smith"}},
		{document.Person, "john a b c smith", []string{"john smith"}},
		{document.Person, "maria del carmen ruiz", []string{"maria c ruiz", "maria carmen ruiz", "maria d c ruiz", "maria d carmen ruiz", "maria d ruiz", "maria del c ruiz", "maria ruiz"}},
		{document.Person, "john smith", nil},
		{document.Person, "j a smith", nil},
		{document.Person, "smith", nil},
		{document.Person, "", nil},
		{document.Org, "acme freight inc", []string{"acme freight"}},
		{document.Org, "acme freight", nil},
		{document.Court, "supreme court inc", nil},
	} {
		got := resolve.Shorter(test.typ, test.key)
		assert.Equal(t, test.want, got, test.key)
		for _, short := range got {
			r, err := resolve.Resolve(t.Context(), "acme", []document.Mention{{Type: test.typ, Text: test.key}, {Type: test.typ, Text: short}}, nil)
			require.NoError(t, err)
			require.Len(t, r.Entities, 1, "%s, %s", test.key, short)
			assert.Equal(t, []string{short}, r.Entities[0].Aliases)
		}
	}
}
