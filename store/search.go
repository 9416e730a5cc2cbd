package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
)

// SearchRequest selects passages, which are chunks of documents: those that have what
// Query asks for, in documents of a project, or of a batch (see DocumentFilter). Other
// zero fields select all.
type SearchRequest struct {
	Project      string // needed, unless Batch is given
	Batch        string
	Query        *search.Query
	Type         document.EntityType // only passages that mention an entity of this type
	Entities     []string            // only passages that mention one of these, by ID
	Format       document.Format
	Since, Until time.Time // only documents read at or after Since, and before Until
	After        string    // only what follows the page whose Next this is
	Limit        int       // passages at most; 0 is DefaultPassages
}

// DefaultPassages is how many passages a search lists unless told.
const DefaultPassages = 20

// Passage is a chunk that was found. Ranges are in characters of the document's text.
type Passage struct {
	Rank     int     // among all that were found, from 1, the best first
	Score    float64 // the higher the better; not comparable between queries, nor between databases
	Document string
	Name     string
	Format   document.Format
	Chunk    int // ordinal
	document.Span
	Page int             // that the first hit is on, from 1
	Text string          // the chunk's
	Hits []document.Span // in bytes of Text
}

// Found is a page of what a search found.
type Found struct {
	Passages []Passage
	Next     string // for SearchRequest.After; "" if nothing follows
}

// Search lists the passages that have what is asked for, the best first. A passage
// whose hits all lie where it overlaps with the one before it is left out if that one
// is found too. An After that no search gave is refused.
func (s *Store) Search(ctx context.Context, req SearchRequest) (Found, error) {
	const what = "search"
	if req.Query == nil {
		return Found{}, s.failed(ctx, what, invalid("a query is needed"))
	}
	if req.Limit <= 0 {
		req.Limit = DefaultPassages
	}
	from, err := readPlace(req.After)
	if err != nil {
		return Found{}, s.failed(ctx, what, err)
	}
	numbers, err := s.numbers(ctx, req.Project, req.Batch)
	if err != nil {
		return Found{}, s.failed(ctx, what, err)
	}
	var found Found
	err = s.view(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		found = Found{}
		for {
			rows, err := selectPassagesOf(ctx, tx, req, numbers, from)
			if err != nil {
				return err
			}
			for _, r := range rows {
				p, ok := r.passage(req.Query)
				if !ok {
					continue
				}
				if len(found.Passages) == req.Limit {
					found.Next = from.String()
					return nil
				}
				p.Rank = from.Rank + 1
				found.Passages = append(found.Passages, p)
				from = place{r.Score, r.N, r.Ordinal, p.Rank}
			}
			if len(rows) <= req.Limit {
				return nil
			}
			last := rows[len(rows)-1]
			from.Score, from.Document, from.Chunk = last.Score, last.N, last.Ordinal
		}
	})
	return found, err
}

// place is where in the order of what was found a page ends.
type place struct {
	Score    int64 `json:"s"`
	Document int64 `json:"d"` // number
	Chunk    int   `json:"c"`
	Rank     int   `json:"r"` // 0 before the first
}

func (p place) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // of four numbers: cannot be
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// CheckAfter says what is wrong with a SearchRequest's After that no search gave.
func CheckAfter(after string) error {
	_, err := readPlace(after)
	return err
}

func readPlace(s string) (p place, err error) {
	if s == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil || p.Rank < 1 {
		return p, invalid("no search gave what to go on after: take it from the page before as it is")
	}
	return p, nil
}

// passageRow is a chunk with its text, and that of the chunk before it where that
// passes the same filters.
type passageRow struct {
	N                int64
	ID, Name, Format string
	Ordinal, Page    int
	CharStart        int
	CharEnd          int
	Score            int64 // in units of 10^-12, which compare exactly
	BeforeStart      *int
	BeforeEnd        *int
	Body             string // from BeforeStart, or else CharStart, to CharEnd
}

