-- What people decided on entities: that two are one, that one is two. Nothing of what
-- documents' own resolution said is lost, so that a decision can be undone.

-- +goose Up
CREATE TABLE entity_decisions (
    n       INTEGER PRIMARY KEY,
    project TEXT    NOT NULL REFERENCES projects (id),
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL, -- merge, split or undo
    entity  INTEGER NOT NULL REFERENCES entities (n), -- merged into, or split
    other   INTEGER NOT NULL REFERENCES entities (n), -- merged, or split off
    reason  TEXT    NOT NULL,
    detail  TEXT    NOT NULL, -- JSON: what moved, and what it was before
    undoes  INTEGER UNIQUE REFERENCES entity_decisions (n) -- of an undo
) STRICT;
CREATE INDEX entity_decisions_by_project ON entity_decisions (project, n);

-- A merged entity keeps its key and aliases, and what is found by them belongs to the
-- entity that it was merged into.
ALTER TABLE entities ADD COLUMN merged_into INTEGER REFERENCES entities (n);
ALTER TABLE entities ADD COLUMN merged_by INTEGER REFERENCES entity_decisions (n);
CREATE INDEX entities_merged ON entities (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE entity_pins ( -- names that are never joined with others of their document
    project  TEXT    NOT NULL,
    type     TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    decision INTEGER NOT NULL REFERENCES entity_decisions (n),
    PRIMARY KEY (project, type, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_pins ( -- what a document says of entity, it says of other
    project  TEXT    NOT NULL,
    document TEXT    NOT NULL, -- ID
    entity   INTEGER NOT NULL REFERENCES entities (n),
    other    INTEGER NOT NULL REFERENCES entities (n),
    decision INTEGER NOT NULL REFERENCES entity_decisions (n),
    PRIMARY KEY (project, document, entity)
) STRICT, WITHOUT ROWID;

-- The entity before decisions; NULL if none moved it.
ALTER TABLE mentions ADD COLUMN resolved INTEGER;
ALTER TABLE relationships ADD COLUMN from_resolved INTEGER;
ALTER TABLE relationships ADD COLUMN to_resolved INTEGER;
-- 1 if by decisions it says of two what is said of one already, or relates one to itself.
ALTER TABLE relationships ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE relationships DROP COLUMN joined;
ALTER TABLE relationships DROP COLUMN to_resolved;
ALTER TABLE relationships DROP COLUMN from_resolved;
ALTER TABLE mentions DROP COLUMN resolved;
DROP TABLE document_pins;
DROP TABLE entity_pins;
DROP INDEX entities_merged;
ALTER TABLE entities DROP COLUMN merged_by;
ALTER TABLE entities DROP COLUMN merged_into;
DROP TABLE entity_decisions;
