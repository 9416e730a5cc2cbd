package pdf

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/klippa-app/go-pdfium/requests"

	"github.com/caseload/caseload/document/extract"
)

// maxMetadata is how many characters are kept of one metadata value.
const maxMetadata = 1000

// metadataKeys names the entries of a PDF's document information dictionary
// (ISO 32000-1, table 317) as document.Content does.
var metadataKeys = []struct{ tag, key string }{
	{"Title", "title"}, {"Author", "author"}, {"Subject", "subject"}, {"Keywords", "keywords"},
	{"Creator", "creator"}, {"Producer", "producer"}, {"CreationDate", "created"}, {"ModDate", "modified"},
}

func (s *session) metadata() (map[string]string, error) {
	m := map[string]string{"page-count": strconv.Itoa(s.pages)}
	for _, k := range metadataKeys {
		got, err := s.pdfium.GetMetaData(&requests.GetMetaData{Document: s.doc, Tags: &[]string{k.tag}})
		if trapped(err) {
			return nil, err
		}
		if err != nil {
			continue // the file says nothing of itself, not even by an empty dictionary
		}
		for _, tag := range got.Tags {
			value := tidy(tag.Value)
			if strings.HasSuffix(k.tag, "Date") {
				value = rfc3339(value)
			}
			if value != "" {
				m[k.key] = value
			}
		}
	}
	return m, nil
}

// tidy is s on one line and not overly long.
func tidy(s string) string {
	s = strings.Join(strings.Fields(extract.Normalize(s)), " ")
	if r := []rune(s); len(r) > maxMetadata {
		s = string(r[:maxMetadata])
	}
	return s
}

// pdfDate is a date as ISO 32000-1, 7.9.4 writes it: everything after the year
// may be missing, "D:" too.
var pdfDate = regexp.MustCompile(
	`^(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z|[+-])(?:(\d\d)'?(?:(\d\d)'?)?)?)?`)

// rfc3339 converts a PDF's date, "" if it is none. A date without a time zone is
// taken as UTC.
func rfc3339(s string) string {
	m := pdfDate.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	number := func(i, missing int) int {
		if n, err := strconv.Atoi(m[i]); err == nil {
			return n
		}
		return missing
	}
	zone := time.UTC
	if offset := number(8, 0)*3600 + number(9, 0)*60; offset != 0 && offset < 24*3600 && m[7] != "Z" {
		if m[7] == "-" {
			offset = -offset
		}
		zone = time.FixedZone("", offset)
	}
	year, month, day := number(1, 0), number(2, 1), number(3, 1)
	t := time.Date(year, time.Month(month), day, number(4, 0), number(5, 0), number(6, 0), 0, zone)
	if year == 0 || t.Year() != year || int(t.Month()) != month || t.Day() != day {
		return ""
	}
	return t.Format(time.RFC3339)
}

// pageLabels are what the file calls its pages, such as "i, ii, 1, 2"
// (ISO 32000-1, 12.4.2), in their order; "" if by their numbers, or if it does
// not say.
func (s *session) pageLabels() (string, error) {
	var b strings.Builder
	named := false
	for i := range s.pages {
		got, err := s.pdfium.FPDF_GetPageLabel(&requests.FPDF_GetPageLabel{Document: s.doc, Page: i})
		if trapped(err) {
			return "", err
		}
		if err != nil || got.Label == "" && i == 0 { // where there are labels, the first page has one
			break
		}
		label := tidy(got.Label)
		named = named || label != strconv.Itoa(i+1)
		if b.Len()+len(label) > maxMetadata {
			b.WriteString(", …")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(label)
	}
	if !named {
		return "", nil
	}
	return b.String(), nil
}
