package store

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// EntityFilter selects entities: those of a project, or those named in the
// documents of a batch (see DocumentFilter). Other zero fields select all.
type EntityFilter struct {
	Project string // needed, unless Batch is given
	Batch   string
	Type    document.EntityType
	Limit   int
}

// RelationshipFilter selects relationships as EntityFilter does entities.
type RelationshipFilter struct {
	Project string // needed, unless Batch is given
	Batch   string
	Type    document.RelationType
	Limit   int
}

// aliased is an entity with the alias it was found by.
type aliased struct {
	entityModel `bun:",extend"`

	Alias string `bun:"alias"`
}

func selectByAlias(ctx context.Context, db bun.IDB, project string, keys []EntityKey) ([]aliased, error) {
	var all []aliased
	for typ, part := range byType(keys) {
		var found []aliased
		err := db.NewSelect().Model((*aliasModel)(nil)).ColumnExpr("e.n, e.project, e.id, e.type, e.key, e.name, a.key AS alias").
			Join("JOIN entities AS e ON e.n = a.entity").
			Where("a.seen = 1").Where("a.project = ?", project).Where("a.type = ?", typ).Where("a.key IN (?)", bun.List(part)).Scan(ctx, &found)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// selectAliases are the aliases of entities, sorted, by the entities' numbers.
func selectAliases(ctx context.Context, db bun.IDB, entities []entityModel) (map[int64][]string, error) {
	numbers := make([]int64, len(entities))
	for i, e := range entities {
		numbers[i] = e.N
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	aliases := map[int64][]string{}
	for part := range slices.Chunk(numbers, lookupKeys) {
		var found []aliasModel
		if err := db.NewSelect().Model(&found).Column("key", "entity").Where("entity IN (?)", bun.List(part)).Where("seen = 1").Scan(ctx); err != nil {
			return nil, err
		}
		for _, a := range found {
			aliases[a.Entity] = append(aliases[a.Entity], a.Key)
		}
	}
	for _, keys := range aliases {
		slices.Sort(keys)
	}
	return aliases, nil
}

// Entities lists entities with how often the selected documents name them, those
// named in the most documents first.
func (s *Store) Entities(ctx context.Context, f EntityFilter) ([]EntityCount, error) {
	return s.listEntities(ctx, "list entities", f, s.entityCounts(f))
}

func (s *Store) entityCounts(f EntityFilter) *bun.SelectQuery {
	return s.read.NewSelect().TableExpr("mentions AS m").Join("JOIN entities AS e ON e.n = m.entity").
		ColumnExpr("e.n, e.id, e.type, e.key, e.name, count(DISTINCT m.document) AS documents, count(*) AS mentions").
		GroupExpr("e.n, e.id, e.type, e.key, e.name").
		OrderExpr("documents DESC, mentions DESC, e.name, e.id").Limit(int64(f.Limit))
}

func (s *Store) listEntities(ctx context.Context, what string, f EntityFilter, q *bun.SelectQuery) ([]EntityCount, error) {
	var found []countedEntity
	numbers, err := s.numbers(ctx, f.Project, f.Batch)
	switch {
	case err != nil:
		return nil, s.failed(ctx, what, err)
	case f.Batch == "":
		q.Where("e.project = ?", f.Project) // by the index of a type's entities
	default:
		q.Where("m.document IN (?)", numbers)
	}
	if f.Type != "" {
		q.Where("e.type = ?", string(f.Type))
	}
	if err := q.Scan(ctx, &found); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	out, err := s.withAliases(ctx, found)
	return out, s.failed(ctx, what, err)
}

// countedEntity is an entity with how often it is named.
type countedEntity struct {
	entityModel `bun:",extend"`

	Documents int `bun:"documents"`
	Mentions  int `bun:"mentions"`
}

func (s *Store) withAliases(ctx context.Context, found []countedEntity) ([]EntityCount, error) {
	models := make([]entityModel, len(found))
	for i := range found {
		models[i] = found[i].entityModel
	}
	aliases, err := selectAliases(ctx, s.read, models)
	if err != nil {
		return nil, err
	}
	if err := addMerged(ctx, s.read, models, aliases); err != nil {
		return nil, err
	}
	out := make([]EntityCount, len(found))
	for i := range found {
		out[i] = EntityCount{Entity: models[i].entity(), Documents: found[i].Documents, Mentions: found[i].Mentions}
		out[i].Aliases = aliases[models[i].N]
	}
	return out, nil
}

// Relationships lists relationships between entities, each once, with how often
// the selected documents state them: those stated in the most documents first.
func (s *Store) Relationships(ctx context.Context, f RelationshipFilter) ([]RelationshipCount, error) {
	const what = "list relationships"
	found := []RelationshipCount{}
	q := relationshipCounts(s.read, &found, f.Limit)
	numbers, err := s.numbers(ctx, f.Project, f.Batch)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	q.Where("rel.document IN (?)", numbers)
	if f.Type != "" {
		q.Where("rel.type = ?", string(f.Type))
	}
	err = q.Scan(ctx)
	return found, s.failed(ctx, what, err)
}

func relationshipCounts(db bun.IDB, into *[]RelationshipCount, limit int) *bun.SelectQuery {
	return db.NewSelect().Model(into).ModelTableExpr("relationships AS rel").
		Join("JOIN entities AS ef ON ef.n = rel.from_entity").Join("JOIN entities AS et ON et.n = rel.to_entity").
		ColumnExpr(`rel.type, ef.id AS "from", ef.type AS from_type, ef.name AS from_name`).
		ColumnExpr(`et.id AS "to", et.type AS to_type, et.name AS to_name`).
		ColumnExpr("count(DISTINCT rel.document) AS documents, count(*) AS count, max(rel.confidence) AS confidence").
		GroupExpr("rel.type, ef.id, ef.type, ef.name, et.id, et.type, et.name").
		OrderExpr("documents DESC, confidence DESC, ef.id, et.id, rel.type").
		Where("rel.joined = 0").Limit(int64(limit))
}

// EntitiesByID lists entities as Entities does, those with IDs above after, by ID:
// page by page, it takes memory for one page.
func (s *Store) EntitiesByID(ctx context.Context, f EntityFilter, after string) ([]EntityCount, error) {
	const what = "list entities by ID"
	numbers, err := s.numbers(ctx, f.Project, f.Batch)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	project := f.Project
	if f.Batch != "" {
		b, err := s.Batch(ctx, f.Batch)
		if err != nil {
			return nil, s.failed(ctx, what, err)
		}
		project = b.Project
	}
	mentions := s.read.NewSelect().TableExpr("mentions AS m").Where("m.entity = e.n").Where("m.document IN (?)", numbers)
	var found []countedEntity
	q := s.read.NewSelect().TableExpr("entities AS e").ColumnExpr("e.n, e.id, e.type, e.key, e.name").
		ColumnExpr("(?) AS documents", mentions.Clone().ColumnExpr("count(DISTINCT m.document)")).
		ColumnExpr("(?) AS mentions", mentions.Clone().ColumnExpr("count(*)")).
		Where("e.project = ?", project).Where("e.id > ?", after).Where("EXISTS (?)", mentions.Clone().ColumnExpr("1")).
		OrderExpr("e.id").Limit(int64(f.Limit))
	if f.Type != "" {
		q.Where("e.type = ?", string(f.Type))
	}
	if err := q.Scan(ctx, &found); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	out, err := s.withAliases(ctx, found)
	return out, s.failed(ctx, what, err)
}
