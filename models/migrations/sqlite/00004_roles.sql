-- +goose Up

-- SQLite changes a CHECK by a new table.
CREATE TABLE new_keys (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL CHECK (name <> ''),
    role         TEXT NOT NULL CHECK (role IN ('courier', 'officer', 'admin')),
    hash         BLOB NOT NULL UNIQUE, -- SHA-256 of the whole key
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at   TIMESTAMP
);
INSERT INTO new_keys (id, name, role, hash, created_at, expires_at, last_used_at, revoked_at)
SELECT id, name, role, hash, created_at, expires_at, last_used_at, revoked_at FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE new_keys RENAME TO api_keys;

-- The communes that an officer's key writes in.
CREATE TABLE api_key_communes (
    key_id  INTEGER NOT NULL REFERENCES api_keys,
    unit_id INTEGER NOT NULL REFERENCES admin_units,
    PRIMARY KEY (key_id, unit_id)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE api_key_communes;
CREATE TABLE new_keys (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL CHECK (name <> ''),
    role         TEXT NOT NULL CHECK (role IN ('admin')),
    hash         BLOB NOT NULL UNIQUE,
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP,
    last_used_at TIMESTAMP,
    revoked_at   TIMESTAMP
);
INSERT INTO new_keys (id, name, role, hash, created_at, expires_at, last_used_at, revoked_at)
SELECT id, name, role, hash, created_at, expires_at, last_used_at, revoked_at FROM api_keys WHERE role = 'admin';
DROP TABLE api_keys;
ALTER TABLE new_keys RENAME TO api_keys;
