-- The completed rows whose documents lack something that a limit left out: their
-- reason says what.

-- +goose Up
CREATE INDEX batch_rows_partial ON batch_rows (batch) WHERE outcome = 'completed' AND reason <> '';

-- +goose Down
DROP INDEX batch_rows_partial;
