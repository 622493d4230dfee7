package models

// checkQuestion asks a database for violations of one rule: rows of an id of
// an address (or NULL), the code of a unit (or an empty text) and what the
// sentence has its %s for.
type checkQuestion struct {
	rule     string
	sentence string
	sql      string
	onToday  bool // binds the present day twice
}

// checkQuestions are the invariants between rows that are one SQL for both
// databases; constraints hold most of them, unless somebody took these off.
var checkQuestions = [...]checkQuestion{
	{
		rule: "commune", sentence: "Its commune %s.",
		sql: `SELECT a.id, '', CASE WHEN u.id IS NULL THEN 'does not exist' WHEN u.level <> 'commune' THEN 'is a ' || u.level
				ELSE u.code || ' is not in force today' END
			FROM addresses a LEFT JOIN admin_units u ON u.id = a.commune_id
			WHERE u.id IS NULL OR u.level <> 'commune' OR a.status = 'current' AND (u.valid_from > ? OR u.valid_to <= ?)
			ORDER BY a.id`,
		onToday: true,
	}, {
		rule: "former-commune", sentence: "Its former commune %s.",
		sql: `SELECT a.id, '', CASE WHEN u.id IS NULL THEN 'does not exist' ELSE 'is a ' || u.level END
			FROM addresses a LEFT JOIN admin_units u ON u.id = a.former_commune_id
			WHERE a.former_commune_id IS NOT NULL AND (u.id IS NULL OR u.level <> 'commune') ORDER BY a.id`,
	}, {
		rule: "identifier-of-nobody", sentence: "An identifier of the scheme %s belongs to this code, which nobody has.",
		sql: `SELECT i.address_id, '', i.scheme FROM identifiers i
			WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.id = i.address_id) ORDER BY i.address_id, i.id`,
	}, {
		rule: "successor-unknown", sentence: "It has a successor that does not exist%s.",
		sql: `SELECT s.address_id, '', '' FROM address_successions s
			WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.id = s.successor_id) ORDER BY s.address_id`,
	}, {
		rule: "successor-of-nobody", sentence: "It succeeds an address that does not exist%s.",
		sql: `SELECT s.successor_id, '', '' FROM address_successions s
			WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.id = s.address_id) ORDER BY s.successor_id`,
	}, {
		rule: "current-succeeded", sentence: "It is in use and has the successor %s.",
		sql: `SELECT s.address_id, '', n.code FROM address_successions s
			JOIN addresses a ON a.id = s.address_id JOIN addresses n ON n.id = s.successor_id
			WHERE s.until IS NULL AND a.status = 'current' ORDER BY s.address_id, s.successor_id`,
	}, {
		rule: "validity", sentence: "It is %s.",
		sql: `SELECT a.id, '', CASE a.status WHEN 'current' THEN 'in use and has ended on a day' ELSE 'retired and has not ended on a day' END
			FROM addresses a WHERE (a.status = 'current') = (a.valid_to IS NOT NULL) ORDER BY a.id`,
	}, {
		rule: "status-differs", sentence: "It is %s.",
		sql: `SELECT a.id, '', a.status || ', the change log says ' || COALESCE(l.op, 'nothing') || CASE WHEN l.reason = '' THEN ' without a reason' ELSE '' END
			FROM addresses a LEFT JOIN (SELECT c.address_id, c.op, c.reason FROM changes c JOIN (SELECT address_id, max(seq) AS seq FROM changes
				WHERE op IN ('retire', 'move', 'restore') GROUP BY address_id) newest ON newest.seq = c.seq) l ON l.address_id = a.id
			WHERE CASE a.status WHEN 'current' THEN l.op <> 'restore' ELSE l.op IS NULL OR l.op = 'restore' OR l.reason = '' END ORDER BY a.id`,
	}, {
		rule: "left-behind", sentence: "It is in use, though its door %s was retired or moved after it was registered or restored.",
		sql: `SELECT u.id, '', d.code FROM addresses u JOIN addresses d ON d.id = u.id - u.id % 8192
			JOIN (SELECT address_id, max(seq) AS seq FROM changes WHERE op IN ('retire', 'move') GROUP BY address_id) gone ON gone.address_id = d.id
			JOIN (SELECT address_id, max(seq) AS seq FROM changes WHERE op IN ('insert', 'restore') GROUP BY address_id) came ON came.address_id = u.id
			WHERE u.status = 'current' AND u.id % 8192 <> 0 AND d.status = 'retired' AND came.seq < gone.seq ORDER BY u.id`,
	}, {
		rule: "change-of-nobody", sentence: "The change log has a line (%s) of this code, which nobody has.",
		sql: `SELECT c.address_id, '', c.op FROM changes c
			WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.id = c.address_id) ORDER BY c.seq`,
	}, {
		rule: "not-searchable", sentence: "Searching does not know its %s.",
		sql: `SELECT a.id, '', 'street ' || a.street FROM addresses a
			WHERE a.status = 'current' AND a.street <> '' AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.part = 'street' AND t.commune_id = a.commune_id
				AND t.former_commune_id = COALESCE(a.former_commune_id, 0) AND t.name = a.street) ORDER BY a.id`,
	}, {
		rule: "not-searchable", sentence: "Searching does not know its %s.",
		sql: `SELECT a.id, '', 'hamlet ' || a.hamlet FROM addresses a
			WHERE a.status = 'current' AND a.hamlet <> '' AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.part = 'hamlet' AND t.commune_id = a.commune_id
				AND t.former_commune_id = COALESCE(a.former_commune_id, 0) AND t.name = a.hamlet) ORDER BY a.id`,
	}, {
		rule: "not-searchable", sentence: "Searching does not know its %s.",
		sql: `SELECT a.id, '', 'building ' || a.building FROM addresses a
			WHERE a.status = 'current' AND a.building <> '' AND NOT EXISTS (SELECT 1 FROM terms t WHERE t.part = 'building' AND t.commune_id = a.commune_id
				AND t.former_commune_id = COALESCE(a.former_commune_id, 0) AND t.name = a.building) ORDER BY a.id`,
	}, {
		rule: "not-searchable", sentence: "Searching does not know its public name%s.",
		sql: `SELECT a.id, '', '' FROM addresses a
			WHERE a.status = 'current' AND a.name_public AND a.name <> '' AND NOT EXISTS (SELECT 1 FROM terms t
				WHERE t.part = 'name' AND t.commune_id = 0 AND t.former_commune_id = 0 AND t.name = a.name) ORDER BY a.id`,
	}, {
		rule: "name-not-public", sentence: "Searching knows a name that no current address shows (number %s).",
		sql: `SELECT NULL, '', CAST(t.id AS text) FROM terms t LEFT JOIN (SELECT DISTINCT a.name FROM addresses a
				WHERE a.name_public AND a.name <> '' AND a.status = 'current') shown ON shown.name = t.name
			WHERE t.part = 'name' AND shown.name IS NULL ORDER BY t.id`,
	}, {
		rule: "contact-of-ended", sentence: "The proposal %s has ended, but its contact is still kept.",
		sql: `SELECT NULL, '', p.number FROM contacts c JOIN proposals p ON p.id = c.proposal_id
			WHERE p.status <> 'proposed' ORDER BY p.id`,
	}, {
		rule: "epoch", sentence: "The change feed has no epoch%s: make one with diachiso changes new-epoch.",
		sql: "SELECT NULL, '', '' WHERE NOT EXISTS (SELECT 1 FROM registry WHERE id = 1 AND length(epoch) = 8)",
	}, {
		rule: "unit-periods-overlap", sentence: "Two periods of this unit overlap: those from %s.",
		sql: `SELECT NULL, u.code, CAST(u.valid_from AS text) || ' and from ' || CAST(v.valid_from AS text)
			FROM admin_units u JOIN admin_units v ON v.code = u.code AND v.valid_from > u.valid_from
			WHERE u.valid_to IS NULL OR u.valid_to > v.valid_from ORDER BY u.code, u.valid_from`,
	}, {
		rule: "unit-parent", sentence: "Its parent %s is not in force when the unit begins.",
		sql: `SELECT NULL, u.code, u.parent_code FROM admin_units u
			WHERE u.level <> 'province' AND NOT EXISTS (SELECT 1 FROM admin_units p WHERE p.code = u.parent_code
				AND p.valid_from <= u.valid_from AND (p.valid_to IS NULL OR p.valid_to > u.valid_from)) ORDER BY u.code, u.valid_from`,
	}, {
		rule: "unit-succession", sentence: "A succession of this unit names a unit that does not exist (number %s).",
		sql: `SELECT NULL, CASE WHEN u.id IS NULL THEN '' ELSE u.code END,
				CAST(CASE WHEN u.id IS NULL THEN s.unit_id ELSE s.successor_id END AS text)
			FROM unit_successions s LEFT JOIN admin_units u ON u.id = s.unit_id LEFT JOIN admin_units v ON v.id = s.successor_id
			WHERE u.id IS NULL OR v.id IS NULL ORDER BY s.unit_id, s.successor_id`,
	}, {
		rule: "unit-successor", sentence: "Its successor %s is not in force when the unit ends.",
		sql: `SELECT NULL, u.code, v.code FROM unit_successions s
			JOIN admin_units u ON u.id = s.unit_id JOIN admin_units v ON v.id = s.successor_id
			WHERE u.valid_to IS NULL OR v.valid_from > u.valid_to OR v.valid_to <= u.valid_to ORDER BY u.code, v.code`,
	}, {
		rule: "unit-default", sentence: "%s of its successors are the default; one must be.",
		sql: `SELECT NULL, u.code, CAST(sum(CASE WHEN s.is_default THEN 1 ELSE 0 END) AS text)
			FROM unit_successions s JOIN admin_units u ON u.id = s.unit_id
			GROUP BY u.id, u.code HAVING sum(CASE WHEN s.is_default THEN 1 ELSE 0 END) <> 1 ORDER BY u.code`,
	}, {
		rule: "postcode-of-nobody", sentence: "The postcode %s belongs to a unit that does not exist.",
		sql: `SELECT NULL, '', p.postcode FROM postcodes p
			WHERE NOT EXISTS (SELECT 1 FROM admin_units u WHERE u.id = p.unit_id) ORDER BY p.postcode`,
	}, {
		rule: "postcode-periods-overlap", sentence: "Two of its postcodes overlap: %s.",
		sql: `SELECT NULL, u.code, p.postcode || ' and ' || q.postcode
			FROM postcodes p JOIN postcodes q ON q.unit_id = p.unit_id AND q.valid_from > p.valid_from JOIN admin_units u ON u.id = p.unit_id
			WHERE p.valid_to IS NULL OR p.valid_to > q.valid_from ORDER BY u.code, p.valid_from`,
	},
}

