package batch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestParseErrorPattern(t *testing.T) {
	t.Parallel()
	p, err := batch.ParseErrorPattern("rate_limit: Slow: down|wait")
	require.NoError(t, err)
	assert.Equal(t, batch.RateLimit, p.Category)
	assert.True(t, p.Pattern.MatchString("please SLOW: DOWN"))
	assert.True(t, p.Pattern.MatchString("Wait"))
	assert.Equal(t, "RATE_LIMIT: Slow: down|wait", p.String())
	for text, want := range map[string]string{
		"slow down":     "want CATEGORY: regexp",
		"DATA:":         "want CATEGORY: regexp",
		"SLOW: down":    `category "SLOW": want one of`,
		"DATA: (":       "missing closing ): `(`: see https://github.com/google/re2",
		"DATA: )|(":     "unexpected ): `)|(`",
		"DATA: .*":      "matches any text",
		"DATA: a|":      "matches any text",
		"DATA: (?=a)":   "invalid or unsupported Perl syntax",
		"DATA: damaged": "",
	} {
		_, err := batch.ParseErrorPattern(text)
		if want == "" {
			require.NoError(t, err, text)
			continue
		}
		assert.ErrorContains(t, err, want, text)
	}
}

func TestParseErrorOverrides(t *testing.T) {
	t.Parallel()
	o, err := batch.ParseErrorOverrides([]string{"NoText=PERMANENT", " NotFound = transient"})
	require.NoError(t, err)
	assert.Equal(t, batch.ErrorOverrides{"NoText": batch.Permanent, "NotFound": batch.Transient}, o)
	o, err = batch.ParseErrorOverrides(nil)
	require.NoError(t, err)
	assert.Nil(t, o)
	for text, want := range map[string]string{
		"NoText":         "want ErrorType=CATEGORY",
		"=DATA":          "want ErrorType=CATEGORY",
		"NoTxt=DATA":     `there is no error type "NoTxt"`,
		"NoText=BAD":     `category "BAD": want one of`,
		"NoText: DATA":   "want ErrorType=CATEGORY",
		"notext=DATA":    "there is no error type",
		"NotFound=":      `category "": want one of`,
		"NotFound= none": `category " none"`,
	} {
		_, err := batch.ParseErrorOverrides([]string{text})
		assert.ErrorContains(t, err, want, text)
	}
	_, err = batch.ParseErrorOverrides([]string{"NoText=DATA", "NoText=TRANSIENT"})
	assert.ErrorContains(t, err, "NoText is given twice")
}
