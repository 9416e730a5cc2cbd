package pdf

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document/extract/pdf/layout"
)

func TestRFC3339(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"D:20220930232821Z00'00'": "2022-09-30T23:28:21Z",
		"D:20130611171651-04'00'": "2013-06-11T17:16:51-04:00",
		"D:20130611171651+05'30":  "2013-06-11T17:16:51+05:30",
		"20130611":                "2013-06-11T00:00:00Z",
		"D:2013":                  "2013-01-01T00:00:00Z",
		"D:20131311":              "",
		"D:20130230":              "",
		"June 11, 2013":           "",
		"":                        "",
	} {
		assert.Equal(t, want, rfc3339(in), in)
	}
}

func FuzzRFC3339(f *testing.F) {
	f.Add("D:20130611171651-04'00'")
	f.Add("D:20130611171651+99'99")
	f.Fuzz(func(t *testing.T, s string) {
		if got := rfc3339(s); got != "" {
			_, err := time.Parse(time.RFC3339, got)
			require.NoError(t, err)
		}
	})
}

func TestStamp(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"Case 4:08-cv-02214-SBA Document 26 Filed 01/29/2009 Page 1 of 2":        true,
		"Case: 21-1298 Document: 42 Page: 1 Date Filed: 08/31/2022":              true,
		"Appeal: 17-2218 Doc: 17 Filed: 10/31/2017 Pg: 1 of 1":                   true,
		"USCA Case #11-1146 Document #1332929 Filed: 09/30/2011 Page 1 of 2":     true,
		"Case: 20-16276, 08/05/2020, ID: 11778722, DktEntry: 19, Page 1 of 15":   true,
		"2:12-cv-10285-RHC-MJH Doc # 1 Filed 01/20/12 Pg 1 of 9 Pg ID 1":         true,
		"FILED: NEW YORK COUNTY CLERK 01/02/2020 10:11 AM INDEX NO. 650001/2020": true,
		"NYSCEF DOC. NO. 1 RECEIVED NYSCEF: 01/02/2020":                          true,
		"12":                          true,
		"- 12 -":                      true,
		"EXHIBIT A":                   false,
		"Case No. 17-3994":            false,
		"Filed: September 20, 2017":   false,
		"The case was filed in 2013.": false,
		strings.Repeat("Page 1 of Document 2, ", 20): false,
	} {
		assert.Equal(t, want, layout.Stamp(line), line)
	}
}

func TestSplitLines(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		in   string
		want []rawLine
	}{
		"lines":              {"one\r\n two\r\n", []rawLine{{"one\r", 0, 0, 2}, {" two\r", 5, 6, 8}}},
		"blank lines":        {" \r\n\r\none", []rawLine{{"one", 5, 5, 7}}},
		"marked hyphen":      {"Okla\uFFFEhoma", []rawLine{{"Okla\u00AD", 0, 0, 3}, {"homa", 5, 5, 8}}},
		"hyphen and break":   {"Okla\u0002\r\nhoma", []rawLine{{"Okla\u00AD", 0, 0, 3}, {"homa", 7, 7, 10}}},
		"beyond the BMP":     {"\U0001D400a\nb", []rawLine{{"\U0001D400a", 0, 0, 1}, {"b", 3, 3, 3}}},
		"nothing":            {"", nil},
		"nothing but breaks": {"\r\n \r\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, splitLines(tc.in))
		})
	}
}

func FuzzSplitLines(f *testing.F) {
	f.Add("Okla\uFFFEhoma\r\n law")
	f.Fuzz(func(t *testing.T, s string) {
		runes := []rune(s)
		for _, l := range splitLines(s) {
			require.True(t, l.start >= 0 && l.start <= l.first && l.first <= l.last && l.last < len(runes))
			first := runes[l.first]
			require.True(t, strings.ContainsRune(l.text, first) || first == utf8.RuneError)
		}
	})
}

func TestGarbled(t *testing.T) {
	t.Parallel()
	assert.False(t, garbled("The Court"))
	assert.False(t, garbled(""))
	assert.False(t, garbled("The Court \uFFFD"))
	assert.True(t, garbled("\uE012\uE013 \uE014 a"))
	assert.True(t, garbled("\uFFFD\uFFFD"))
}

func TestFitDPI(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		width, height float64
		dpi, pixels   int
		want          int
	}{
		{612, 792, 300, 40_000_000, 300},
		{14400, 14400, 300, 40_000_000, 31},
		{72 * 400, 1, 300, 40_000_000, 80},
		{1e9, 1e9, 300, 40_000_000, 0},
		{0, 0, 300, 40_000_000, 300},
	} {
		assert.Equal(t, tc.want, fitDPI(tc.width, tc.height, tc.dpi, tc.pixels))
	}
}

func TestMatrix(t *testing.T) {
	t.Parallel()
	shift, double := matrix{1, 0, 0, 1, 10, 20}, matrix{2, 0, 0, 2, 0, 0}
	quarter := matrix{0, 1, -1, 0, 0, 0}
	r := rect{1, 2, 3, 5}
	assert.Equal(t, rect{22, 44, 26, 50}, shift.then(double).bounds(r), "shifted, then doubled")
	assert.Equal(t, rect{12, 24, 16, 30}, double.then(shift).bounds(r), "doubled, then shifted")
	assert.Equal(t, rect{-5, 1, -2, 3}, quarter.bounds(r), "turned left")
	assert.Zero(t, r.intersect(rect{4, 4, 9, 9}).area())
	assert.InDelta(t, 2.0, r.intersect(rect{2, 3, 9, 9}).area(), 1e-9)
}
