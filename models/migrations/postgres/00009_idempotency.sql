-- +goose Up

-- Requests that were made once and must not be made again. Nothing here can be
-- read without the client's Idempotency-Key.
CREATE TABLE idempotency_keys (
    hash       bytea PRIMARY KEY, -- SHA-256 of the caller and the key
    request    bytea NOT NULL,    -- keyed hash of the request
    answer     bytea,             -- encrypted; none: not answered yet
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;