// passage is what is shown of r. It is not ok if all of it is shown by the chunk
// before.
func (r *passageRow) passage(q *search.Query) (p Passage, ok bool) {
	p = Passage{
		Score: float64(r.Score) / scoreUnit, Document: r.ID, Name: r.Name, Format: document.Format(r.Format), Chunk: r.Ordinal,
		Span: document.Span{Start: r.CharStart, End: r.CharEnd}, Text: r.Body, Page: r.Page,
	}
	var offsets *document.Offsets
	if r.BeforeStart != nil {
		offsets = document.NewOffsets(r.Body)
		p.Text = r.Body[offsets.At(r.CharStart-*r.BeforeStart):]
	}
	p.Hits, _ = q.Find(p.Text)
	if len(p.Hits) == 0 {
		return p, true
	}
	p.Page += strings.Count(p.Text[:p.Hits[0].Start], document.PageBreak)
	if r.BeforeStart == nil {
		return p, true
	}
	shared := offsets.At(*r.BeforeEnd-*r.BeforeStart) - (len(r.Body) - len(p.Text)) // bytes of p.Text
	if p.Hits[len(p.Hits)-1].End > shared {
		return p, true
	}
	_, shown := q.Find(offsets.Slice(document.Span{End: *r.BeforeEnd - *r.BeforeStart}))
	return p, !shown
}

// scoreUnit is what a score in the order of what was found is divided by.
const scoreUnit = 1e12

// selectPassagesOf selects one passage more than are wanted, after from.
func selectPassagesOf(ctx context.Context, tx bun.Tx, req SearchRequest, numbers *bun.SelectQuery, from place) (rows []passageRow, err error) {
	matches := tx.NewRaw(`SELECT rowid >> ?0 AS document, rowid & ?1 AS ordinal, max(1, CAST(-bm25(passages) * 1000000000000 AS INTEGER)) AS score
		FROM passages WHERE passages MATCH ?2`, passageBits, 1<<passageBits-1, matchExpr(req.Query))
	if concurrent(tx) {
		matches = tx.NewRaw(`SELECT w.document, w.ordinal, greatest(1, CAST(CAST(ts_rank_cd(w.words, CAST(?0 AS TSQUERY), 1) AS DOUBLE PRECISION) * 1000000000000 AS BIGINT)) AS score
			FROM chunks AS w WHERE w.words @@ CAST(?1 AS TSQUERY)`, tsquery(req.Query.Wanted()), tsquery(req.Query))
	}
	// The order of joins that CROSS JOIN gives SQLite is from what was found.
	found := tx.NewSelect().With("found", matches).TableExpr("found AS f").
		ColumnExpr("d.n, d.id, d.name, d.format, c.ordinal, c.page, c.char_start, c.char_end, f.score, b.char_start AS before_start, b.char_end AS before_end").
		Join("CROSS JOIN documents AS d").Join("CROSS JOIN chunks AS c").
		Join("LEFT JOIN chunks AS b").JoinOn("b.document = c.document").JoinOn("b.ordinal = c.ordinal - 1")
	for _, m := range mentioned(tx, req, "b") {
		found.JoinOn("EXISTS (?)", m)
	}
	found.Where("d.n = f.document").Where("c.document = f.document").Where("c.ordinal = f.ordinal").
		OrderExpr("f.score DESC, d.n, c.ordinal").Limit(int64(req.Limit) + 1)
	for _, m := range mentioned(tx, req, "c") {
		found.Where("EXISTS (?)", m)
	}
	if req.Batch == "" {
		found.Where("d.project = ?", req.Project)
	} else {
		found.Where("d.n IN (?)", numbers)
	}
	if req.Format != "" {
		found.Where("d.format = ?", string(req.Format))
	}
	if !req.Since.IsZero() {
		found.Where("d.created_at >= ?", toMicros(req.Since))
	}
	if !req.Until.IsZero() {
		found.Where("d.created_at < ?", toMicros(req.Until))
	}
	if from.Rank > 0 || from.Document > 0 {
		found.Where("(f.score < ?0 OR f.score = ?0 AND (d.n, c.ordinal) > (?1, ?2))", from.Score, from.Document, from.Chunk)
	}
	err = tx.NewRaw(`SELECT x.*, substr(t.body, coalesce(x.before_start, x.char_start) + 1, x.char_end - coalesce(x.before_start, x.char_start)) AS body
		FROM (?) AS x JOIN texts AS t ON t.document = x.n ORDER BY x.score DESC, x.n, x.ordinal`, found).Scan(ctx, &rows)
	return rows, err
}

