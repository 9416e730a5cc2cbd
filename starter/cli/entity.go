package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// entityOptions are what all commands on entities take.
type entityOptions struct {
	project, format string
}

func (o *entityOptions) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.project, "project", "", "the project; not needed if there is one alone")
	outputFlag(cmd, &o.format)
}

func (a *app) entityCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "entity",
		Short: "Find entities and why they are one; merge, split, undo",
		Long: `Find entities, see by what evidence the names of documents are one, and decide where that is wrong. A decision
is kept, heeded by every document that is read later, and can be undone. docs/entities.md has the rules.`,
		Example: `  starter entity list --project acme --type PERSON --like smith
  starter entity show ent_4qkzt2vxw5mbn7ac3ydp --project acme
  starter entity merge ent_4qkzt2vxw5mbn7ac3ydp ent_b2u6yy3kfw7d5qhx4trm --project acme --reason "same address"
  starter entity split ent_4qkzt2vxw5mbn7ac3ydp --name "John Smith Jr." --project acme
  starter entity decisions --project acme
  starter entity undo 3`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.entityListCmd(), a.entityShowCmd(), a.entityMergeCmd(), a.entitySplitCmd(), a.entityUndoCmd(), a.entityDecisionsCmd())
	return cmd
}

// inProject runs do on the store and the project that is meant.
func (a *app) inProject(ctx context.Context, o entityOptions, do func(st *store.Store, project string) error) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	project, err := a.searched(ctx, st, searchOptions{project: o.project})
	if err != nil {
		return err
	}
	return do(st, project)
}

func (a *app) entityListCmd() *cobra.Command {
	var (
		o         entityOptions
		typ, like string
		limit     int
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List entities, those named in the most documents first",
		Example: `  starter entity list --project acme --type PERSON
  starter entity list --project acme --like smith -o json`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f := store.EntityFilter{Type: document.EntityType(strings.ToUpper(typ)), Limit: limit}
			if limit < 0 {
				return usagef("--limit %d: want 0 or more", limit)
			}
			if err := checkEntityType(f.Type); err != nil {
				return err
			}
			return a.inProject(cmd.Context(), o, func(st *store.Store, project string) error {
				f.Project = project
				list, err := st.EntitiesLike(cmd.Context(), f, like)
				if err != nil {
					return err
				}
				return a.showEntities(list, o.format)
			})
		},
	}
	cmd.Flags().StringVar(&typ, "type", "", "only entities of this type, such as PERSON")
	cmd.Flags().StringVar(&like, "like", "", "only those whose name, or another they go by, holds this text")
	cmd.Flags().IntVar(&limit, "limit", 50, "so many; 0 for all")
	o.flags(cmd)
	return cmd
}

func checkEntityType(t document.EntityType) error {
	if t == "" {
		return nil
	}
	var known []string
	for _, k := range document.EntityTypes() {
		if k == t {
			return nil
		}
		known = append(known, string(k))
	}
	return usagef("--type %s: want one of %s", t, strings.Join(known, ", "))
}

