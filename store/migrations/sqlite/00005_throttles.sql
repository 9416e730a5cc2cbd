-- Services that asked for fewer requests, for all workers to see.

-- +goose Up
CREATE TABLE throttles (
    service TEXT    NOT NULL PRIMARY KEY,
    until   INTEGER NOT NULL, -- when it may be asked again
    strikes INTEGER NOT NULL  -- how often it has asked since it last answered
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE throttles;