// sqliteChecks prove that the R*Tree holds exactly the points of addresses.
var sqliteChecks = []checkQuestion{
	{
		rule: "index", sentence: "The spatial index %s.",
		sql: `SELECT a.id, '', CASE WHEN b.id IS NULL THEN 'lacks it' ELSE 'has it elsewhere' END
			FROM addresses a LEFT JOIN addresses_box b ON b.id = a.id
			WHERE b.id IS NULL OR b.min_lng <> a.lng OR b.max_lng <> a.lng OR b.min_lat <> a.lat OR b.max_lat <> a.lat ORDER BY a.id`,
	}, {
		rule: "index", sentence: "The spatial index has a point of this code, which nobody has%s.",
		sql: "SELECT b.id, '', '' FROM addresses_box b WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.id = b.id) ORDER BY b.id",
	},
}

// postgresChecks prove the same of the generated geometry.
var postgresChecks = []checkQuestion{
	{
		rule: "index", sentence: "Its geometry is %s.",
		sql: `SELECT a.id, '', coalesce(ST_AsText(a.geom), 'absent') FROM addresses a
			WHERE a.geom IS NULL OR ST_X(a.geom) <> a.lng / 1e7::float8 OR ST_Y(a.geom) <> a.lat / 1e7::float8 OR ST_SRID(a.geom) <> 4326
			ORDER BY a.id`,
	}, {
		rule: "index", sentence: "The index %s is broken or half built: REINDEX it.",
		sql: `SELECT NULL::bigint, '', c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
			JOIN pg_class t ON t.oid = i.indrelid WHERE NOT i.indisvalid AND t.relnamespace = current_schema()::regnamespace`,
	},
}
