-- +goose Up

-- A succession ends when its address is restored; what was is kept, so that
-- the successions of any instant are known. version is the address's own since
-- the retirement.
CREATE TABLE new_successions (
    address_id   INTEGER NOT NULL REFERENCES addresses,
    successor_id INTEGER NOT NULL REFERENCES addresses,
    version      INTEGER NOT NULL DEFAULT 0,
    since        TIMESTAMP NOT NULL DEFAULT 0,
    until        TIMESTAMP,
    PRIMARY KEY (address_id, successor_id, version),
    CHECK (address_id <> successor_id)
) WITHOUT ROWID;
INSERT INTO new_successions (address_id, successor_id) SELECT address_id, successor_id FROM address_successions;
DROP TABLE address_successions;
ALTER TABLE new_successions RENAME TO address_successions;
CREATE INDEX address_successions_successor ON address_successions (successor_id);

-- +goose Down
CREATE TABLE old_successions (
    address_id   INTEGER NOT NULL REFERENCES addresses,
    successor_id INTEGER NOT NULL REFERENCES addresses,
    PRIMARY KEY (address_id, successor_id),
    CHECK (address_id <> successor_id)
) STRICT, WITHOUT ROWID;
INSERT INTO old_successions (address_id, successor_id) SELECT address_id, successor_id FROM address_successions WHERE until IS NULL;
DROP TABLE address_successions;
ALTER TABLE old_successions RENAME TO address_successions;
CREATE INDEX address_successions_successor ON address_successions (successor_id);
