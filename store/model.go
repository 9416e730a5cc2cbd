package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

type projectModel struct {
	bun.BaseModel `bun:"table:projects,alias:p"`

	ID        string  `bun:"id,pk"`
	Weight    float64 `bun:"weight"`
	CreatedAt int64   `bun:"created_at"`
	Batches   int     `bun:"batches,scanonly"`
	Documents int     `bun:"documents,scanonly"`
}

func (m *projectModel) project() Project {
	return Project{ID: m.ID, Weight: m.Weight, CreatedAt: fromMicros(m.CreatedAt), Batches: m.Batches, Documents: m.Documents}
}

type decisionModel struct {
	bun.BaseModel `bun:"table:decisions"`

	N      int64  `bun:"n,pk,autoincrement"`
	Batch  string `bun:"batch"`
	At     int64  `bun:"at"`
	MadeBy string `bun:"made_by"`
	Kind   string `bun:"kind"`
	Detail string `bun:"detail"`
}

type batchModel struct {
	bun.BaseModel `bun:"table:batches,alias:b"`

	ID         string `bun:"id,pk"`
	Project    string `bun:"project"`
	Source     string `bun:"source"`
	Priority   int    `bun:"priority"`
	Status     string `bun:"status"`
	Options    string `bun:"options"`
	RowCount   int    `bun:"row_count"`
	Pipeline   string `bun:"pipeline"`
	CreatedAt  int64  `bun:"created_at"`
	StartedAt  int64  `bun:"started_at"`
	FinishedAt int64  `bun:"finished_at"`
	Control    string `bun:"control"`
	Recovers   string `bun:"recovers"`
}

func newBatchModel(b Batch) (*batchModel, error) {
	control, err := encodeControl(b.Control)
	return &batchModel{
		ID: b.ID, Project: b.Project, Source: clean(b.Source), Priority: int(b.Priority), Status: string(b.Status),
		Options: string(b.Options), RowCount: b.Rows, Pipeline: b.Pipeline, Control: control, Recovers: b.Recovers,
		CreatedAt: toMicros(b.CreatedAt), StartedAt: toMicros(b.StartedAt), FinishedAt: toMicros(b.FinishedAt),
	}, err
}

func (m *batchModel) batch() (Batch, error) {
	b := Batch{
		ID: m.ID, Project: m.Project, Source: m.Source, Priority: batch.Priority(m.Priority), Status: batch.Status(m.Status),
		Rows: m.RowCount, Pipeline: m.Pipeline, Recovers: m.Recovers,
		CreatedAt: fromMicros(m.CreatedAt), StartedAt: fromMicros(m.StartedAt), FinishedAt: fromMicros(m.FinishedAt),
	}
	if m.Options != "" {
		b.Options = json.RawMessage(m.Options)
	}
	err := decode(m.Control, &b.Control)
	return b, err
}

// encodeControl is c as JSON, or "" if it is zero.
func encodeControl(c batch.Control) (string, error) {
	if c == (batch.Control{}) {
		return "", nil
	}
	c.By, c.Reason, c.Since = clean(c.By), clean(c.Reason), fromMicros(toMicros(c.Since))
	return encode(c, 1)
}

type rowModel struct {
	bun.BaseModel `bun:"table:batch_rows,alias:r"`

	Batch           string `bun:"batch,pk"`
	RowNo           int    `bun:"row_no,pk"`
	Line            int    `bun:"line"`
	URI             string `bun:"uri"`
	Name            string `bun:"name"`
	DocumentID      string `bun:"document_id"`
	Metadata        string `bun:"metadata"`
	Outcome         string `bun:"outcome"`
	Reason          string `bun:"reason"`
	Category        string `bun:"category"`
	Stage           string `bun:"stage"`
	ErrorType       string `bun:"error_type"`
	Fingerprint     string `bun:"fingerprint"`
	Message         string `bun:"message"`
	FailureAttempts int    `bun:"failure_attempts"`
	Rule            string `bun:"rule"`
	Document        string `bun:"document"`
	SHA256          string `bun:"sha256"`
	Bytes           int64  `bun:"bytes"`
	Pages           int    `bun:"pages"`
	Chunks          int    `bun:"chunks"`
	Mentions        int    `bun:"mentions"`
	Entities        int    `bun:"entities"`
	Relationships   int    `bun:"relationships"`
	Attachments     int    `bun:"attachments"`
	Attempts        int    `bun:"attempts"`
	Stages          string `bun:"stages"`
	StartedAt       int64  `bun:"started_at"`
	FinishedAt      int64  `bun:"finished_at"`
	OriginRow       int    `bun:"origin_row"`
	Cause           string `bun:"cause"`
	Refused         int    `bun:"refused"`
}

