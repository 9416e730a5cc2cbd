-- What a language model said, and what it cost.

-- +goose Up
CREATE TABLE model_answers ( -- by what was asked: paid for once
    key           TEXT    PRIMARY KEY, -- SHA-256 of the model, the question and the text
    content       TEXT    NOT NULL,    -- JSON, as it was answered
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    batch         TEXT    NOT NULL,    -- this and row_no: what paid for it
    row_no        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE model_use ( -- of batches
    batch             TEXT    PRIMARY KEY REFERENCES batches (id),
    calls             INTEGER NOT NULL DEFAULT 0,
    unanswered        INTEGER NOT NULL DEFAULT 0,
    unpriced          INTEGER NOT NULL DEFAULT 0,
    input_tokens      INTEGER NOT NULL DEFAULT 0,
    output_tokens     INTEGER NOT NULL DEFAULT 0,
    nanos             INTEGER NOT NULL DEFAULT 0, -- billionths of a US dollar
    held_tokens       INTEGER NOT NULL DEFAULT 0, -- set aside for calls under way
    held_nanos        INTEGER NOT NULL DEFAULT 0,
    documents         INTEGER NOT NULL DEFAULT 0,
    cached            INTEGER NOT NULL DEFAULT 0,
    spared_tokens     INTEGER NOT NULL DEFAULT 0,
    over_budget       INTEGER NOT NULL DEFAULT 0,
    incomplete        INTEGER NOT NULL DEFAULT 0,
    dropped_mentions  INTEGER NOT NULL DEFAULT 0,
    dropped_relations INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE model_rows ( -- of batches that ask a model, as far as they have
    batch         TEXT    NOT NULL,
    row_no        INTEGER NOT NULL,
    held_input    INTEGER NOT NULL DEFAULT 0, -- set aside for the call under way
    held_output   INTEGER NOT NULL DEFAULT 0,
    held_nanos    INTEGER NOT NULL DEFAULT 0,
    held_priced   INTEGER NOT NULL DEFAULT 0,
    done          INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (batch, row_no),
    FOREIGN KEY (batch, row_no) REFERENCES batch_rows (batch, row_no)
) STRICT, WITHOUT ROWID;

ALTER TABLE documents ADD COLUMN kind_source TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN model TEXT NOT NULL DEFAULT ''; -- that has read all of it
ALTER TABLE mentions ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE relationships ADD COLUMN source TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE relationships DROP COLUMN source;
ALTER TABLE mentions DROP COLUMN source;
ALTER TABLE documents DROP COLUMN model;
ALTER TABLE documents DROP COLUMN kind_source;
DROP TABLE model_rows;
DROP TABLE model_use;
DROP TABLE model_answers;