// mentioned are what chunk must mention: each selects where it does.
func mentioned(tx bun.Tx, req SearchRequest, chunk string) []*bun.SelectQuery {
	mention := func() *bun.SelectQuery {
		return tx.NewSelect().TableExpr("mentions AS m").ColumnExpr("1").Where("m.document = ?.document", bun.Ident(chunk)).
			Where("m.char_start < ?.char_end", bun.Ident(chunk)).Where("m.char_end > ?.char_start", bun.Ident(chunk))
	}
	var all []*bun.SelectQuery
	if req.Type != "" {
		all = append(all, mention().Where("m.type = ?", string(req.Type)))
	}
	if len(req.Entities) > 0 {
		all = append(all, mention().Join("JOIN entities AS e ON e.n = m.entity").Where("e.id IN (?)", bun.List(req.Entities)))
	}
	return all
}

// matchExpr is a query in the language of SQLite's FTS5. Words are letters and
// digits, so that none needs more than quotes.
func matchExpr(q *search.Query) string {
	return expression(q, " AND ", " OR ", " NOT ", func(t search.Term) string {
		s := `"` + strings.Join(t.Words, " ") + `"`
		if t.Prefix {
			s += " *"
		}
		return s
	})
}

// tsquery is a query in the language of PostgreSQL's tsquery.
func tsquery(q *search.Query) string {
	return expression(q, " & ", " | ", " & ! ", func(t search.Term) string {
		s := "('" + strings.Join(t.Words, "' <-> '") + "'"
		if t.Prefix {
			s += ":*"
		}
		return s + ")"
	})
}

// expression is all that must be there, then all that must not.
func expression(q *search.Query, and, or, not string, term func(search.Term) string) string {
	var must, mustNot []string
	for _, c := range q.Clauses {
		oneOf := make([]string, len(c.Any))
		for i, t := range c.Any {
			oneOf[i] = term(t)
		}
		if s := "(" + strings.Join(oneOf, or) + ")"; c.Not {
			mustNot = append(mustNot, s)
		} else {
			must = append(must, s)
		}
	}
	s := "(" + strings.Join(must, and) + ")"
	if len(mustNot) > 0 {
		s += not + "(" + strings.Join(mustNot, or) + ")"
	}
	return s
}

// EntitiesNamed are the IDs of the project's entities that are called so: by ID,
// name, or one of keys, their own or as an alias, and those that such are part of.
func (s *Store) EntitiesNamed(ctx context.Context, project, name string, keys []EntityKey) ([]string, error) {
	const what = "find entities"
	var ids []string
	err := s.view(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		ids = nil
		var own []entityModel
		if err := tx.NewSelect().Model(&own).Where("project = ?", project).Where("(id = ?0 OR name = ?0)", name).Scan(ctx); err != nil {
			return err
		}
		byKey, err := selectEntities(ctx, tx, project, keys)
		if err != nil {
			return err
		}
		byAlias, err := selectByAlias(ctx, tx, project, keys)
		if err != nil {
			return err
		}
		for _, a := range byAlias {
			own = append(own, a.entityModel)
		}
		own = append(own, byKey...)
		for _, e := range own {
			ids = append(ids, e.ID)
		}
		return addRoots(ctx, tx, project, own, &ids)
	})
	slices.Sort(ids)
	return slices.Compact(ids), err
}
