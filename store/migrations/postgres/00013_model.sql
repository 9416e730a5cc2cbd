-- What a language model said, and what it cost.

-- +goose Up
CREATE TABLE model_answers ( -- by what was asked: paid for once
    key           TEXT COLLATE "C" PRIMARY KEY, -- SHA-256 of the model, the question and the text
    content       TEXT COLLATE "C" NOT NULL,    -- JSON, as it was answered
    input_tokens  BIGINT  NOT NULL,
    output_tokens BIGINT  NOT NULL,
    batch         TEXT COLLATE "C" NOT NULL,    -- this and row_no: what paid for it
    row_no        BIGINT  NOT NULL,
    created_at    BIGINT  NOT NULL
);

CREATE TABLE model_use ( -- of batches
    batch             TEXT COLLATE "C" PRIMARY KEY REFERENCES batches (id),
    calls             BIGINT  NOT NULL DEFAULT 0,
    unanswered        BIGINT  NOT NULL DEFAULT 0,
    unpriced          BIGINT  NOT NULL DEFAULT 0,
    input_tokens      BIGINT  NOT NULL DEFAULT 0,
    output_tokens     BIGINT  NOT NULL DEFAULT 0,
    nanos             BIGINT  NOT NULL DEFAULT 0, -- billionths of a US dollar
    held_tokens       BIGINT  NOT NULL DEFAULT 0, -- set aside for calls under way
    held_nanos        BIGINT  NOT NULL DEFAULT 0,
    documents         BIGINT  NOT NULL DEFAULT 0,
    cached            BIGINT  NOT NULL DEFAULT 0,
    spared_tokens     BIGINT  NOT NULL DEFAULT 0,
    over_budget       BIGINT  NOT NULL DEFAULT 0,
    incomplete        BIGINT  NOT NULL DEFAULT 0,
    dropped_mentions  BIGINT  NOT NULL DEFAULT 0,
    dropped_relations BIGINT  NOT NULL DEFAULT 0
);

CREATE TABLE model_rows ( -- of batches that ask a model, as far as they have
    batch         TEXT COLLATE "C" NOT NULL,
    row_no        BIGINT  NOT NULL,
    held_input    BIGINT  NOT NULL DEFAULT 0, -- set aside for the call under way
    held_output   BIGINT  NOT NULL DEFAULT 0,
    held_nanos    BIGINT  NOT NULL DEFAULT 0,
    held_priced   BIGINT  NOT NULL DEFAULT 0,
    done          BIGINT  NOT NULL DEFAULT 0,
    PRIMARY KEY (batch, row_no),
    FOREIGN KEY (batch, row_no) REFERENCES batch_rows (batch, row_no)
);

ALTER TABLE documents ADD COLUMN kind_source TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN model TEXT COLLATE "C" NOT NULL DEFAULT ''; -- that has read all of it
ALTER TABLE mentions ADD COLUMN source TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE relationships ADD COLUMN source TEXT COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE relationships DROP COLUMN source;
ALTER TABLE mentions DROP COLUMN source;
ALTER TABLE documents DROP COLUMN model;
ALTER TABLE documents DROP COLUMN kind_source;
DROP TABLE model_rows;
DROP TABLE model_use;
DROP TABLE model_answers;
