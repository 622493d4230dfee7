-- +goose Up

-- What people ask to have registered: a row here has no code, and no list,
-- search or feed knows it. registration is JSON without personal data.
CREATE TABLE proposals (
    id           INTEGER PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    status       TEXT NOT NULL CHECK (status IN ('proposed', 'verified', 'rejected', 'withdrawn', 'expired')),
    registration TEXT NOT NULL,
    commune_id   INTEGER NOT NULL REFERENCES admin_units,
    expected_id  INTEGER NOT NULL, -- the code that was free when it came; a preview
    version      INTEGER NOT NULL CHECK (version >= 1),
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    decided_at   TIMESTAMP,
    decided_by   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    address_id   INTEGER REFERENCES addresses,
    CHECK ((status = 'verified') = (address_id IS NOT NULL)),
    CHECK ((status = 'proposed') = (decided_at IS NULL))
);
CREATE INDEX proposals_queue ON proposals (created_at, id) WHERE status = 'proposed';
CREATE INDEX proposals_address ON proposals (address_id) WHERE address_id IS NOT NULL;

-- Who holds the token is the owner of the proposal, and later of the address.
CREATE TABLE owner_tokens (
    id          INTEGER PRIMARY KEY,
    hash        BLOB NOT NULL UNIQUE, -- SHA-256 of the whole token
    proposal_id INTEGER UNIQUE REFERENCES proposals,
    address_id  INTEGER REFERENCES addresses,
    created_at  TIMESTAMP NOT NULL,
    CHECK (proposal_id IS NOT NULL OR address_id IS NOT NULL)
);
CREATE INDEX owner_tokens_address ON owner_tokens (address_id) WHERE address_id IS NOT NULL;

-- The personal data: the only rows of the registry that are ever deleted.
CREATE TABLE contacts (
    id             INTEGER PRIMARY KEY,
    proposal_id    INTEGER UNIQUE REFERENCES proposals,
    address_id     INTEGER UNIQUE REFERENCES addresses,
    name           TEXT NOT NULL,
    phone          TEXT NOT NULL,
    email          TEXT NOT NULL,
    delivery_notes TEXT NOT NULL,
    consent_at     TIMESTAMP,   -- when the person agreed; none: legal_basis
    legal_basis    TEXT NOT NULL, -- why it is kept without consent
    version        INTEGER NOT NULL CHECK (version >= 1),
    updated_at     TIMESTAMP NOT NULL,
    CHECK ((proposal_id IS NULL) <> (address_id IS NULL)),
    CHECK (consent_at IS NOT NULL OR legal_basis <> '')
);

-- Who read a contact. The reading of a proposal's passes to the address it becomes.
CREATE TABLE contact_reads (
    id          INTEGER PRIMARY KEY,
    proposal_id INTEGER REFERENCES proposals,
    address_id  INTEGER REFERENCES addresses,
    at          TIMESTAMP NOT NULL,
    reader      TEXT NOT NULL, -- the name of the key or of the person signed in
    role        TEXT NOT NULL,
    purpose     TEXT NOT NULL CHECK (purpose IN ('delivery', 'review', 'correction', 'export', 'handover')),
    CHECK (proposal_id IS NOT NULL OR address_id IS NOT NULL)
);
CREATE INDEX contact_reads_address ON contact_reads (address_id, at);
CREATE INDEX contact_reads_proposal ON contact_reads (proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX contact_reads_at ON contact_reads (at);

-- What anybody says is wrong with an address, and what its owner asks for.
CREATE TABLE reports (
    id         INTEGER PRIMARY KEY,
    number     TEXT NOT NULL UNIQUE,
    address_id INTEGER NOT NULL REFERENCES addresses,
    claim      TEXT NOT NULL CHECK (claim IN ('wrong_place', 'gone', 'duplicate', 'retirement')),
    note       TEXT NOT NULL,
    lng        INTEGER,
    lat        INTEGER,
    other_id   INTEGER REFERENCES addresses, -- the one it is said to repeat
    status     TEXT NOT NULL CHECK (status IN ('open', 'accepted', 'dismissed')),
    version    INTEGER NOT NULL CHECK (version >= 1),
    created_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP,
    decided_by TEXT NOT NULL,
    reason     TEXT NOT NULL,
    CHECK ((lng IS NULL) = (lat IS NULL)),
    CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX reports_queue ON reports (created_at, id) WHERE status = 'open';
CREATE INDEX reports_address ON reports (address_id);

-- That somebody delivered at an address: a day and no name, so that nobody's
-- way can be read from it. mark keeps one courier from counting twice a day.
CREATE TABLE confirmations (
    id         INTEGER PRIMARY KEY,
    address_id INTEGER NOT NULL REFERENCES addresses,
    day        TEXT NOT NULL,
    mark       BLOB NOT NULL UNIQUE,
    lng        INTEGER,
    lat        INTEGER,
    CHECK ((lng IS NULL) = (lat IS NULL))
);
CREATE INDEX confirmations_address ON confirmations (address_id, day);

-- +goose Down
DROP TABLE confirmations;
DROP TABLE reports;
DROP TABLE contact_reads;
DROP TABLE contacts;
DROP TABLE owner_tokens;
DROP TABLE proposals;
