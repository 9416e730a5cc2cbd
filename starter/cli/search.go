package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
	"github.com/caseload/caseload/store"
)

const (
	// maxPassages is how many passages a search lists at most.
	maxPassages = 1000
	// snippetWidth is about how many bytes of a passage are shown.
	snippetWidth = 300
)

type searchOptions struct {
	query, project, batch, entityType, entity, format string
	since, until, after, output                       string
	limit                                             int
}

func (a *app) searchCmd() *cobra.Command {
	var o searchOptions
	cmd := &cobra.Command{
		Use:   "search QUERY",
		Short: "Search the text of a project's documents",
		Long: `Search the text of a project's documents, passage by passage (about 1,000 characters each), the best first.
Only the store is needed: no worker and no Temporal.

  breach duty          both words in the passage, in any order; AND may stand between them
  "breach of duty"     the words as a phrase
  neglig*              words that begin so, also as the last of a phrase
  -word, -"a phrase"   not in the passage; NOT does the same
  fraud OR deceit      one of them; binds more closely than AND
  410 U.S. 113         words are letters and digits: what punctuation joins is taken as a phrase

Case and accents make no difference, and words are taken as they are: "duty" does not find "duties", "dut*"
does. Put the query in single quotes, so that the shell leaves it as it is, and -- before one that begins with
"-", after all flags: it would be taken for a flag.

--type and --entity want the passage to mention an entity of that type, or the entity of that name (any that
the project knows it by) or ID. --since and --until are about when documents were read.`,
		Example: `  starter search '"breach of fiduciary duty" -dismissed' --project acme
  starter search 'neglig* damages' --project acme --type CASE_CITATION --entity 'Jane Roe'
  starter search --project acme -- '-dismissed "fiduciary duty"'
  starter search indemnity --batch acme-20261123-142501-9f3a --format eml --limit 100
  starter search '"statute of limitations" OR laches' -o json | jq -r '.passages[] | [.document, .page, .snippet] | @tsv'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("%d arguments given; put the whole query in single quotes: %s 'breach \"of duty\"'", len(args), cmd.CommandPath())
			}
			if len(args) == 0 {
				return usagef("no query is given; call it as: %s; %s", cmd.UseLine(), dashedQuery)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			o.query = args[0]
			return a.search(cmd.Context(), o)
		},
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var unknown *pflag.NotExistError
		var value *pflag.ValueRequiredError
		if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "" || errors.As(err, &value) && value.GetSpecifiedShortnames() != "" {
			// Not what pflag says: it quotes the query.
			return usagef("%s; `%s --help` shows the flags", dashedQuery, cmd.CommandPath())
		}
		return usagef("%w; `%s --help` shows the flags", flagError(err), cmd.CommandPath())
	})
	f := cmd.Flags()
	f.StringVar(&o.project, "project", "", "whose documents; needed if there are several projects, and no --batch")
	f.StringVar(&o.batch, "batch", "", "only this batch's documents, with their attachments")
	f.StringVar(&o.entityType, "type", "", "only passages that mention an entity of this type, such as CASE_CITATION")
	f.StringVar(&o.entity, "entity", "", "only passages that mention this entity, by name or ID")
	f.StringVar(&o.format, "format", "", "only documents in this format, such as pdf, docx or eml")
	f.StringVar(&o.since, "since", "", "only documents read since then: 90m, 24h, 7d ago, or a date or time")
	f.StringVar(&o.until, "until", "", "only documents read before then")
	f.IntVar(&o.limit, "limit", store.DefaultPassages, fmt.Sprintf("at most this many passages, up to %d", maxPassages))
	f.StringVar(&o.after, "after", "", "only what follows the page that ended so: its `next`")
	outputFlag(cmd, &o.output)
	return cmd
}

// dashedQuery is what to do with a query that is taken for a flag.
const dashedQuery = `a query that begins with "-" is taken for a flag: put -- before it, after all flags, such as: starter search --project NAME -- '-word "a phrase"'`

// request is what is asked of the store, without project and entities.
func (o searchOptions) request(now time.Time) (store.SearchRequest, error) {
	req := store.SearchRequest{
		Batch: o.batch, Type: document.EntityType(strings.ToUpper(o.entityType)), Format: document.Format(strings.ToLower(o.format)),
		After: o.after, Limit: o.limit,
	}
	var err error
	if req.Query, err = search.Parse(o.query); err != nil {
		return req, usagef("%w; `starter search --help` shows what it may be", err)
	}
	if req.Type != "" && !slices.Contains(document.EntityTypes(), req.Type) {
		return req, usagef("--type %s: want one of %s", o.entityType, joined(document.EntityTypes()))
	}
	if req.Format != "" && !slices.Contains(document.Formats(), req.Format) {
		return req, usagef("--format %s: want one of %s", o.format, joined(document.Formats()))
	}
	if o.limit < 1 || o.limit > maxPassages {
		return req, usagef("--limit %d: want 1 to %d", o.limit, maxPassages)
	}
	for _, t := range []struct {
		flag, value string
		into        *time.Time
	}{{"since", o.since, &req.Since}, {"until", o.until, &req.Until}} {
		if t.value == "" {
			continue
		}
		at, ok := readSince(t.value, now)
		if !ok {
			return req, usagef("--%s %q: want how long ago, such as 90m, 24h or 7d, or a time such as 2026-12-01 or 2026-12-01T17:00:00Z", t.flag, t.value)
		}
		*t.into = at
	}
	return req, store.CheckAfter(o.after)
}

func joined[T ~string](list []T) string {
	s := make([]string, len(list))
	for i, x := range list {
		s[i] = string(x)
	}
	return strings.Join(s, ", ")
}

// foundPassages is search's output.
type foundPassages struct {
	Project  string         `json:"project"`
	Passages []foundPassage `json:"passages"`
	Next     string         `json:"next,omitempty"` // for --after; absent if nothing follows
}

// foundPassage is a passage. Ranges are in characters of the document's text.
type foundPassage struct {
	Rank     int             `json:"rank"`  // among all that were found, from 1
	Score    float64         `json:"score"` // the higher the better, within one query
	Document string          `json:"document"`
	Name     string          `json:"name"`
	Format   document.Format `json:"format"`
	Page     int             `json:"page"` // of the first hit, from 1
	Chunk    int             `json:"chunk"`
	Start    int             `json:"start"`
	End      int             `json:"end"`
	Snippet  string          `json:"snippet"` // on one line, hits between ** and **
	Hits     []document.Span `json:"hits"`

	pieces []search.Piece
}

func (a *app) search(ctx context.Context, o searchOptions) error {
	req, err := o.request(time.Now())
	if err != nil {
		return usageError{err}
	}
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	if req.Project, err = a.searched(ctx, st, o); err != nil {
		return err
	}
	if o.entity != "" {
		if req.Entities, err = entitiesNamed(ctx, st, req.Project, o.entity); err != nil {
			return err
		}
	}
	found, err := st.Search(ctx, req)
	if err != nil {
		return err
	}
	out := foundPassages{Project: req.Project, Passages: make([]foundPassage, len(found.Passages)), Next: found.Next}
	for i, p := range found.Passages {
		out.Passages[i] = newFoundPassage(p)
	}
	if len(out.Passages) == 0 {
		fmt.Fprintf(a.err, "Nothing found in project %s.\n", req.Project)
	}
	if o.output == formatJSON {
		return a.json(out)
	}
	a.showPassages(out)
	return nil
}

// searched is the project to search: that given, the batch's, or the only one.
func (a *app) searched(ctx context.Context, st *store.Store, o searchOptions) (string, error) {
	if o.batch != "" {
		b, err := st.Batch(ctx, o.batch)
		if err != nil {
			return "", a.batchError(o.batch, err)
		}
		if o.project != "" && o.project != b.Project {
			return "", usagef("batch %s is of project %s, not %s", o.batch, b.Project, o.project)
		}
		return b.Project, nil
	}
	projects, err := st.Projects(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case o.project != "" && slices.ContainsFunc(projects, func(p store.Project) bool { return p.ID == o.project }):
		return o.project, nil
	case o.project != "":
		return "", fmt.Errorf("no project %q in this store: `starter projects` lists those there are", o.project)
	case len(projects) == 1:
		return projects[0].ID, nil
	case len(projects) == 0:
		return "", fmt.Errorf("no project in this store: `starter submit FOLDER --project NAME` makes one")
	default:
		return "", usagef("%s in this store: say which to search with --project; `starter projects` lists them", batch.Counted(len(projects), "project"))
	}
}

// entitiesNamed are the IDs of the project's entities of that name, of any type.
func entitiesNamed(ctx context.Context, st *store.Store, project, name string) ([]string, error) {
	ids, err := st.EntitiesNamed(ctx, project, name, keysOf(name))
	if err == nil && len(ids) == 0 {
		err = fmt.Errorf("--entity: project %s knows none of this name or ID; `starter results BATCH --format csv --table entities` lists a batch's", project)
	}
	return ids, err
}

func newFoundPassage(p store.Passage) foundPassage {
	f := foundPassage{
		Rank: p.Rank, Score: p.Score, Document: p.Document, Name: p.Name, Format: p.Format, Page: p.Page, Chunk: p.Chunk,
		Start: p.Start, End: p.End, Hits: make([]document.Span, len(p.Hits)), pieces: search.Snippet(p.Text, p.Hits, snippetWidth),
	}
	index := document.NewIndex(p.Text)
	for i, h := range p.Hits {
		h = index.Span(h)
		f.Hits[i] = document.Span{Start: p.Start + h.Start, End: p.Start + h.End}
	}
	f.Snippet = marked(f.pieces, "**", "**")
	return f
}

func marked(pieces []search.Piece, before, after string) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hit {
			b.WriteString(before + p.Text + after)
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func (a *app) showPassages(found foundPassages) {
	before, after := "**", "**"
	if terminalWidth(a.out) > 0 && os.Getenv("TERM") != "dumb" {
		before, after = "\x1b[1m", "\x1b[22m"
	}
	for i, p := range found.Passages {
		if i > 0 {
			fmt.Fprintln(a.out)
		}
		fmt.Fprintf(a.out, "%d  %s  page %d  %s\n   %s\n", p.Rank, printable(p.Document), p.Page, printable(p.Name), marked(p.pieces, before, after))
	}
	if found.Next != "" {
		fmt.Fprintf(a.err, "\nThere is more: the same with --after %s\n", found.Next)
	}
}
