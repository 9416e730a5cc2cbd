-- Which names documents have for one, and which joins of entities follow from all of
-- them, whatever the order in which the documents came.

-- +goose Up
DROP INDEX entity_aliases_by_entity;
ALTER TABLE entity_aliases RENAME TO entity_aliases_before;
CREATE TABLE entity_aliases (
    project TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    entity  INTEGER NOT NULL REFERENCES entities (n) ON DELETE CASCADE,
    seen    INTEGER NOT NULL DEFAULT 1, -- 1: a document has both names for one; 0: this one could be short for the entity's
    PRIMARY KEY (project, type, key, entity)
) STRICT, WITHOUT ROWID;
INSERT INTO entity_aliases (project, type, key, entity) SELECT project, type, key, entity FROM entity_aliases_before;
DROP TABLE entity_aliases_before;
CREATE INDEX entity_aliases_by_entity ON entity_aliases (entity);

ALTER TABLE entity_decisions ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0; -- 1: nobody's, it follows from what documents say
DROP INDEX entity_decisions_by_project;
CREATE INDEX entity_decisions_by_project ON entity_decisions (project, automatic, n);
ALTER TABLE entities ADD COLUMN apart_by INTEGER REFERENCES entity_decisions (n); -- who took a join of it back: it is joined no more

-- +goose Down
-- Joins stay, as merges.
UPDATE entity_decisions SET action = CASE action WHEN 'join' THEN 'merge' WHEN 'part' THEN 'undo' ELSE action END;
ALTER TABLE entities DROP COLUMN apart_by;
DROP INDEX entity_decisions_by_project;
ALTER TABLE entity_decisions DROP COLUMN automatic;
CREATE INDEX entity_decisions_by_project ON entity_decisions (project, n);
DROP INDEX entity_aliases_by_entity;
ALTER TABLE entity_aliases RENAME TO entity_aliases_after;
CREATE TABLE entity_aliases (
    project TEXT    NOT NULL,
    type    TEXT    NOT NULL,
    key     TEXT    NOT NULL,
    entity  INTEGER NOT NULL REFERENCES entities (n) ON DELETE CASCADE,
    PRIMARY KEY (project, type, key)
) STRICT, WITHOUT ROWID;
INSERT INTO entity_aliases SELECT project, type, key, min(entity) FROM entity_aliases_after WHERE seen = 1 GROUP BY project, type, key;
DROP TABLE entity_aliases_after;
CREATE INDEX entity_aliases_by_entity ON entity_aliases (entity);
