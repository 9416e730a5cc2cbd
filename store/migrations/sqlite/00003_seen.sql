-- What scheduled intake saw at a source, so that nothing is taken twice, and what
-- has not changed need not be read again.

-- +goose Up
CREATE TABLE seen (
    project TEXT    NOT NULL,
    uri     TEXT    NOT NULL,
    version TEXT    NOT NULL, -- what tells this content from others without reading it; '' if nothing does
    sha256  TEXT    NOT NULL, -- '' if it could not be read
    failure TEXT    NOT NULL, -- the type of the error then
    batch   TEXT    NOT NULL, -- this and row_no: the row that took it; '' if the project held the content
    row_no  INTEGER NOT NULL,
    PRIMARY KEY (project, uri)
) STRICT, WITHOUT ROWID;
CREATE INDEX seen_by_content ON seen (project, sha256);

-- +goose Down
DROP TABLE seen;
