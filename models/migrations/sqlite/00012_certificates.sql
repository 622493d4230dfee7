-- +goose Up

-- The public keys that certificates were ever signed with; the private ones
-- are in no database.
CREATE TABLE certificate_keys (
    kid        TEXT NOT NULL PRIMARY KEY, -- thumbprint of the key (RFC 7638)
    public_key BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32), -- Ed25519
    created_at TIMESTAMP NOT NULL,
    revoked_at TIMESTAMP,
    reason     TEXT CHECK (reason <> ''), -- of revoking, for the operator
    CHECK ((revoked_at IS NULL) = (reason IS NULL))
);

-- +goose Down
DROP TABLE certificate_keys;
