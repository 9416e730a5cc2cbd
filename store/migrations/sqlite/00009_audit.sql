-- Who commanded what, in lines that are added to and never changed.

-- +goose Up
CREATE TABLE audit (
    n      INTEGER PRIMARY KEY, -- from 1, without gaps
    key    TEXT    NOT NULL UNIQUE, -- adding a line with a key that is there adds nothing
    at     INTEGER NOT NULL,
    actor  TEXT    NOT NULL,
    phase  TEXT    NOT NULL, -- asked or in_force
    action TEXT    NOT NULL,
    batch  TEXT    NOT NULL, -- '' if it is about none; no reference: a line outlives what it is about
    detail TEXT    NOT NULL, -- JSON: an object of texts
    hash   TEXT    NOT NULL  -- of the line before it and of this one, in hex
) STRICT;
CREATE INDEX audit_by_batch ON audit (batch, n);

-- +goose StatementBegin
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is added to, and not changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is added to, and not shortened');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE audit;
