-- +goose Up

-- The names that a written address may hold: of streets, hamlets and buildings
-- by commune, and the public names of addresses (of commune 0). Searching
-- matches typing errors on a copy in memory, which follows id: rows are
-- inserted under the lock of the change log, so that id is commit order.
CREATE TABLE terms (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    part              text COLLATE "C" NOT NULL CHECK (part IN ('street', 'hamlet', 'building', 'name')),
    commune_id        bigint NOT NULL,
    former_commune_id bigint NOT NULL, -- 0: unknown
    name              text NOT NULL CHECK (name <> ''),
    lng               integer NOT NULL, -- of an address that has it, 1e-7 degree
    lat               integer NOT NULL,
    UNIQUE (part, commune_id, former_commune_id, name)
);
INSERT INTO terms (part, commune_id, former_commune_id, name, lng, lat)
SELECT part, commune_id, former_id, name, lng, lat FROM (
    SELECT DISTINCT ON (t.part, t.commune_id, t.former_id, t.name)
        t.part, t.commune_id, t.former_id, t.name, t.lng, t.lat, t.id
    FROM (
        SELECT p.part, CASE p.part WHEN 'name' THEN 0 ELSE a.commune_id END AS commune_id,
            CASE p.part WHEN 'name' THEN 0 ELSE COALESCE(a.former_commune_id, 0) END AS former_id, p.name, a.lng, a.lat, a.id
        FROM addresses a CROSS JOIN LATERAL (VALUES
            ('street', a.street), ('hamlet', a.hamlet), ('building', a.building),
            ('name', CASE WHEN a.name_public THEN a.name ELSE '' END)) AS p (part, name)
        WHERE a.status = 'current' AND p.name <> ''
    ) t
    ORDER BY t.part, t.commune_id, t.former_id, t.name, t.id
) first ORDER BY id, part COLLATE "C";

CREATE INDEX addresses_building ON addresses (building, commune_id) WHERE building <> '';
CREATE INDEX addresses_hamlet ON addresses (commune_id, hamlet, id) WHERE hamlet <> '';
CREATE INDEX addresses_numberless ON addresses (commune_id, street) WHERE street <> '' AND door_key = '';

-- A door's key was street|building|number|alley; the number comes second now,
-- so that the numbers of a street are a range.
UPDATE addresses SET door_key = split_part(door_key, '|', 1) || '|' || split_part(door_key, '|', 3) || '|' ||
    split_part(door_key, '|', 4) || '|' || split_part(door_key, '|', 2) ||
    COALESCE(substring(door_key FROM '^[^|]*\|[^|]*\|[^|]*\|[^|]*(\|.*)$'), '')
WHERE door_key <> '';

-- +goose Down
UPDATE addresses SET door_key = split_part(door_key, '|', 1) || '|' || split_part(door_key, '|', 4) || '|' ||
    split_part(door_key, '|', 2) || '|' || split_part(door_key, '|', 3) ||
    COALESCE(substring(door_key FROM '^[^|]*\|[^|]*\|[^|]*\|[^|]*(\|.*)$'), '')
WHERE door_key <> '';
DROP INDEX addresses_building;
DROP INDEX addresses_hamlet;
DROP INDEX addresses_numberless;
DROP TABLE terms;
