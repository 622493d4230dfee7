-- +goose Up

-- How many addresses there are, so that statistics and maps need no scan. They
-- are kept up under the lock of the change log; a row may have come down to 0.
-- No CHECK: what is subtracted is negative until it meets its row. The program
-- fills them where there are addresses already.
CREATE TABLE address_counts (
    commune_id        bigint NOT NULL,
    former_commune_id bigint NOT NULL, -- 0: unknown
    kind              text COLLATE "C" NOT NULL,
    status            text COLLATE "C" NOT NULL,
    verification      text COLLATE "C" NOT NULL,
    addresses         bigint NOT NULL,
    PRIMARY KEY (commune_id, former_commune_id, kind, status, verification)
);

-- The same by the first day of validity; the rows of commune 0 are of all.
CREATE TABLE address_days (
    commune_id   bigint NOT NULL,
    day          date NOT NULL,
    kind         text COLLATE "C" NOT NULL,
    status       text COLLATE "C" NOT NULL,
    verification text COLLATE "C" NOT NULL,
    addresses    bigint NOT NULL,
    PRIMARY KEY (commune_id, day, kind, status, verification)
);

-- The current addresses in each map tile of some zoom levels, and the sums of
-- their coordinates (1e-7 degree), which give the middle of them. The bits of
-- a tile's x and y take turns in its number (y first), so that the tiles within
-- a larger one are a range.
CREATE TABLE address_tiles (
    zoom      smallint NOT NULL,
    tile      bigint NOT NULL,
    addresses bigint NOT NULL,
    lng_sum   bigint NOT NULL,
    lat_sum   bigint NOT NULL,
    PRIMARY KEY (zoom, tile)
);

-- +goose Down
DROP TABLE address_tiles, address_days, address_counts;
