package extract

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"github.com/caseload/caseload/document"
)

// csvReader reads tables in text: comma-, semicolon-, tab- or bar-separated
// values (RFC 4180), in any common encoding.
type csvReader struct{ limits Limits }

// Read writes a record a line, fields separated by tabs. A file whose quotes do
// not match is read as text, with a "malformed-csv" warning.
func (r csvReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	raw, more, err := readCapped(ctx, in.Path, r.limits.MaxTextBytes)
	if err != nil {
		return nil, err
	}
	text, cs, lost := decodeText(raw, "")
	if !textual(text, lost) {
		return nil, errUnsupported(mediaTypeOf(raw))
	}
	f := newFlow(r.limits)
	err = writeCSV(ctx, f, text, more)
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, fileError(err)
	case err != nil:
		return r.asText(ctx, in)
	}
	if more && !f.full() {
		f.cut = cutBytes
	}
	pages, warnings, err := f.finish()
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Warnings: append(warnings, undecodable(lost)...), Metadata: metadata{}}
	if cs != csUTF8 {
		c.Metadata["charset"] = cs.name
	}
	return c, nil
}

func (r csvReader) asText(ctx context.Context, in Input) (*document.Content, error) {
	c, err := textReader(r).Read(ctx, in)
	if err != nil {
		return nil, err
	}
	c.Format, c.MediaType = document.FormatText, "text/plain"
	c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnMalformedCSV, Message: "the file is no well-formed CSV and is read as text"})
	return c, nil
}

// writeCSV writes the records of text; more says that it was cut off.
func writeCSV(ctx context.Context, f *flow, text string, more bool) error {
	text, comma := csvDelimiter(text)
	if comma == 0 {
		comma = ','
	}
	records := csvRecords(text, comma)
	for n := 0; !f.full(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		record, err := records.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			if more && records.InputOffset() >= int64(len(text)) { // a field that was cut off
				return nil
			}
			return err
		}
		for i, field := range record {
			record[i] = oneLine(field)
		}
		f.newLine()
		f.text(strings.TrimRight(strings.Join(record, "\t"), "\t"))
	}
	return nil
}

func csvRecords(text string, comma rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	return r
}

// csvDelimiters are what fields may be separated by.
var csvDelimiters = []rune{',', '\t', ';', '|'}

// csvDelimiter tells what separates the fields of text, 0 if nothing does, and
// takes off the line by which spreadsheets say so.
func csvDelimiter(text string) (string, rune) {
	line, rest, _ := strings.Cut(text, "\n")
	if name := strings.TrimRight(line, "\r"); len(name) == len("sep=;") && strings.HasPrefix(name, "sep=") {
		return rest, rune(name[4])
	}
	best, bestColumns, bestShare := rune(0), 1, 0.0
	for _, d := range csvDelimiters {
		columns, share, _ := csvShape(text, d)
		if columns > 1 && (share > bestShare || share == bestShare && columns > bestColumns) {
			best, bestColumns, bestShare = d, columns, share
		}
	}
	return text, best
}

// csvSample is how many records, at most, a table is judged by.
const csvSample = 200

// csvShape is how many fields most records of text have, the share of those
// records, and how many records there are; all 0 if its quotes do not match.
func csvShape(text string, comma rune) (columns int, share float64, records int) {
	r := csvRecords(text, comma)
	counts := map[int]int{}
	for records < csvSample {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, 0, 0
		}
		records++
		counts[len(record)]++
	}
	for n, count := range counts {
		if count > counts[columns] || count == counts[columns] && n > columns {
			columns = n
		}
	}
	if records == 0 {
		return 0, 0, 0
	}
	return columns, float64(counts[columns]) / float64(records), records
}

// isCSV says whether text, the beginning of a file of that name if cut, is a
// table. One that its name does not call so must be one beyond doubt: prose has
// commas too.
func isCSV(text, name string, cut bool) bool {
	if cut {
		text = text[:max(strings.LastIndexByte(text, '\n'), 0)]
	}
	named := ClaimedFormat(name) == string(document.FormatCSV)
	rest, comma := csvDelimiter(text)
	if comma == 0 {
		return named && isMalformedCSV(rest)
	}
	if named {
		return true
	}
	columns, share, records := csvShape(rest, comma)
	least := 3
	if comma == ',' {
		least = 5
	}
	return records >= 5 && columns >= least && share == 1
}

// isMalformedCSV says whether text, which has no shape by any delimiter, is without
// one because its quotes do not match: whoever reads it warns of that.
func isMalformedCSV(text string) bool {
	for _, d := range csvDelimiters {
		if _, _, records := csvShape(text, d); records == 0 && strings.ContainsRune(text, d) {
			return true
		}
	}
	return false
}

// csvMediaType is the media type of a table of that name.
func csvMediaType(name string) string {
	if n := strings.ToLower(name); strings.HasSuffix(n, ".tsv") || strings.HasSuffix(n, ".tab") {
		return "text/tab-separated-values"
	}
	return "text/csv"
}
