-- The words of each chunk, to search by. The program splits text into words: it
-- indexes the documents that there are when it opens the database, and those that an
-- older program still saves.

-- +goose Up
ALTER TABLE documents ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0; -- by which version of the words; 0 if not yet
CREATE INDEX documents_to_index ON documents (n) WHERE indexed = 0;

ALTER TABLE chunks ADD COLUMN words TSVECTOR; -- NULL if not yet
CREATE INDEX chunks_by_words ON chunks USING gin (words);

-- +goose StatementBegin
CREATE FUNCTION text_is_not_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE documents SET indexed = 0 WHERE n = OLD.document; -- whoever replaces the text may not know of words
    RETURN NULL;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER words_follow_texts AFTER DELETE ON texts FOR EACH ROW EXECUTE FUNCTION text_is_not_indexed();

-- +goose Down
DROP TRIGGER words_follow_texts ON texts;
DROP FUNCTION text_is_not_indexed();
DROP INDEX chunks_by_words;
ALTER TABLE chunks DROP COLUMN words;
DROP INDEX documents_to_index;
ALTER TABLE documents DROP COLUMN indexed;
