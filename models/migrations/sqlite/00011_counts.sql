-- +goose Up

-- How many addresses there are, so that statistics and maps need no scan. They
-- are kept up in the transaction of each change; a row may have come down to 0.
-- No CHECK: what is subtracted is negative until it meets its row. The program
-- fills them where there are addresses already.
CREATE TABLE address_counts (
    commune_id        INTEGER NOT NULL,
    former_commune_id INTEGER NOT NULL, -- 0: unknown
    kind              TEXT NOT NULL,
    status            TEXT NOT NULL,
    verification      TEXT NOT NULL,
    addresses         INTEGER NOT NULL,
    PRIMARY KEY (commune_id, former_commune_id, kind, status, verification)
) STRICT, WITHOUT ROWID;

-- The same by the first day of validity; the rows of commune 0 are of all.
CREATE TABLE address_days (
    commune_id   INTEGER NOT NULL,
    day          TEXT NOT NULL,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    verification TEXT NOT NULL,
    addresses    INTEGER NOT NULL,
    PRIMARY KEY (commune_id, day, kind, status, verification)
) STRICT, WITHOUT ROWID;

-- The current addresses in each map tile of some zoom levels, and the sums of
-- their coordinates (1e-7 degree), which give the middle of them. The bits of
-- a tile's x and y take turns in its number (y first), so that the tiles within
-- a larger one are a range.
CREATE TABLE address_tiles (
    zoom      INTEGER NOT NULL,
    tile      INTEGER NOT NULL,
    addresses INTEGER NOT NULL,
    lng_sum   INTEGER NOT NULL,
    lat_sum   INTEGER NOT NULL,
    PRIMARY KEY (zoom, tile)
) STRICT, WITHOUT ROWID;

-- +goose Down
DROP TABLE address_tiles;
DROP TABLE address_days;
DROP TABLE address_counts;
