-- The words of each chunk, to search by. The program splits text into words: it
-- indexes the documents that there are when it opens the database, and those that an
-- older program still saves.

-- +goose Up
ALTER TABLE documents ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0; -- by which version of the words; 0 if not yet
CREATE INDEX documents_to_index ON documents (n) WHERE indexed = 0;

-- The words alone are kept, and no text. rowid is the document's n * 2^24 + the chunk's ordinal.
CREATE VIRTUAL TABLE passages USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');

-- +goose StatementBegin
CREATE TRIGGER passages_follow_texts AFTER DELETE ON texts
BEGIN
    DELETE FROM passages WHERE rowid BETWEEN OLD.document << 24 AND (OLD.document << 24) + 16777215;
    UPDATE documents SET indexed = 0 WHERE n = OLD.document; -- whoever replaces the text may not know of words
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER passages_follow_texts;
DROP TABLE passages;
DROP INDEX documents_to_index;
ALTER TABLE documents DROP COLUMN indexed;
