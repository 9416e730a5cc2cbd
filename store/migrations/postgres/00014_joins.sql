-- Which names documents have for one, and which joins of entities follow from all of
-- them, whatever the order in which the documents came.

-- +goose Up
ALTER TABLE entity_aliases DROP CONSTRAINT entity_aliases_pkey;
ALTER TABLE entity_aliases ADD COLUMN seen INTEGER NOT NULL DEFAULT 1; -- 1: a document has both names for one; 0: this one could be short for the entity's
ALTER TABLE entity_aliases ADD PRIMARY KEY (project, type, key, entity);

ALTER TABLE entity_decisions ADD COLUMN automatic INTEGER NOT NULL DEFAULT 0; -- 1: nobody's, it follows from what documents say
DROP INDEX entity_decisions_by_project;
CREATE INDEX entity_decisions_by_project ON entity_decisions (project, automatic, n);
ALTER TABLE entities ADD COLUMN apart_by BIGINT REFERENCES entity_decisions (n); -- who took a join of it back: it is joined no more

-- +goose Down
-- Joins stay, as merges.
UPDATE entity_decisions SET action = CASE action WHEN 'join' THEN 'merge' WHEN 'part' THEN 'undo' ELSE action END;
ALTER TABLE entities DROP COLUMN apart_by;
DROP INDEX entity_decisions_by_project;
ALTER TABLE entity_decisions DROP COLUMN automatic;
CREATE INDEX entity_decisions_by_project ON entity_decisions (project, n);
DELETE FROM entity_aliases WHERE seen = 0;
DELETE FROM entity_aliases AS a USING entity_aliases AS o
    WHERE o.project = a.project AND o.type = a.type AND o.key = a.key AND o.entity < a.entity;
ALTER TABLE entity_aliases DROP CONSTRAINT entity_aliases_pkey;
ALTER TABLE entity_aliases DROP COLUMN seen;
ALTER TABLE entity_aliases ADD PRIMARY KEY (project, type, key);
