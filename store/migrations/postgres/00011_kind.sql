-- What sort of document each is, and how sure that is.

-- +goose Up
ALTER TABLE documents ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN kind_confidence DOUBLE PRECISION NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE documents DROP COLUMN kind_confidence;
ALTER TABLE documents DROP COLUMN kind;
