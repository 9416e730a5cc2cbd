-- Times are microseconds since 1970 in UTC, 0 where there is none. Ranges are in
-- characters (Unicode code points) of the document's text. JSON is kept as text,
-- '' where there is none. Documents and entities have a number, n, for the tables
-- that point at them; their id is what the outside knows.

-- +goose Up
CREATE TABLE projects (
    id         TEXT    NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
    id          TEXT    NOT NULL PRIMARY KEY,
    project     TEXT    NOT NULL REFERENCES projects (id),
    source      TEXT    NOT NULL,
    priority    INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    options     TEXT    NOT NULL,
    row_count   INTEGER NOT NULL,
    pipeline    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX batches_by_age ON batches (created_at, id);
CREATE INDEX batches_by_project ON batches (project, created_at);

CREATE TABLE batch_rows (
    batch            TEXT    NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    row_no           INTEGER NOT NULL,
    line             INTEGER NOT NULL,
    uri              TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    document_id      TEXT    NOT NULL,
    metadata         TEXT    NOT NULL,
    outcome          TEXT    NOT NULL, -- '' while pending
    reason           TEXT    NOT NULL,
    category         TEXT    NOT NULL, -- this and the next five: of the failure, if there is one
    stage            TEXT    NOT NULL,
    error_type       TEXT    NOT NULL,
    fingerprint      TEXT    NOT NULL,
    message          TEXT    NOT NULL,
    failure_attempts INTEGER NOT NULL,
    document         TEXT    NOT NULL,
    sha256           TEXT    NOT NULL,
    bytes            INTEGER NOT NULL,
    pages            INTEGER NOT NULL,
    chunks           INTEGER NOT NULL,
    mentions         INTEGER NOT NULL,
    entities         INTEGER NOT NULL,
    relationships    INTEGER NOT NULL,
    attachments      INTEGER NOT NULL,
    attempts         INTEGER NOT NULL,
    stages           TEXT    NOT NULL,
    started_at       INTEGER NOT NULL,
    finished_at      INTEGER NOT NULL,
    PRIMARY KEY (batch, row_no)
) STRICT;
CREATE INDEX batch_rows_by_outcome ON batch_rows (batch, outcome, row_no);

CREATE TABLE checkpoints (
    batch    TEXT    NOT NULL,
    row_no   INTEGER NOT NULL,
    stage    TEXT    NOT NULL,
    encoding TEXT    NOT NULL, -- '' or 'gzip'
    payload  BLOB    NOT NULL,
    PRIMARY KEY (batch, row_no, stage),
    FOREIGN KEY (batch, row_no) REFERENCES batch_rows (batch, row_no) ON DELETE CASCADE
) STRICT;

CREATE TABLE documents (
    n             INTEGER PRIMARY KEY,
    project       TEXT    NOT NULL REFERENCES projects (id),
    id            TEXT    NOT NULL,
    sha256        TEXT    NOT NULL,
    pipeline      TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    uri           TEXT    NOT NULL,
    format        TEXT    NOT NULL,
    media_type    TEXT    NOT NULL,
    bytes         INTEGER NOT NULL,
    pages         INTEGER NOT NULL,
    characters    INTEGER NOT NULL,
    chunks        INTEGER NOT NULL,
    mentions      INTEGER NOT NULL,
    entities      INTEGER NOT NULL,
    relationships INTEGER NOT NULL,
    metadata      TEXT    NOT NULL,
    warnings      TEXT    NOT NULL,
    parts         TEXT    NOT NULL,
    batch         TEXT    NOT NULL, -- this and row_no: what read it
    row_no        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    UNIQUE (project, id),
    UNIQUE (project, sha256, pipeline)
) STRICT;

CREATE TABLE document_links (
    project    TEXT    NOT NULL,
    parent     TEXT    NOT NULL,
    ordinal    INTEGER NOT NULL, -- from 0
    child      TEXT    NOT NULL, -- '' if the attachment failed
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    sha256     TEXT    NOT NULL,
    bytes      INTEGER NOT NULL,
    outcome    TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    failure    TEXT    NOT NULL,
    PRIMARY KEY (project, parent, ordinal),
    FOREIGN KEY (project, parent) REFERENCES documents (project, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX document_links_by_child ON document_links (project, child);

CREATE TABLE texts (
    document INTEGER NOT NULL PRIMARY KEY REFERENCES documents (n) ON DELETE CASCADE,
    body     TEXT    NOT NULL
) STRICT;

CREATE TABLE pages (
    document   INTEGER NOT NULL REFERENCES documents (n) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL, -- from 0
    number     INTEGER NOT NULL, -- as the file counts
    char_start INTEGER NOT NULL,
    char_end   INTEGER NOT NULL,
    source     TEXT    NOT NULL,
    confidence REAL    NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunks (
    document   INTEGER NOT NULL REFERENCES documents (n) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL,
    char_start INTEGER NOT NULL,
    char_end   INTEGER NOT NULL,
    page       INTEGER NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE entities (
    n       INTEGER PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects (id),
    id      TEXT NOT NULL,
    type    TEXT NOT NULL,
    key     TEXT NOT NULL,
    name    TEXT NOT NULL,
    UNIQUE (project, id),
    UNIQUE (project, type, key)
) STRICT;

CREATE TABLE entity_aliases (
    project TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    entity  INTEGER NOT NULL REFERENCES entities (n) ON DELETE CASCADE,
    PRIMARY KEY (project, type, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX entity_aliases_by_entity ON entity_aliases (entity);

CREATE TABLE mentions (
    document   INTEGER NOT NULL REFERENCES documents (n) ON DELETE CASCADE,
    ordinal    INTEGER NOT NULL, -- from 0
    type       TEXT    NOT NULL,
    char_start INTEGER NOT NULL,
    char_end   INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    normalized TEXT    NOT NULL,
    confidence REAL    NOT NULL,
    role       TEXT    NOT NULL,
    chunk      INTEGER NOT NULL,
    entity     INTEGER REFERENCES entities (n),
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_entity ON mentions (entity, document);

CREATE TABLE relationships (
    document    INTEGER NOT NULL REFERENCES documents (n) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL, -- from 0
    type        TEXT    NOT NULL,
    from_entity INTEGER NOT NULL REFERENCES entities (n),
    to_entity   INTEGER NOT NULL REFERENCES entities (n),
    char_start  INTEGER NOT NULL,
    char_end    INTEGER NOT NULL,
    confidence  REAL    NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE relationships;
DROP TABLE mentions;
DROP TABLE entity_aliases;
DROP TABLE entities;
DROP TABLE chunks;
DROP TABLE pages;
DROP TABLE texts;
DROP TABLE document_links;
DROP TABLE documents;
DROP TABLE checkpoints;
DROP TABLE batch_rows;
DROP TABLE batches;
DROP TABLE projects;
