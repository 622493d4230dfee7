-- +goose Up

-- Only a superuser may add it; where it is there already this does nothing.
CREATE EXTENSION IF NOT EXISTS postgis;

-- One row: facts about this registry as a whole.
CREATE TABLE registry (
    id          smallint PRIMARY KEY CHECK (id = 1),
    units_epoch bigint NOT NULL -- raised by every change of units, postcodes or boundaries
);
INSERT INTO registry (id, units_epoch) VALUES (1, 1);

CREATE TABLE admin_units (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    level       text COLLATE "C" NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    code        text COLLATE "C" NOT NULL CHECK (code <> ''),
    parent_code text COLLATE "C" NOT NULL DEFAULT '',
    full_name   text NOT NULL CHECK (full_name <> ''),
    kind        text NOT NULL CHECK (kind <> ''),
    valid_from  date NOT NULL,
    valid_to    date,          -- half-open: the first day it is no more
    boundary    geometry(MultiPolygon, 4326),
    UNIQUE (code, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);

CREATE TABLE unit_successions (
    unit_id      bigint NOT NULL REFERENCES admin_units,
    successor_id bigint NOT NULL REFERENCES admin_units,
    is_default   boolean NOT NULL,
    PRIMARY KEY (unit_id, successor_id)
);

CREATE TABLE postcodes (
    unit_id    bigint NOT NULL REFERENCES admin_units,
    postcode   text COLLATE "C" NOT NULL CHECK (postcode ~ '^[0-9]{2,5}$'),
    valid_from date NOT NULL,
    valid_to   date,
    PRIMARY KEY (unit_id, valid_from),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);

-- lng and lat are integers of 1e-7 degree (WGS 84).
CREATE TABLE addresses (
    id                 bigint PRIMARY KEY
                       CHECK (id >= 0 AND id < 512000000000 * 8192 AND id % 8192 <= 8000),
    code               text COLLATE "C" NOT NULL,
    kind               text COLLATE "C" NOT NULL
                       CHECK (kind IN ('household', 'business', 'farm', 'shop', 'public', 'landmark')),
    status             text COLLATE "C" NOT NULL CHECK (status IN ('current', 'retired')),
    verification       text COLLATE "C" NOT NULL
                       CHECK (verification IN ('declared', 'imported', 'field', 'certified')),
    verified_by        text NOT NULL,
    verified_at        timestamptz NOT NULL,
    name               text NOT NULL,
    name_public        boolean NOT NULL,
    unit_label         text NOT NULL,
    building           text NOT NULL,
    house_number       text NOT NULL,
    alley              text NOT NULL,
    street             text NOT NULL,
    group_name         text NOT NULL,
    hamlet             text NOT NULL,
    commune_id         bigint NOT NULL REFERENCES admin_units,
    former_commune_id  bigint REFERENCES admin_units,
    lng                integer NOT NULL CHECK (lng >= 1000000000 AND lng < 1200000000),
    lat                integer NOT NULL CHECK (lat >= 40000000 AND lat < 240000000),
    accuracy_m         double precision CHECK (accuracy_m > 0),
    position_kind      text COLLATE "C" NOT NULL,
    position_method    text COLLATE "C" NOT NULL,
    door_key           text COLLATE "C" NOT NULL,
    unit_key           text COLLATE "C" NOT NULL,
    name_key           text COLLATE "C" NOT NULL,
    valid_from         date NOT NULL,
    valid_to           date,
    version            bigint NOT NULL CHECK (version >= 1),
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    geom geometry(Point, 4326) GENERATED ALWAYS AS
        (ST_SetSRID(ST_MakePoint(lng / 1e7::double precision, lat / 1e7::double precision), 4326)) STORED,
    CHECK (kind <> 'household' OR name = '')
);
CREATE INDEX addresses_geom ON addresses USING gist (geom);
CREATE INDEX addresses_commune ON addresses (commune_id, id);
CREATE INDEX addresses_door ON addresses (commune_id, door_key, unit_key) WHERE door_key <> '';
CREATE INDEX addresses_name ON addresses (name_key, lat) WHERE name_key <> '';
CREATE INDEX addresses_bare ON addresses (lat, lng) WHERE door_key = '' AND name_key = '';
CREATE INDEX addresses_former ON addresses (former_commune_id, id) WHERE former_commune_id IS NOT NULL;
CREATE INDEX addresses_retired ON addresses (id) WHERE status = 'retired';
CREATE INDEX addresses_updated ON addresses (updated_at, id);

CREATE TABLE address_successions (
    address_id   bigint NOT NULL REFERENCES addresses,
    successor_id bigint NOT NULL REFERENCES addresses,
    PRIMARY KEY (address_id, successor_id),
    CHECK (address_id <> successor_id)
);
CREATE INDEX address_successions_successor ON address_successions (successor_id);

CREATE TABLE identifiers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address_id bigint NOT NULL REFERENCES addresses,
    scheme     text COLLATE "C" NOT NULL CHECK (scheme IN ('ref', 'dia_chi_so', 'dinh_danh')),
    source     text COLLATE "C" NOT NULL,
    value      text COLLATE "C" NOT NULL CHECK (value <> ''),
    valid_from date,
    valid_to   date
);
CREATE INDEX identifiers_address ON identifiers (address_id);
CREATE INDEX identifiers_value ON identifiers (scheme, value) WHERE scheme <> 'ref';
CREATE UNIQUE INDEX identifiers_ref ON identifiers (source, value) WHERE scheme = 'ref';

-- seq is commit order: a writer takes an advisory lock before it inserts here.
CREATE TABLE changes (
    seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    op         text COLLATE "C" NOT NULL
               CHECK (op IN ('insert', 'update', 'verify', 'retire', 'restore', 'move', 'reject')),
    address_id bigint NOT NULL,
    version    bigint NOT NULL,
    actor      text NOT NULL,
    reason     text NOT NULL,
    before     jsonb -- an update's changed public fields with their old values
);
CREATE INDEX changes_address ON changes (address_id, seq);

CREATE TABLE api_keys (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL CHECK (name <> ''),
    role         text COLLATE "C" NOT NULL CHECK (role IN ('admin')),
    hash         bytea NOT NULL UNIQUE, -- SHA-256 of the whole key
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz
);

-- +goose Down
DROP TABLE api_keys, changes, identifiers, address_successions, addresses,
    postcodes, unit_successions, admin_units, registry;
