-- +goose Up

-- What people ask to have registered: a row here has no code, and no list,
-- search or feed knows it. registration is JSON without personal data.
CREATE TABLE proposals (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number       text COLLATE "C" NOT NULL UNIQUE,
    status       text COLLATE "C" NOT NULL CHECK (status IN ('proposed', 'verified', 'rejected', 'withdrawn', 'expired')),
    registration jsonb NOT NULL,
    commune_id   bigint NOT NULL REFERENCES admin_units,
    expected_id  bigint NOT NULL, -- the code that was free when it came; a preview
    version      bigint NOT NULL CHECK (version >= 1),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    decided_at   timestamptz,
    decided_by   text NOT NULL,
    reason       text NOT NULL,
    address_id   bigint REFERENCES addresses,
    CHECK ((status = 'verified') = (address_id IS NOT NULL)),
    CHECK ((status = 'proposed') = (decided_at IS NULL))
);
CREATE INDEX proposals_queue ON proposals (created_at, id) WHERE status = 'proposed';
CREATE INDEX proposals_address ON proposals (address_id) WHERE address_id IS NOT NULL;

-- Who holds the token is the owner of the proposal, and later of the address.
CREATE TABLE owner_tokens (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash        bytea NOT NULL UNIQUE, -- SHA-256 of the whole token
    proposal_id bigint UNIQUE REFERENCES proposals,
    address_id  bigint REFERENCES addresses,
    created_at  timestamptz NOT NULL,
    CHECK (proposal_id IS NOT NULL OR address_id IS NOT NULL)
);
CREATE INDEX owner_tokens_address ON owner_tokens (address_id) WHERE address_id IS NOT NULL;

-- The personal data: the only rows of the registry that are ever deleted.
CREATE TABLE contacts (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id    bigint UNIQUE REFERENCES proposals,
    address_id     bigint UNIQUE REFERENCES addresses,
    name           text NOT NULL,
    phone          text NOT NULL,
    email          text NOT NULL,
    delivery_notes text NOT NULL,
    consent_at     timestamptz,   -- when the person agreed; none: legal_basis
    legal_basis    text NOT NULL, -- why it is kept without consent
    version        bigint NOT NULL CHECK (version >= 1),
    updated_at     timestamptz NOT NULL,
    CHECK ((proposal_id IS NULL) <> (address_id IS NULL)),
    CHECK (consent_at IS NOT NULL OR legal_basis <> '')
);

-- Who read a contact. The reading of a proposal's passes to the address it becomes.
CREATE TABLE contact_reads (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proposal_id bigint REFERENCES proposals,
    address_id  bigint REFERENCES addresses,
    at          timestamptz NOT NULL,
    reader      text NOT NULL, -- the name of the key or of the person signed in
    role        text COLLATE "C" NOT NULL,
    purpose     text COLLATE "C" NOT NULL CHECK (purpose IN ('delivery', 'review', 'correction', 'export', 'handover')),
    CHECK (proposal_id IS NOT NULL OR address_id IS NOT NULL)
);
CREATE INDEX contact_reads_address ON contact_reads (address_id, at);
CREATE INDEX contact_reads_proposal ON contact_reads (proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX contact_reads_at ON contact_reads (at);

-- What anybody says is wrong with an address, and what its owner asks for.
CREATE TABLE reports (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number     text COLLATE "C" NOT NULL UNIQUE,
    address_id bigint NOT NULL REFERENCES addresses,
    claim      text COLLATE "C" NOT NULL CHECK (claim IN ('wrong_place', 'gone', 'duplicate', 'retirement')),
    note       text NOT NULL,
    lng        integer,
    lat        integer,
    other_id   bigint REFERENCES addresses, -- the one it is said to repeat
    status     text COLLATE "C" NOT NULL CHECK (status IN ('open', 'accepted', 'dismissed')),
    version    bigint NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by text NOT NULL,
    reason     text NOT NULL,
    CHECK ((lng IS NULL) = (lat IS NULL)),
    CHECK ((status = 'open') = (decided_at IS NULL))
);
CREATE INDEX reports_queue ON reports (created_at, id) WHERE status = 'open';
CREATE INDEX reports_address ON reports (address_id);

-- That somebody delivered at an address: a day and no name, so that nobody's
-- way can be read from it. mark keeps one courier from counting twice a day.
CREATE TABLE confirmations (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address_id bigint NOT NULL REFERENCES addresses,
    day        date NOT NULL,
    mark       bytea NOT NULL UNIQUE,
    lng        integer,
    lat        integer,
    CHECK ((lng IS NULL) = (lat IS NULL))
);
CREATE INDEX confirmations_address ON confirmations (address_id, day);

-- +goose Down
DROP TABLE confirmations, reports, contact_reads, contacts, owner_tokens, proposals;
