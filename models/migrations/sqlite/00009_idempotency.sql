-- +goose Up

-- Requests that were made once and must not be made again. Nothing here can be
-- read without the client's Idempotency-Key.
CREATE TABLE idempotency_keys (
    hash       BLOB PRIMARY KEY, -- SHA-256 of the caller and the key
    request    BLOB NOT NULL,    -- keyed hash of the request
    answer     BLOB,             -- encrypted; none: not answered yet
    created_at TIMESTAMP NOT NULL
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;
