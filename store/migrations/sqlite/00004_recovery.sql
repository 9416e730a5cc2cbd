-- Batches that recover what failed in another.

-- +goose Up
ALTER TABLE batches ADD COLUMN recovers TEXT NOT NULL DEFAULT ''; -- the batch whose failed rows these are
CREATE INDEX batches_by_recovered ON batches (recovers);

ALTER TABLE batch_rows ADD COLUMN origin_row INTEGER NOT NULL DEFAULT 0; -- the row in that batch
ALTER TABLE batch_rows ADD COLUMN cause TEXT NOT NULL DEFAULT ''; -- fingerprint of the failure that is recovered
ALTER TABLE batch_rows ADD COLUMN refused INTEGER NOT NULL DEFAULT 0; -- 1 if it failed at submission, and so never ran
CREATE UNIQUE INDEX batch_rows_by_origin ON batch_rows (batch, origin_row) WHERE origin_row > 0;

UPDATE batch_rows SET refused = 1
WHERE outcome = 'failed' AND attempts = 0 AND stages = '' AND (started_at = 0 OR started_at = finished_at);

-- +goose Down
DROP INDEX batch_rows_by_origin;
ALTER TABLE batch_rows DROP COLUMN refused;
ALTER TABLE batch_rows DROP COLUMN cause;
ALTER TABLE batch_rows DROP COLUMN origin_row;
DROP INDEX batches_by_recovered;
ALTER TABLE batches DROP COLUMN recovers;
