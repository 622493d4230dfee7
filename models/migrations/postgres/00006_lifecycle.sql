-- +goose Up

-- A succession ends when its address is restored; what was is kept, so that
-- the successions of any instant are known. version is the address's own since
-- the retirement.
ALTER TABLE address_successions
    ADD COLUMN version bigint NOT NULL DEFAULT 0,
    ADD COLUMN since   timestamptz NOT NULL DEFAULT '1970-01-01T00:00:00Z',
    ADD COLUMN until   timestamptz,
    DROP CONSTRAINT address_successions_pkey,
    ADD PRIMARY KEY (address_id, successor_id, version);

-- +goose Down
DELETE FROM address_successions WHERE until IS NOT NULL;
ALTER TABLE address_successions
    DROP CONSTRAINT address_successions_pkey,
    DROP COLUMN version,
    DROP COLUMN since,
    DROP COLUMN until,
    ADD PRIMARY KEY (address_id, successor_id);
