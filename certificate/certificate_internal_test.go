package certificate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func header(names bool) Header {
	return Header{
		Batch: "b1", Project: "acme", Status: "completed_with_failures", Rows: 3, Pipeline: "1", Names: names,
		CreatedAt: Time(time.Date(2026, 3, 4, 5, 6, 7, 890123999, time.UTC)),
		StartedAt: Time(time.Date(2026, 3, 4, 7, 6, 8, 0, time.FixedZone("", 2*60*60))), FinishedAt: Time(time.Time{}),
	}
}

func rows(names bool) []Row {
	list := []Row{
		{Row: 1, SHA256: strings.Repeat("ab", 32), Outcome: "completed", Attempts: 2, FinishedAt: "2026-03-04T05:06:09.000000Z", Pipeline: "1"},
		{Row: 2, Outcome: "failed", Category: "DATA", Fingerprint: "0123456789ab", Attempts: 1, FinishedAt: "2026-03-04T05:06:10.000001Z", Pipeline: "1"},
		{Row: 4, SHA256: strings.Repeat("cd", 32), Outcome: "skipped", Reason: "unchanged", Attempts: 1, FinishedAt: "2026-03-04T05:06:11.000000Z", Pipeline: "2"},
	}
	if names {
		for i := range list {
			name, uri := fmt.Sprintf("Müller & <%d>\u2028\x01\"\\\t\x7f.pdf", i), "s3://b/k"
			list[i].Name, list[i].URI = &name, &uri
		}
	}
	return list
}

func write(t *testing.T, h Header, list []Row) (file []byte, sum string) {
	t.Helper()
	var buf bytes.Buffer
	w, err := NewWriter(&buf, h)
	require.NoError(t, err)
	for _, r := range list {
		require.NoError(t, w.Row(r))
	}
	totals, sum, err := w.Close()
	require.NoError(t, err)
	require.Equal(t, len(list), totals.Rows)
	return buf.Bytes(), sum
}

// check reads a whole certificate.
func check(file []byte) (Header, Check, error) {
	r, err := NewReader(bytes.NewReader(file))
	if err != nil {
		return Header{}, Check{}, err
	}
	c, err := r.Close()
	return r.Header, c, err
}

// The form may not change without a new Version: certificates are kept for years.
func TestTheFormIsTheDocumentedOne(t *testing.T) {
	file, sum := write(t, header(false), rows(false))
	before := `{"certificate":1,"batch":"b1","project":"acme","status":"completed_with_failures","rows":3,"pipeline":"1","created_at":"2026-03-04T05:06:07.890123Z","started_at":"2026-03-04T05:06:08.000000Z","finished_at":"","names":false}
{"row":1,"sha256":"abababababababababababababababababababababababababababababababab","outcome":"completed","reason":"","category":"","fingerprint":"","attempts":2,"finished_at":"2026-03-04T05:06:09.000000Z","pipeline":"1"}
{"row":2,"sha256":"","outcome":"failed","reason":"","category":"DATA","fingerprint":"0123456789ab","attempts":1,"finished_at":"2026-03-04T05:06:10.000001Z","pipeline":"1"}
{"row":4,"sha256":"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd","outcome":"skipped","reason":"unchanged","category":"","fingerprint":"","attempts":1,"finished_at":"2026-03-04T05:06:11.000000Z","pipeline":"2"}
{"totals":{"completed":1,"skipped":1,"failed":1,"cancelled":0,"rows":3}}
`
	const golden = "3d9d6110c1f9970fcc3a6c3502c9e2d60a704ac2333b532fdad29d5b7be78f07" // as sha256sum has it
	assert.Equal(t, golden, sum)
	assert.Equal(t, before+`{"sha256":"`+golden+`"}`+"\n", string(file))

	file, _ = write(t, header(true), rows(true))
	assert.Contains(t, string(file), `"names":true}`)
	assert.Contains(t, string(file), `,"pipeline":"2","name":"Müller & <2>\u2028\u0001\"\\\t`+"\x7f"+`.pdf","uri":"s3://b/k"}`)
}

