-- +goose Up

-- What the numbers of the change log belong to: another one after a backup was
-- restored, so that readers of the feed begin again. a-z and 0-9, made once.
ALTER TABLE registry ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
UPDATE registry SET epoch = lower(hex(randomblob(4)));

-- +goose Down
ALTER TABLE registry DROP COLUMN epoch;
