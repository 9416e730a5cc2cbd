package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// EntityAction is what a decision on entities does.
type EntityAction string

// The actions.
const (
	EntityMerged EntityAction = "merge"
	EntitySplit  EntityAction = "split"
	EntityUndone EntityAction = "undo"
	// What follows from the documents, by nobody: see joiner.
	EntityJoined EntityAction = "join"
	EntityParted EntityAction = "part" // undoes a join that no longer follows
)

// nobody is the actor of what follows from the documents.
const nobody = "caseload"

// EntityDecision is what a person decided on a project's entities, or what followed from
// its documents.
type EntityDecision struct {
	N       int64        `json:"decision"`
	Project string       `json:"project"`
	At      time.Time    `json:"at"`
	Actor   string       `json:"actor"`
	Action  EntityAction `json:"action"`
	Entity  string       `json:"entity"` // ID of that which Other was merged into, or split off
	Other   string       `json:"other"`
	Reason  string       `json:"reason,omitempty"`
	Undoes  int64        `json:"undoes,omitempty"`    // of an undo: which decision
	Undone  int64        `json:"undone_by,omitempty"` // which decision undid it
	// Automatic says that it followed from the documents.
	Automatic bool `json:"automatic,omitempty"`
	DecisionDetail
}

// DecisionDetail is what moved by a decision, and what it was before.
type DecisionDetail struct {
	Mentions      int      `json:"mentions"`
	Relationships int      `json:"relationships"`
	Names         []string `json:"names,omitempty"`    // of a split: those that were given
	Keys          []string `json:"keys,omitempty"`     // and the keys that they have
	Document      string   `json:"document,omitempty"` // or the document
	// Before are the entities as they were; Other only if it was there.
	Before []EntityBefore `json:"before,omitempty"`

	Leaves  []int64       `json:"leaves,omitempty"` // as which what moved by a merge was found
	Forms   []writtenForm `json:"forms,omitempty"`  // that moved by a split
	Aliases []movedAlias  `json:"aliases,omitempty"`
	Made    bool          `json:"made,omitempty"`    // a split made Other
	Renamed string        `json:"renamed,omitempty"` // what Entity is called since a split took its name
}

// EntityBefore is an entity as it was when a decision was made.
type EntityBefore struct {
	document.Entity
	Mentions int `json:"mentions"`
}

// writtenForm is how mentions are written.
type writtenForm struct {
	Text       string `json:"text"`
	Normalized string `json:"normalized"`
}

// movedAlias is an alias with whose it was.
type movedAlias struct {
	Key  string `json:"key"`
	From int64  `json:"from"`
	Seen int    `json:"seen"`
}

// Decide is who decides on entities, and why.
type Decide struct {
	Actor  string
	Reason string
	At     time.Time // zero: now
}

type entityDecisionModel struct {
	bun.BaseModel `bun:"table:entity_decisions,alias:ed"`

	N       int64  `bun:"n,pk,autoincrement"`
	Project string `bun:"project"`
	At      int64  `bun:"at"`
	Actor   string `bun:"actor"`
	Action  string `bun:"action"`
	Entity  int64  `bun:"entity"`
	Other   int64  `bun:"other"`
	Reason  string `bun:"reason"`
	Detail  string `bun:"detail"`
	Undoes  int64  `bun:"undoes,nullzero"`

	Automatic int `bun:"automatic"`
}

// listedDecision is a decision with what the tables beside it tell.
type listedDecision struct {
	entityDecisionModel `bun:",extend"`

	EntityID string `bun:"entity_id"`
	OtherID  string `bun:"other_id"`
	Undone   int64  `bun:"undone"`
}

func (m *listedDecision) decision() (EntityDecision, error) {
	d := EntityDecision{
		N: m.N, Project: m.Project, At: fromMicros(m.At), Actor: m.Actor, Action: EntityAction(m.Action),
		Entity: m.EntityID, Other: m.OtherID, Reason: m.Reason, Undoes: m.Undoes, Undone: m.Undone, Automatic: m.Automatic != 0,
	}
	return d, decode(m.Detail, &d.DecisionDetail)
}

func selectDecisions(db bun.IDB, into *[]listedDecision) *bun.SelectQuery {
	return db.NewSelect().Model(into).ColumnExpr("ed.*, ef.id AS entity_id, eo.id AS other_id").
		ColumnExpr("coalesce((SELECT u.n FROM entity_decisions AS u WHERE u.undoes = ed.n), 0) AS undone").
		Join("JOIN entities AS ef ON ef.n = ed.entity").Join("JOIN entities AS eo ON eo.n = ed.other")
}

