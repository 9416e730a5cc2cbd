package relate_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// byRole is a head whose forms are told by roles alone: a number behind a name, judges
// in lines of their own, the court below by its judge.
const byRole = `«COURT=app:Appellate Division, Fourth Judicial Department»
THE PEOPLE v TOLLIVER, a case that is numbered in a line of prose as «DOCKET_NUMBER/own:596 KA 23-00096»
with «JUDGE/panel:Garry» and «JUDGE/author:Powers» as those who heard it on «DATE/submitted:May 3, 2022».
Appeal from the «COURT=county:Onondaga County Court» (in which «JUDGE/below:Gordon J. Cuffy» sat).
`

func TestRolesOfTheHeadAreRelated(t *testing.T) {
	t.Parallel()
	got := typed(read(byRole))
	for _, want := range []string{
		"garry presides_over 596 ka 23-00096",
		"powers presides_over 596 ka 23-00096",
		"gordon j. cuffy presides_over county",
		"596 ka 23-00096 appeal_from county",
		"596 ka 23-00096 filed_in app",
	} {
		assert.Contains(t, got, want)
	}
	assert.NotContains(t, got, "596 ka 23-00096 dated may 3, 2022", "it was submitted then, not filed")
	assert.NotContains(t, got, "gordon j. cuffy presides_over 596 ka 23-00096")
}