func newRowModel(r Row) (*rowModel, error) {
	m := &rowModel{
		Batch: r.Batch, RowNo: r.Row, Line: r.Line, URI: r.URI, Name: clean(r.Name), DocumentID: clean(r.DocumentID),
		Outcome: string(r.Outcome), Reason: r.Reason, Document: r.Document, SHA256: r.SHA256, Bytes: r.Bytes,
		Pages: r.Pages, Chunks: r.Chunks, Mentions: r.Mentions, Entities: r.Entities, Relationships: r.Relationships,
		Attachments: r.Attachments, Attempts: r.Attempts, StartedAt: toMicros(r.StartedAt), FinishedAt: toMicros(r.FinishedAt),
		OriginRow: r.Origin,
	}
	if f := r.Failure; f != nil {
		m.Category, m.Stage, m.ErrorType = string(f.Category), string(f.Stage), f.Type
		m.Fingerprint, m.Message, m.FailureAttempts, m.Rule = f.Fingerprint, clean(f.Message), f.Attempts, clean(f.Rule)
		if m.Fingerprint == "" {
			m.Fingerprint = batch.Fingerprint(f.Category, f.Stage, f.Type, f.Message)
		}
	}
	var err error
	if m.Metadata, err = encode(r.Metadata, len(r.Metadata)); err != nil {
		return nil, err
	}
	m.Stages, err = encode(r.Stages, len(r.Stages))
	return m, err
}

func (m *rowModel) row() (Row, error) {
	r := Row{
		Batch: m.Batch, Row: m.RowNo, Line: m.Line, URI: m.URI, Name: m.Name, DocumentID: m.DocumentID,
		Outcome: batch.Outcome(m.Outcome), Reason: m.Reason, Document: m.Document, SHA256: m.SHA256, Bytes: m.Bytes,
		Pages: m.Pages, Chunks: m.Chunks, Mentions: m.Mentions, Entities: m.Entities, Relationships: m.Relationships,
		Attachments: m.Attachments, Attempts: m.Attempts, StartedAt: fromMicros(m.StartedAt), FinishedAt: fromMicros(m.FinishedAt),
		Origin: m.OriginRow,
	}
	if m.Category != "" {
		r.Failure = &batch.Failure{
			Category: batch.Category(m.Category), Stage: batch.Stage(m.Stage), Type: m.ErrorType,
			Fingerprint: m.Fingerprint, Message: m.Message, Attempts: m.FailureAttempts, Rule: m.Rule,
		}
	}
	if err := decode(m.Metadata, &r.Metadata); err != nil {
		return r, err
	}
	err := decode(m.Stages, &r.Stages)
	return r, err
}

type checkpointModel struct {
	bun.BaseModel `bun:"table:checkpoints,alias:c"`

	Batch    string `bun:"batch,pk"`
	RowNo    int    `bun:"row_no,pk"`
	Stage    string `bun:"stage,pk"`
	Encoding string `bun:"encoding"`
	Payload  []byte `bun:"payload"`
}

type documentModel struct {
	bun.BaseModel `bun:"table:documents,alias:d"`

	N             int64   `bun:"n,pk,autoincrement"`
	Project       string  `bun:"project"`
	ID            string  `bun:"id"`
	SHA256        string  `bun:"sha256"`
	Pipeline      string  `bun:"pipeline"`
	Name          string  `bun:"name"`
	URI           string  `bun:"uri"`
	Format        string  `bun:"format"`
	MediaType     string  `bun:"media_type"`
	Kind          string  `bun:"kind"`
	Certainty     float64 `bun:"kind_confidence"`
	KindSource    string  `bun:"kind_source"`
	Model         string  `bun:"model"`
	Bytes         int64   `bun:"bytes"`
	Pages         int     `bun:"pages"`
	Characters    int     `bun:"characters"`
	Chunks        int     `bun:"chunks"`
	Mentions      int     `bun:"mentions"`
	Entities      int     `bun:"entities"`
	Relationships int     `bun:"relationships"`
	Metadata      string  `bun:"metadata"`
	Warnings      string  `bun:"warnings"`
	Parts         string  `bun:"parts"`
	Batch         string  `bun:"batch"`
	RowNo         int     `bun:"row_no"`
	CreatedAt     int64   `bun:"created_at"`
	Indexed       int     `bun:"indexed"`
}

func (m *documentModel) document() (Document, error) {
	d := Document{
		Project: m.Project, ID: m.ID, SHA256: m.SHA256, Pipeline: m.Pipeline, Name: m.Name, URI: m.URI,
		Format: m.Format, MediaType: m.MediaType, Kind: document.Kind(m.Kind), Certainty: m.Certainty, KindSource: m.KindSource, Model: m.Model, Bytes: m.Bytes, Pages: m.Pages, Characters: m.Characters,
		Chunks: m.Chunks, Mentions: m.Mentions, Entities: m.Entities, Relationships: m.Relationships,
		Batch: m.Batch, Row: m.RowNo, CreatedAt: fromMicros(m.CreatedAt),
	}
	if err := decode(m.Metadata, &d.Metadata); err != nil {
		return d, err
	}
	err := decode(m.Warnings, &d.Warnings)
	return d, err
}

