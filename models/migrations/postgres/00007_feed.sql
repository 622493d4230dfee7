-- +goose Up

-- What the numbers of the change log belong to: another one after a backup was
-- restored, so that readers of the feed begin again. a-z and 0-9, made once.
ALTER TABLE registry ADD COLUMN epoch text COLLATE "C" NOT NULL
    DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 8) CHECK (epoch ~ '^[a-z0-9]{8}$');
ALTER TABLE registry ALTER COLUMN epoch DROP DEFAULT;

-- +goose Down
ALTER TABLE registry DROP COLUMN epoch;
