package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestWithoutLineNumbersBlanksAPagesNumbers(t *testing.T) {
	t.Parallel()
	var numbered, bare strings.Builder
	for n := range 25 {
		fmt.Fprintf(&numbered, "%2d   Q.  Did you see 12 of them on June\n", n+1)
		bare.WriteString("     Q.  Did you see 12 of them on June\n")
	}
	assert.Equal(t, bare.String(), document.WithoutLineNumbers(numbered.String()))
}

func TestWithoutLineNumbersLeavesLists(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"",
		"1  one\n2  two\n3  three\n", // too short
		"1. one\n2. two\n3. three\n4. four\n5. five\n6. six\n7. seven\n8. eight\n9. nine\n", // a list
		"3  a\n5  b\n9  c\n2  d\n4  e\n6  f\n8  g\n1  h\n7  i\n",                            // a table
		"1 of 9\n2 of 9\n3 of 9\n4 of 9\n5 of 9\n6 of 9\n7 of 9\n8 of 9\n9 of 9\n",
	} {
		assert.Equal(t, text, document.WithoutLineNumbers(text))
	}
}
