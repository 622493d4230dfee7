-- +goose Up

-- People who are signed in. A session made with a key has the key's role and
-- communes and ends with that text of the key; one from a provider has its own.
CREATE TABLE sessions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash         bytea NOT NULL UNIQUE, -- SHA-256 of what the cookie holds
    key_hash     bytea,                 -- as in api_keys
    subject      bytea,                 -- SHA-256 of the provider and its name for the person
    role         text COLLATE "C" NOT NULL CHECK (role IN ('', 'courier', 'officer', 'admin')),
    name         text NOT NULL,         -- of the person, told to nobody else; goes with the session
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,  -- to the minute
    CHECK ((key_hash IS NULL) <> (subject IS NULL)),
    CHECK ((subject IS NULL) = (role = ''))
);
CREATE INDEX sessions_key ON sessions (key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX sessions_subject ON sessions (subject) WHERE subject IS NOT NULL;

CREATE TABLE session_communes (
    session_id bigint NOT NULL REFERENCES sessions ON DELETE CASCADE,
    unit_id    bigint NOT NULL REFERENCES admin_units,
    PRIMARY KEY (session_id, unit_id)
);

-- +goose Down
DROP TABLE session_communes, sessions;