func TestACertificateAgreesWithItself(t *testing.T) {
	for _, names := range []bool{false, true} {
		file, sum := write(t, header(names), rows(names))
		h, c, err := check(file)
		require.NoError(t, err)
		want := header(names)
		want.Version = Version
		assert.Equal(t, want, h)
		assert.True(t, c.HashAgrees())
		assert.True(t, c.TotalsAgree(h))
		assert.Equal(t, sum, c.Hash)
		assert.Equal(t, Totals{Completed: 1, Skipped: 1, Failed: 1, Rows: 3}, c.Totals)

		r, err := NewReader(bytes.NewReader(file))
		require.NoError(t, err)
		for _, want := range rows(names) {
			got, more, err := r.Next()
			require.NoError(t, err)
			assert.True(t, more)
			assert.Equal(t, want, got)
		}
		_, more, err := r.Next()
		assert.NoError(t, err)
		assert.False(t, more)
	}
}

// changed is v, a pointer to a struct, with each field changed in turn.
func changed(v any, each func(field string)) {
	s := reflect.ValueOf(v).Elem()
	for i := range s.NumField() {
		f, old := s.Field(i), reflect.ValueOf(s.Field(i).Interface())
		switch f.Kind() {
		case reflect.String:
			f.SetString("x" + f.String())
		case reflect.Int:
			f.SetInt(f.Int() + 1)
		case reflect.Bool:
			f.SetBool(!f.Bool())
		case reflect.Pointer:
			other := "x" + f.Elem().String()
			f.Set(reflect.ValueOf(&other))
		case reflect.Struct:
			continue
		}
		each(s.Type().Field(i).Name)
		f.Set(old)
	}
}

func TestAChangedFieldIsDetected(t *testing.T) {
	file, _ := write(t, header(true), rows(true))
	lines := bytes.SplitAfter(file, []byte("\n"))
	detected := func(at int, with []byte, what string) {
		t.Helper()
		require.NotEqual(t, lines[at], with, what)
		other := bytes.Join(append(append(append([][]byte{}, lines[:at]...), with), lines[at+1:]...), nil)
		_, c, err := check(other)
		assert.True(t, err != nil || !c.HashAgrees(), what)
	}
	replace := func(at int, v any, what string) {
		t.Helper()
		b, err := encode(v)
		require.NoError(t, err)
		detected(at, b, what)
	}
	h := header(true)
	h.Version = Version
	n := 0
	changed(&h, func(field string) { n++; replace(0, h, field) })
	for i, r := range rows(true) {
		changed(&r, func(field string) { n++; replace(i+1, r, fmt.Sprintf("%s of row %d", field, r.Row)) })
	}
	totals := totalsLine{Totals{Completed: 1, Skipped: 1, Failed: 1, Rows: 3}}
	changed(&totals.Totals, func(field string) { n++; replace(4, totals, field) })
	seal := sealLine{strings.Repeat("0", 64)}
	replace(5, seal, "the hash")
	assert.Equal(t, 10+3*11+5, n, "every field of every line")

	detected(2, nil, "a row that is left out")
	detected(2, append(bytes.Clone(lines[2]), lines[2]...), "a row that is there twice")
	detected(1, append(bytes.Clone(lines[2]), lines[1]...), "rows in another order")
}