type linkModel struct {
	bun.BaseModel `bun:"table:document_links,alias:l"`

	Project   string `bun:"project,pk"`
	Parent    string `bun:"parent,pk"`
	Ordinal   int    `bun:"ordinal,pk"`
	Child     string `bun:"child"`
	Name      string `bun:"name"`
	MediaType string `bun:"media_type"`
	SHA256    string `bun:"sha256"`
	Bytes     int64  `bun:"bytes"`
	Outcome   string `bun:"outcome"`
	Reason    string `bun:"reason"`
	Failure   string `bun:"failure"`
}

func (m *linkModel) link() (Link, error) {
	l := Link{
		Project: m.Project, Parent: m.Parent, Ordinal: m.Ordinal, Child: m.Child, Name: m.Name, MediaType: m.MediaType,
		SHA256: m.SHA256, Bytes: m.Bytes, Outcome: batch.Outcome(m.Outcome), Reason: m.Reason,
	}
	err := decode(m.Failure, &l.Failure)
	return l, err
}

type textModel struct {
	bun.BaseModel `bun:"table:texts"`

	Document int64  `bun:"document,pk"`
	Body     string `bun:"body"`
}

type pageModel struct {
	bun.BaseModel `bun:"table:pages"`

	Document   int64   `bun:"document,pk"`
	Ordinal    int     `bun:"ordinal,pk"`
	Number     int     `bun:"number"`
	CharStart  int     `bun:"char_start"`
	CharEnd    int     `bun:"char_end"`
	Source     string  `bun:"source"`
	Confidence float64 `bun:"confidence"`
}

type chunkModel struct {
	bun.BaseModel `bun:"table:chunks"`

	Document  int64 `bun:"document,pk"`
	Ordinal   int   `bun:"ordinal,pk"`
	CharStart int   `bun:"char_start"`
	CharEnd   int   `bun:"char_end"`
	Page      int   `bun:"page"`
}

// wordedModel is a chunk with the words that it is found by, as PostgreSQL keeps them.
type wordedModel struct {
	chunkModel `bun:",extend"`

	Words string `bun:"words"`
}

// passageModel is a chunk's words, as SQLite's index takes them.
type passageModel struct {
	bun.BaseModel `bun:"table:passages"`

	RowID int64  `bun:"rowid,pk"`
	Words string `bun:"words"`
}

type entityModel struct {
	bun.BaseModel `bun:"table:entities,alias:e"`

	N       int64  `bun:"n,pk,autoincrement"`
	Project string `bun:"project"`
	ID      string `bun:"id"`
	Type    string `bun:"type"`
	Key     string `bun:"key"`
	Name    string `bun:"name"`
}

func (m *entityModel) entity() document.Entity {
	return document.Entity{ID: m.ID, Type: document.EntityType(m.Type), Key: m.Key, Name: m.Name}
}

type aliasModel struct {
	bun.BaseModel `bun:"table:entity_aliases,alias:a"`

	Project string `bun:"project,pk"`
	Type    string `bun:"type,pk"`
	Key     string `bun:"key,pk"`
	Entity  int64  `bun:"entity,pk"`
	Seen    int    `bun:"seen"` // 1: a document has both names; 0: this one could be short for the entity's
}

type mentionModel struct {
	bun.BaseModel `bun:"table:mentions,alias:m"`

	Document   int64   `bun:"document,pk"`
	Ordinal    int     `bun:"ordinal,pk"`
	Type       string  `bun:"type"`
	CharStart  int     `bun:"char_start"`
	CharEnd    int     `bun:"char_end"`
	Text       string  `bun:"text"`
	Normalized string  `bun:"normalized"`
	Confidence float64 `bun:"confidence"`
	Role       string  `bun:"role"`
	Chunk      int     `bun:"chunk"`
	Source     string  `bun:"source"`
	Entity     int64   `bun:"entity,nullzero"`
	Resolved   int64   `bun:"resolved,nullzero"` // the entity before decisions, if that is another
}

type relationshipModel struct {
	bun.BaseModel `bun:"table:relationships,alias:rel"`

	Document   int64   `bun:"document,pk"`
	Ordinal    int     `bun:"ordinal,pk"`
	Type       string  `bun:"type"`
	FromEntity int64   `bun:"from_entity"`
	ToEntity   int64   `bun:"to_entity"`
	CharStart  int     `bun:"char_start"`
	CharEnd    int     `bun:"char_end"`
	Confidence float64 `bun:"confidence"`
	Source     string  `bun:"source"`

	FromResolved int64 `bun:"from_resolved,nullzero"`
	ToResolved   int64 `bun:"to_resolved,nullzero"`
	Joined       int   `bun:"joined"`
}

func toMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// encode is v as JSON, or "" if it has no elements.
func encode(v any, elements int) (string, error) {
	if elements == 0 {
		return "", nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write %T: %w", v, err)
	}
	return string(b), nil
}

// decode reads what encode wrote.
func decode(s string, v any) error {
	if s == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(s), v); err != nil {
		return fmt.Errorf("read %T: %w", v, err)
	}
	return nil
}

// clean is s as every database takes it: what is not UTF-8, and NUL, becomes
// U+FFFD. Valid text keeps its number of characters.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
