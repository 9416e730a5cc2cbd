package entity_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/entity"
)

const unlabelled = `     SUPREME COURT OF THE STATE OF NEW YORK
     Appellate Division, Fourth Judicial Department

Decided March 14, 2024

596 KA 23-00096
PRESENT: GARRY, P.J., CLARK, FISHER, AND POWERS, JJ.

THE PEOPLE OF THE STATE OF NEW YORK, RESPONDENT,
                 V
AVERY TOLLIVER, DEFENDANT-APPELLANT.

Appeal from the Onondaga County Court (Gordon J. Cuffy, A.J.), rendered MAY 3 2022.
`

func TestTheHeadOfADecisionGivesNumbersJudgesAndRoles(t *testing.T) {
	t.Parallel()
	role := map[string]string{}
	for _, m := range entity.NewFinder().Find(t.Context(), unlabelled) {
		assert.Equal(t, unlabelled[m.Start:m.End], m.Text)
		switch m.Type {
		case document.DocketNumber, document.Judge, document.Date:
			role[string(m.Type)+" "+m.Normalized] = m.Role
		}
	}
	assert.Equal(t, entity.RoleOwn, role["DOCKET_NUMBER 596 KA 23-00096"])
	assert.Equal(t, entity.RolePanel, role["JUDGE Garry"])
	assert.Equal(t, entity.RolePanel, role["JUDGE Powers"])
	assert.Equal(t, "decided", role["DATE 2024-03-14"])
}

func TestRunningTextHasNoHead(t *testing.T) {
	t.Parallel()
	for _, m := range entity.NewFinder().Find(t.Context(), "The court met. Job No. 240918 was let on May 3, 2022 by Acme Widgets, Inc.") {
		assert.NotEqual(t, document.DocketNumber, m.Type, m.Text)
	}
}

// TestThoseWhoAreAtAMeetingAreNoJudges has cues of the heads of decisions in other papers.
func TestThoseWhoAreAtAMeetingAreNoJudges(t *testing.T) {
	t.Parallel()
	const notes = "author: Mateus Ferreira\ndate: 2025-01-14\n\nTeam meeting, January 14, 2025\n\n**Present:** Priya Raghunathan, Mateus Ferreira.\n\nNo. 3:24-cv-01187 (N.D. Cal.)\n"
	const order = "No. 3:24-cv-01187\nDecided: January 14, 2025\n\nPresent: Raghunathan and Ferreira, JJ.\n"
	count := func(text string) (n int) {
		for _, m := range entity.NewFinder().Find(t.Context(), text) {
			if m.Type == document.Judge {
				n++
			}
		}
		return n
	}
	assert.Zero(t, count(notes))
	assert.Equal(t, 2, count(order))
}