// EntityDecisions lists people's decisions on a project's entities, or the joins and
// parts that followed from its documents, the latest first; a limit of 0 lists all.
func (s *Store) EntityDecisions(ctx context.Context, project string, automatic bool, limit int) ([]EntityDecision, error) {
	const what = "list decisions on entities"
	var ms []listedDecision
	err := selectDecisions(s.read, &ms).Where("ed.project = ?", project).Where("ed.automatic = ?", intOf(automatic)).
		Order("ed.n DESC").Limit(int64(limit)).Scan(ctx)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	all := make([]EntityDecision, len(ms))
	for i := range ms {
		var err error
		if all[i], err = ms[i].decision(); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	return all, nil
}

// EntityDecision is a decision by its number, or ErrNotFound.
func (s *Store) EntityDecision(ctx context.Context, n int64) (EntityDecision, error) {
	m, err := selectDecision(ctx, s.read, n)
	if err != nil {
		return EntityDecision{}, s.failed(ctx, "read decision", err)
	}
	d, err := m.decision()
	return d, s.failed(ctx, "read decision", err)
}

func selectDecision(ctx context.Context, db bun.IDB, n int64) (*listedDecision, error) {
	var ms []listedDecision
	if err := selectDecisions(db, &ms).Where("ed.n = ?", n).Scan(ctx); err != nil {
		return nil, err
	}
	if len(ms) == 0 {
		return nil, fmt.Errorf("decision %d: %w", n, ErrNotFound)
	}
	return &ms[0], nil
}

// decide writes a decision and fills in its number.
func (d Decide) decide(ctx context.Context, tx bun.Tx, m *entityDecisionModel) error {
	if d.Actor == "" {
		return invalid("a decision has an actor")
	}
	if d.At.IsZero() {
		d.At = time.Now()
	}
	m.Actor, m.Reason, m.At = clean(d.Actor), clean(d.Reason), toMicros(d.At)
	_, err := tx.NewInsert().Model(m).Returning("n").Exec(ctx)
	return err
}

func (m *entityDecisionModel) setDetail(ctx context.Context, tx bun.Tx, d DecisionDetail) (err error) {
	if m.Detail, err = encode(d, 1); err != nil {
		return err
	}
	_, err = tx.NewUpdate().Model(m).Column("detail").WherePK().Exec(ctx)
	return err
}

// heldEntity is an entity with what it was merged into.
type heldEntity struct {
	entityModel `bun:",extend"`

	MergedInto int64 `bun:"merged_into,nullzero"`
	MergedBy   int64 `bun:"merged_by,nullzero"`
}

// before is e as a decision finds it.
func (e *heldEntity) before(ctx context.Context, tx bun.Tx) (b EntityBefore, err error) {
	aliases, err := selectAliases(ctx, tx, []entityModel{e.entityModel})
	if err != nil {
		return b, err
	}
	b.Entity = e.entity()
	b.Aliases = aliases[e.N]
	err = tx.NewRaw("SELECT count(*) FROM mentions WHERE entity = ?", e.N).Scan(ctx, &b.Mentions)
	return b, err
}

func noEntity(project, id string) error {
	return fmt.Errorf("entity %q of project %q: %w", id, project, ErrNotFound)
}

// refused is a decision that contradicts what there is. It names entities by their IDs.
func refused(format string, args ...any) error {
	return batch.NewError(batch.Permanent, "EntityDecision", format, args...)
}

func selectHeld(ctx context.Context, db bun.IDB, project, id string) (*heldEntity, error) {
	e := new(heldEntity)
	err := db.NewSelect().Model(e).Where("project = ?", project).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = noEntity(project, id)
	}
	return e, err
}

// entityID is the ID of entity n.
func entityID(ctx context.Context, db bun.IDB, n int64) (id string, err error) {
	err = db.NewRaw("SELECT id FROM entities WHERE n = ?", n).Scan(ctx, &id)
	return id, err
}

// asNow is a decision as it was just written.
func asNow(ctx context.Context, tx bun.Tx, n int64) (EntityDecision, error) {
	m, err := selectDecision(ctx, tx, n)
	if err != nil {
		return EntityDecision{}, err
	}
	return m.decision()
}

func intOf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// touch gives entities the project's next version, so that caches and those who have
// looked them up hear of what became of their keys.
func touch(ctx context.Context, tx bun.Tx, project string, numbers ...int64) error {
	version, err := entityVersion(ctx, tx, project)
	if err != nil {
		return err
	}
	version += 1 + rand.Int64N(versionStep)
	_, err = tx.NewRaw("INSERT INTO entity_versions (project, version) VALUES (?, ?)", project, version).Exec(ctx)
	if err == nil {
		_, err = tx.NewUpdate().Model((*entityModel)(nil)).Set("version = ?", version).Where("n IN (?)", bun.List(numbers)).Exec(ctx)
	}
	return err
}
