-- Which rule gave a failure its category.

-- +goose Up
ALTER TABLE batch_rows ADD COLUMN rule TEXT COLLATE "C" NOT NULL DEFAULT ''; -- '' if it was not kept

-- +goose Down
ALTER TABLE batch_rows DROP COLUMN rule;