func TestWhatIsNotCanonicalIsRefused(t *testing.T) {
	file, _ := write(t, header(false), rows(false))
	text := string(file)
	swap := func(old, with string) string {
		require.Contains(t, text, old)
		return strings.Replace(text, old, with, 1)
	}
	for want, other := range map[string]string{
		"line 2: not in the form of a certificate: keys, order": swap(`"outcome":"completed","reason":""`, `"reason":"","outcome":"completed"`),
		"line 3: not in the form of a certificate: keys":        swap(`"reason":"","category":"DATA"`, `"reason":"", "category":"DATA"`),
		"line 4: not in the form of a certificate: keys":        swap(`"row":4`, `"row":3,"row":4`),
		"line 1: not in the form of a certificate: keys":        swap(`"batch"`, `"extra":1,"batch"`),
		"line 1: not in the form of a certificate: version 2":   swap(`"certificate":1`, `"certificate":2`),
		"line 1: not in the form of a certificate: no such":     "PK\x03\x04",
		"line 1: not in the form of a certificate: the file":    "",
		"line 6: not in the form of a certificate: the file":    text[:strings.LastIndex(text, `{"sha256"`)],
		"line 6: not in the form of a certificate: keys":        strings.TrimSuffix(text, "\n"),
		"line 7: not in the form of a certificate: something":   text + "{}\n",
		"line 2: not in the form of a certificate: no such":     swap(`"row":1`, `"row":"1"`),
		"line 2: not in the form of a certificate: \"lost\" is": swap(`"outcome":"completed"`, `"outcome":"lost"`),
		"line 3: not in the form of a certificate: row 1":       swap(`"row":2`, `"row":1`),
		"line 2: not in the form of a certificate: longer":      swap(`"reason":""`, `"reason":"`+strings.Repeat("x", maxLine)+`"`),
		"line 2: not in the form of a certificate: the header":  swap(`"pipeline":"1"}`+"\n"+`{"row":2`, `"pipeline":"1","name":"a","uri":"b"}`+"\n"+`{"row":2`),
	} {
		_, _, err := check([]byte(other))
		require.ErrorIs(t, err, ErrForm, want)
		assert.ErrorContains(t, err, want)
	}
}

// Whoever changes a row can take the hash anew, but the rows must still add up.
func TestRowsMustAddUpWhateverTheHash(t *testing.T) {
	file, _ := write(t, header(false), rows(false))
	text := string(file)
	text = text[:strings.LastIndex(text, `{"sha256"`)]
	for _, change := range [][2]string{
		{`"outcome":"failed"`, `"outcome":"completed"`},
		{`"rows":3,"pipeline"`, `"rows":4,"pipeline"`},
		{`"failed":1,"cancelled":0`, `"failed":0,"cancelled":1`},
	} {
		require.Contains(t, text, change[0])
		other := strings.Replace(text, change[0], change[1], 1)
		sum := sha256.Sum256([]byte(other))
		h, c, err := check([]byte(other + `{"sha256":"` + hex.EncodeToString(sum[:]) + `"}` + "\n"))
		require.NoError(t, err)
		assert.True(t, c.HashAgrees())
		assert.False(t, c.TotalsAgree(h), change[1])
	}
}

func TestAWriterRefusesWhatDoesNotReconcile(t *testing.T) {
	begin := func() *Writer {
		w, err := NewWriter(&bytes.Buffer{}, header(false))
		require.NoError(t, err)
		return w
	}
	w := begin()
	require.NoError(t, w.Row(rows(false)[0]))
	_, _, err := w.Close()
	require.EqualError(t, err, "1 rows have an outcome, the manifest has 3")
	require.EqualError(t, w.Row(rows(false)[0]), "row 1 comes after row 1")
	pending := rows(false)[1]
	pending.Outcome = ""
	require.EqualError(t, w.Row(pending), `row 2: "" is no outcome`)
	require.EqualError(t, begin().Row(rows(true)[0]), "row 1: name and URI go with a header that says so")
}

func TestKeysThatDifferAreNamed(t *testing.T) {
	for i, r := range rows(true) {
		other := rows(true)[i]
		assert.Empty(t, r.Differs(other))
		var fields []string
		changed(&other, func(string) { fields = append(fields, r.Differs(other)...) })
		assert.Equal(t, []string{
			"row", "sha256", "outcome", "reason", "category", "fingerprint", "attempts", "finished_at", "pipeline", "name", "uri",
		}, fields)
	}
	h, other := header(false), header(true)
	other.Batch = "b2"
	assert.Equal(t, []string{"batch", "names"}, h.Differs(other))
}
