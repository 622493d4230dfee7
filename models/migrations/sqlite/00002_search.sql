-- +goose Up

-- The names that a written address may hold: of streets, hamlets and buildings
-- by commune, and the public names of addresses (of commune 0). Searching
-- matches typing errors on a copy in memory, which follows id.
CREATE TABLE terms (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    part              TEXT NOT NULL CHECK (part IN ('street', 'hamlet', 'building', 'name')),
    commune_id        INTEGER NOT NULL,
    former_commune_id INTEGER NOT NULL, -- 0: unknown
    name              TEXT NOT NULL CHECK (name <> ''),
    lng               INTEGER NOT NULL, -- of an address that has it, 1e-7 degree
    lat               INTEGER NOT NULL,
    UNIQUE (part, commune_id, former_commune_id, name)
) STRICT;
INSERT INTO terms (part, commune_id, former_commune_id, name, lng, lat)
SELECT part, commune_id, former_id, name, lng, lat FROM (
    SELECT 'street' AS part, commune_id, COALESCE(former_commune_id, 0) AS former_id, street AS name, lng, lat, min(id) AS id
    FROM addresses WHERE status = 'current' AND street <> '' GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'hamlet', commune_id, COALESCE(former_commune_id, 0), hamlet, lng, lat, min(id)
    FROM addresses WHERE status = 'current' AND hamlet <> '' GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'building', commune_id, COALESCE(former_commune_id, 0), building, lng, lat, min(id)
    FROM addresses WHERE status = 'current' AND building <> '' GROUP BY 2, 3, 4
    UNION ALL
    SELECT 'name', 0, 0, name, lng, lat, min(id)
    FROM addresses WHERE status = 'current' AND name_public AND name <> '' GROUP BY 4
) ORDER BY id, part;

CREATE INDEX addresses_building ON addresses (building, commune_id) WHERE building <> '';
CREATE INDEX addresses_hamlet ON addresses (commune_id, hamlet, id) WHERE hamlet <> '';
CREATE INDEX addresses_numberless ON addresses (commune_id, street) WHERE street <> '' AND door_key = '';

-- A door's key was street|building|number|alley; the number comes second now,
-- so that the numbers of a street are a range.
UPDATE addresses SET door_key = k.door_key FROM (
    SELECT id, street || '|' || number || '|' ||
        CASE instr(rest, '|') WHEN 0 THEN rest ELSE substr(rest, 1, instr(rest, '|') - 1) END || '|' || building ||
        CASE instr(rest, '|') WHEN 0 THEN '' ELSE substr(rest, instr(rest, '|')) END AS door_key
    FROM (
        SELECT id, street, building, substr(rest, 1, instr(rest, '|') - 1) AS number, substr(rest, instr(rest, '|') + 1) AS rest
        FROM (
            SELECT id, street, substr(rest, 1, instr(rest, '|') - 1) AS building, substr(rest, instr(rest, '|') + 1) AS rest
            FROM (
                SELECT id, substr(door_key, 1, instr(door_key, '|') - 1) AS street, substr(door_key, instr(door_key, '|') + 1) AS rest
                FROM addresses WHERE door_key <> ''
            )
        )
    )
) k WHERE addresses.id = k.id;

-- +goose Down
UPDATE addresses SET door_key = k.door_key FROM (
    SELECT id, street || '|' ||
        CASE instr(rest, '|') WHEN 0 THEN rest ELSE substr(rest, 1, instr(rest, '|') - 1) END || '|' || number || '|' || alley ||
        CASE instr(rest, '|') WHEN 0 THEN '' ELSE substr(rest, instr(rest, '|')) END AS door_key
    FROM (
        SELECT id, street, number, substr(rest, 1, instr(rest, '|') - 1) AS alley, substr(rest, instr(rest, '|') + 1) AS rest
        FROM (
            SELECT id, street, substr(rest, 1, instr(rest, '|') - 1) AS number, substr(rest, instr(rest, '|') + 1) AS rest
            FROM (
                SELECT id, substr(door_key, 1, instr(door_key, '|') - 1) AS street, substr(door_key, instr(door_key, '|') + 1) AS rest
                FROM addresses WHERE door_key <> ''
            )
        )
    )
) k WHERE addresses.id = k.id;
DROP INDEX addresses_building;
DROP INDEX addresses_hamlet;
DROP INDEX addresses_numberless;
DROP TABLE terms;
