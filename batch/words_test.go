package batch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestOneIsNotCountedAsMany(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "0 pages", batch.Counted(0, "page"))
	assert.Equal(t, "1 page", batch.Counted(1, "page"))
	assert.Equal(t, "2 pages", batch.Counted(2, "page"))
	assert.Equal(t, "1 entity", batch.Counted(1, "entity", "entities"))
	assert.Equal(t, "11 entities", batch.Counted(11, "entity", "entities"))
}
