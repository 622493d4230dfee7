-- +goose Up

-- The secret that the marks of confirmations of one day are made with. It is
-- replaced when the next day begins: from then on nobody can tell whose an
-- older mark is.
ALTER TABLE registry ADD COLUMN mark_secret BLOB NOT NULL DEFAULT x'';
ALTER TABLE registry ADD COLUMN mark_day TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE registry DROP COLUMN mark_day;
ALTER TABLE registry DROP COLUMN mark_secret;
