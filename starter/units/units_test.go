package units_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/starter/units"
)

func TestRatesAreInAUnitThatSuitsThem(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		perSecond float64
		what      string
		want      string
	}{
		{0, "pages", "0"}, {-1, "", "0"},
		{131.25, "", "131/s"}, {2, "", "2.0/s"}, {31.25, "pages", "31.2 pages/s"}, {1, "", "1.0/s"},
		{0.99, "documents", "59.4 documents/min"}, {1. / 60, "", "1.0/min"},
		{14. / 86400, "", "0.6/h"}, {0.9 / 60, "documents", "54.0 documents/h"}, {1. / 86400, "", "0.042/h"},
	} {
		assert.Equal(t, test.want, units.Rate(test.perSecond, test.what), "%v", test.perSecond)
	}
}