func (a *app) showEntities(list []store.EntityCount, format string) error {
	if format == formatJSON {
		return a.json(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(a.err, "No entities are so.")
		return nil
	}
	t := newTable(a.out, "entity", "type", "name", "documents", "mentions")
	for _, e := range list {
		t.AppendRow(tableRow{e.ID, e.Type, printable(e.Name), e.Documents, e.Mentions})
	}
	t.Render()
	return nil
}

func (a *app) entityShowCmd() *cobra.Command {
	var (
		o     entityOptions
		limit int
	)
	cmd := &cobra.Command{
		Use:   "show ID|NAME",
		Short: "Show an entity, where it is named, and why it is one",
		Long: `Show an entity: the documents that name it, its relationships, and for each way in which it is written the rule
that made that one with it, with how the names compare; and the entities that may be the same, where a person decides.`,
		Example: `  starter entity show "John Smith" --project acme
  starter entity show ent_4qkzt2vxw5mbn7ac3ydp --project acme --limit 0 -o json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return usagef("--limit %d: want 0 or more", limit)
			}
			return a.inProject(cmd.Context(), o, func(st *store.Store, project string) error {
				id, err := oneEntity(cmd.Context(), st, project, args[0])
				if err != nil {
					return err
				}
				e, err := st.Entity(cmd.Context(), project, id, limit)
				if err != nil {
					return err
				}
				shown := newShownEntity(e)
				if shown.Possible, err = possibleEntities(cmd.Context(), st, project, e, limit); err != nil {
					return err
				}
				if o.format == formatJSON {
					return a.json(shown)
				}
				a.showEntity(shown)
				return nil
			})
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 50, "so many forms, documents and relationships; 0 for all")
	o.flags(cmd)
	return cmd
}

// oneEntity is the ID of the entity that is meant by an ID or a name.
func oneEntity(ctx context.Context, st *store.Store, project, name string) (string, error) {
	ids, err := st.EntitiesNamed(ctx, project, name, keysOf(name))
	if err != nil {
		return "", err
	}
	var live []string
	for _, id := range ids {
		if id == name {
			return id, nil
		}
		e, err := st.Entity(ctx, project, id, 1)
		if err != nil {
			return "", err
		}
		if e.MergedInto == "" {
			live = append(live, id)
		}
	}
	switch len(live) {
	case 0:
		return "", fmt.Errorf("project %s knows no entity of this name or ID: `starter entity list --like TEXT` finds it", project)
	case 1:
		return live[0], nil
	}
	return "", usagef("%s go by this name: name one by its ID: %s", batch.Counted(len(live), "entity", "entities"), strings.Join(live, ", "))
}

// keysOf are the keys that a name has as one of any type.
func keysOf(name string) []store.EntityKey {
	var keys []store.EntityKey
	for _, t := range document.EntityTypes() {
		keys = append(keys, store.EntityKey{Type: t, Key: resolve.KeyOf(document.Mention{Type: t, Text: name})})
	}
	return keys
}

// shownEntity is what `entity show` writes.
type shownEntity struct {
	store.EntityCount
	MergedInto    string                    `json:"merged_into,omitempty"`
	MergedBy      int64                     `json:"merged_by,omitempty"`
	Forms         []shownForm               `json:"forms"`
	Possible      []possible                `json:"possible"`
	NamedIn       []namedIn                 `json:"named_in"`
	Relationships []store.RelationshipCount `json:"relationships"`
}

// shownForm is a way in which the entity is written, and why that is the entity.
type shownForm struct {
	Text      string `json:"text"`
	Documents int    `json:"documents"`
	Mentions  int    `json:"mentions"`
	resolve.Evidence
	// Found is the entity that it was found as, and Decision what made that this one.
	Found    string `json:"found"`
	Decision int64  `json:"decision,omitempty"`
	// Joined is why the entity that it was found as is part of this one, where that is
	// nobody's decision: how the two names compare, in documents that have both.
	Joined *resolve.Evidence `json:"joined,omitempty"`
	Pinned int64             `json:"pinned,omitempty"` // the decision that pinned the name
}

type namedIn struct {
	Document string `json:"document"`
	Name     string `json:"name"`
	Page     int    `json:"page,omitempty"`
	Text     string `json:"text"`
	Mentions int    `json:"mentions"`
}

func newShownEntity(e store.EntityDetail) shownEntity {
	s := shownEntity{
		EntityCount: e.EntityCount, MergedInto: e.MergedInto, MergedBy: e.MergedBy, Relationships: e.Relationships,
		Forms: []shownForm{}, NamedIn: []namedIn{},
	}
	if s.Relationships == nil {
		s.Relationships = []store.RelationshipCount{}
	}
	for _, f := range e.Forms {
		why := resolve.Explain(f.Found, document.Mention{Type: f.Found.Type, Text: f.Text, Normalized: f.Normalized})
		form := shownForm{
			Text: f.Text, Documents: f.Documents, Mentions: f.Mentions, Evidence: why, Found: f.Found.ID, Decision: f.Decision, Pinned: f.Pinned,
		}
		if f.Joined {
			joined := resolve.Explain(document.Entity{Type: e.Type, Key: e.Key}, document.Mention{Type: e.Type, Text: f.Found.Key})
			form.Joined = &joined
		}
		s.Forms = append(s.Forms, form)
	}
	for _, d := range e.Documents {
		s.NamedIn = append(s.NamedIn, namedIn{d.Document, d.Name, d.Page, d.Text, d.Mentions})
	}
	return s
}

// why is the evidence for a form in a few words.
func (f shownForm) why(id string) string {
	why := inWords(f.Evidence)
	switch {
	case f.Joined != nil:
		why = fmt.Sprintf("join %d, documents have both: %s; found as %s, %s", f.Decision, inWords(*f.Joined), f.Found, why)
	case f.Found != id:
		why = fmt.Sprintf("decision %d; found as %s, %s", f.Decision, f.Found, why)
	}
	if f.Pinned != 0 {
		why += fmt.Sprintf("; pinned by decision %d", f.Pinned)
	}
	return why
}

func inWords(e resolve.Evidence) string {
	words := strings.ReplaceAll(string(e.Rule), "_", " ")
	if len(e.Reasons) > 0 {
		words += ": " + strings.Join(e.Reasons, ", ")
	}
	return words
}

func (a *app) showEntity(e shownEntity) {
	t := newTable(a.out, "", "")
	t.ResetHeaders()
	t.AppendRow(tableRow{"entity", e.ID})
	t.AppendRow(tableRow{"type", e.Type})
	t.AppendRow(tableRow{"name", printable(e.Name)})
	t.AppendRow(tableRow{"key", printable(e.Key)})
	if len(e.Aliases) > 0 {
		t.AppendRow(tableRow{"aliases", printable(strings.Join(e.Aliases, "; "))})
	}
	if e.MergedInto != "" {
		t.AppendRow(tableRow{"part of", fmt.Sprintf("%s, by decision %d", e.MergedInto, e.MergedBy)})
	}
	t.AppendRow(tableRow{"named", fmt.Sprintf("%s in %s", batch.Counted(e.Mentions, "time"), batch.Counted(e.Documents, "document"))})
	t.Render()
	if len(e.Forms) > 0 {
		fmt.Fprintln(a.out)
		t = newTable(a.out, "written", "documents", "mentions", "why it is this entity")
		for _, f := range e.Forms {
			t.AppendRow(tableRow{printable(f.Text), f.Documents, f.Mentions, printable(f.why(e.ID))})
		}
		t.Render()
	}
	if len(e.Possible) > 0 {
		fmt.Fprintln(a.out)
		t = newTable(a.out, "may be the same", "name", "documents", "how the names compare")
		for _, p := range e.Possible {
			t.AppendRow(tableRow{p.ID, printable(p.Name), p.Documents, printable(fmt.Sprintf("%.2f: %s", p.Score, strings.Join(p.Reasons, ", ")))})
		}
		t.Render()
	}
	if len(e.NamedIn) > 0 {
		fmt.Fprintln(a.out)
		t = newTable(a.out, "document", "file", "page", "written", "mentions")
		for _, d := range e.NamedIn {
			t.AppendRow(tableRow{printable(d.Document), printable(d.Name), d.Page, printable(d.Text), d.Mentions})
		}
		t.Render()
	}
	if len(e.Relationships) > 0 {
		fmt.Fprintln(a.out)
		t = newTable(a.out, "from", "relationship", "to", "documents", "confidence")
		for _, r := range e.Relationships {
			t.AppendRow(tableRow{printable(r.FromName), r.Type, printable(r.ToName), r.Documents, fmt.Sprintf("%.2f", r.Confidence)})
		}
		t.Render()
	}
}
