-- Who commanded what, in lines that are added to and never changed.

-- +goose Up
CREATE TABLE audit (
    n      BIGINT PRIMARY KEY, -- from 1, without gaps
    key    TEXT COLLATE "C" NOT NULL UNIQUE, -- adding a line with a key that is there adds nothing
    at     BIGINT NOT NULL,
    actor  TEXT COLLATE "C" NOT NULL,
    phase  TEXT COLLATE "C" NOT NULL, -- asked or in_force
    action TEXT COLLATE "C" NOT NULL,
    batch  TEXT COLLATE "C" NOT NULL, -- '' if it is about none; no reference: a line outlives what it is about
    detail TEXT COLLATE "C" NOT NULL, -- JSON: an object of texts
    hash   TEXT COLLATE "C" NOT NULL  -- of the line before it and of this one, in hex
);
CREATE INDEX audit_by_batch ON audit (batch, n);

-- +goose StatementBegin
CREATE FUNCTION audit_is_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is added to, and not changed';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_added_to();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_is_added_to();

-- +goose Down
DROP TABLE audit;
DROP FUNCTION audit_is_added_to();
