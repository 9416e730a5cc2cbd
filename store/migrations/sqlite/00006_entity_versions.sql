-- When the entities of a project changed, so that a copy of them can be told to be
-- up to date, and brought up to date.

-- +goose Up
CREATE TABLE entity_versions (
    project TEXT    NOT NULL REFERENCES projects (id),
    version INTEGER NOT NULL, -- the highest is the project's; one without any has version 0
    PRIMARY KEY (project, version)
) STRICT, WITHOUT ROWID;

ALTER TABLE entities ADD COLUMN version INTEGER NOT NULL DEFAULT 0; -- the project's, by this one's latest change
CREATE INDEX entities_by_version ON entities (project, version);

-- +goose Down
DROP INDEX entities_by_version;
ALTER TABLE entities DROP COLUMN version;
DROP TABLE entity_versions;
