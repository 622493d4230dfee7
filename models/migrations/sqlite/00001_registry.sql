-- +goose Up

-- One row: facts about this registry as a whole.
CREATE TABLE registry (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    units_epoch INTEGER NOT NULL -- raised by every change of units, postcodes or boundaries
) STRICT;
INSERT INTO registry (id, units_epoch) VALUES (1, 1);

CREATE TABLE admin_units (
    id          INTEGER PRIMARY KEY,
    level       TEXT NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    code        TEXT NOT NULL CHECK (code <> ''),
    parent_code TEXT NOT NULL DEFAULT '',
    full_name   TEXT NOT NULL CHECK (full_name <> ''),
    kind        TEXT NOT NULL CHECK (kind <> ''),
    valid_from  TEXT NOT NULL,
    valid_to    TEXT,           -- half-open: the first day it is no more
    boundary    TEXT,           -- EWKB in hexadecimal
    UNIQUE (code, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT;

CREATE TABLE unit_successions (
    unit_id      INTEGER NOT NULL REFERENCES admin_units,
    successor_id INTEGER NOT NULL REFERENCES admin_units,
    is_default   INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    PRIMARY KEY (unit_id, successor_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE postcodes (
    unit_id    INTEGER NOT NULL REFERENCES admin_units,
    postcode   TEXT NOT NULL CHECK (length(postcode) BETWEEN 2 AND 5 AND postcode NOT GLOB '*[^0-9]*'),
    valid_from TEXT NOT NULL,
    valid_to   TEXT,
    PRIMARY KEY (unit_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
) STRICT, WITHOUT ROWID;

-- lng and lat are integers of 1e-7 degree (WGS 84); instants (TIMESTAMP) are
-- milliseconds since 1970 in UTC; booleans 0 and 1.
CREATE TABLE addresses (
    id                 INTEGER PRIMARY KEY
                       CHECK (id >= 0 AND id < 512000000000 * 8192 AND id % 8192 <= 8000),
    code               TEXT NOT NULL,
    kind               TEXT NOT NULL
                       CHECK (kind IN ('household', 'business', 'farm', 'shop', 'public', 'landmark')),
    status             TEXT NOT NULL CHECK (status IN ('current', 'retired')),
    verification       TEXT NOT NULL
                       CHECK (verification IN ('declared', 'imported', 'field', 'certified')),
    verified_by        TEXT NOT NULL,
    verified_at        TIMESTAMP NOT NULL,
    name               TEXT NOT NULL,
    name_public        BOOLEAN NOT NULL,
    unit_label         TEXT NOT NULL,
    building           TEXT NOT NULL,
    house_number       TEXT NOT NULL,
    alley              TEXT NOT NULL,
    street             TEXT NOT NULL,
    group_name         TEXT NOT NULL,
    hamlet             TEXT NOT NULL,
    commune_id         INTEGER NOT NULL REFERENCES admin_units,
    former_commune_id  INTEGER REFERENCES admin_units,
    lng                INTEGER NOT NULL CHECK (lng >= 1000000000 AND lng < 1200000000),
    lat                INTEGER NOT NULL CHECK (lat >= 40000000 AND lat < 240000000),
    accuracy_m         REAL CHECK (accuracy_m > 0),
    position_kind      TEXT NOT NULL,
    position_method    TEXT NOT NULL,
    door_key           TEXT NOT NULL,
    unit_key           TEXT NOT NULL,
    name_key           TEXT NOT NULL,
    valid_from         TEXT NOT NULL,
    valid_to           TEXT,
    version            INTEGER NOT NULL CHECK (version >= 1),
    created_at         TIMESTAMP NOT NULL,
    updated_at         TIMESTAMP NOT NULL,
    CHECK (kind <> 'household' OR name = '')
);
CREATE INDEX addresses_commune ON addresses (commune_id, id);
CREATE INDEX addresses_door ON addresses (commune_id, door_key, unit_key) WHERE door_key <> '';
CREATE INDEX addresses_name ON addresses (name_key, lat) WHERE name_key <> '';
CREATE INDEX addresses_bare ON addresses (lat, lng) WHERE door_key = '' AND name_key = '';
CREATE INDEX addresses_former ON addresses (former_commune_id, id) WHERE former_commune_id IS NOT NULL;
CREATE INDEX addresses_retired ON addresses (id) WHERE status = 'retired';
CREATE INDEX addresses_updated ON addresses (updated_at, id);

CREATE VIRTUAL TABLE addresses_box USING rtree_i32(id, min_lng, max_lng, min_lat, max_lat);
-- +goose StatementBegin
CREATE TRIGGER addresses_box_insert AFTER INSERT ON addresses BEGIN
    INSERT INTO addresses_box VALUES (new.id, new.lng, new.lng, new.lat, new.lat);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER addresses_box_update AFTER UPDATE OF lng, lat ON addresses
WHEN new.lng <> old.lng OR new.lat <> old.lat BEGIN
    UPDATE addresses_box SET min_lng = new.lng, max_lng = new.lng, min_lat = new.lat, max_lat = new.lat
    WHERE id = new.id;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER addresses_box_delete AFTER DELETE ON addresses BEGIN
    DELETE FROM addresses_box WHERE id = old.id;
END;
-- +goose StatementEnd

CREATE TABLE address_successions (
    address_id   INTEGER NOT NULL REFERENCES addresses,
    successor_id INTEGER NOT NULL REFERENCES addresses,
    PRIMARY KEY (address_id, successor_id),
    CHECK (address_id <> successor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_successions_successor ON address_successions (successor_id);

CREATE TABLE identifiers (
    id         INTEGER PRIMARY KEY,
    address_id INTEGER NOT NULL REFERENCES addresses,
    scheme     TEXT NOT NULL CHECK (scheme IN ('ref', 'dia_chi_so', 'dinh_danh')),
    source     TEXT NOT NULL,
    value      TEXT NOT NULL CHECK (value <> ''),
    valid_from TEXT,
    valid_to   TEXT
) STRICT;
CREATE INDEX identifiers_address ON identifiers (address_id);
CREATE INDEX identifiers_value ON identifiers (scheme, value) WHERE scheme <> 'ref';
CREATE UNIQUE INDEX identifiers_ref ON identifiers (source, value) WHERE scheme = 'ref';

-- seq is commit order: SQLite has one writer at a time.
CREATE TABLE changes (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    at         TIMESTAMP NOT NULL,
    op         TEXT NOT NULL
               CHECK (op IN ('insert', 'update', 'verify', 'retire', 'restore', 'move', 'reject')),
    address_id INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    actor      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    before     TEXT -- an update's changed public fields with their old values
);
CREATE INDEX changes_address ON changes (address_id, seq);

CREATE TABLE api_keys (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL CHECK (name <> ''),
    role         TEXT NOT NULL CHECK (role IN ('admin')),
    hash         BLOB NOT NULL UNIQUE, -- SHA-256 of the whole key
    created_at   TIMESTAMP NOT NULL,
    expires_at   TIMESTAMP,
    last_used_at TIMESTAMP
);

-- +goose Down
DROP TABLE api_keys;
DROP TABLE changes;
DROP TABLE identifiers;
DROP TABLE address_successions;
DROP TABLE addresses_box;
DROP TABLE addresses;
DROP TABLE postcodes;
DROP TABLE unit_successions;
DROP TABLE admin_units;
DROP TABLE registry;
