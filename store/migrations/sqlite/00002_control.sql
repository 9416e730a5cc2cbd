-- How a batch is being run and what was decided about it; projects' weights.

-- +goose Up
ALTER TABLE projects ADD COLUMN weight REAL NOT NULL DEFAULT 1;

ALTER TABLE batches ADD COLUMN control TEXT NOT NULL DEFAULT '';

CREATE TABLE decisions (
    n       INTEGER PRIMARY KEY, -- in the order they were recorded
    batch   TEXT    NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    made_by TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    detail  TEXT    NOT NULL,
    UNIQUE (batch, at, kind, detail)
) STRICT;

-- +goose Down
DROP TABLE decisions;
ALTER TABLE batches DROP COLUMN control;
ALTER TABLE projects DROP COLUMN weight;
