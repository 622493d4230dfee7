package models

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	gormpostgres "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

var postgres = dialect{
	name:  "postgres",
	goose: goose.DialectPostgres,
	open:  openPostgres,
	list: func(alias, elem string) string {
		return "unnest(?::" + elem + "[]) AS " + alias + "(value)"
	},
	bind:       func(slice any) any { return pgArray{slice} },
	ranges:     rangesPostgres,
	bindRanges: bindRangesPostgres,
	// OFFSET 0 keeps the planner from hashing all addresses of the communes.
	doorsInRanges: rangesPostgres + " CROSS JOIN LATERAL (SELECT a.* FROM addresses a WHERE " + inRange + " OFFSET 0) AS a WHERE true",
	inBox: "a.geom && ST_MakeEnvelope(? / 1e7::float8, ? / 1e7::float8, ? / 1e7::float8, ? / 1e7::float8, 4326)" +
		" AND a.lng BETWEEN ? AND ? AND a.lat BETWEEN ? AND ?",
	boxArgs: func(b Box) []any {
		return []any{b.West, b.South, b.East, b.North, b.West, b.East, b.South, b.North}
	},
	bulkInsert:     bulkInsertPostgres,
	lockChanges:    "SELECT pg_advisory_xact_lock(7304520193)", // an arbitrary number that means: the change log
	lockRows:       "FOR UPDATE OF a",
	shareRows:      "FOR SHARE OF a",
	snapshot:       sql.LevelRepeatableRead,
	declare:        "DECLARE snapshot NO SCROLL CURSOR FOR ",
	fetch:          fmt.Sprintf("FETCH %d FROM snapshot", snapshotRows),
	boundaryColumn: "encode(ST_AsEWKB(boundary), 'hex')",
	// A plan made while the table was empty must not scan it when it has grown,
	// and a page of 500 addresses is no reason to read all identifiers.
	chunk:     "SET LOCAL enable_seqscan = off",
	analyze:   "ANALYZE addresses (id, commune_id, door_key, name_key, lat), identifiers (source, value)",
	checks:    postgresChecks,
	translate: translatePostgres,
}

const rangesPostgres = "unnest(?::bigint[], ?::text[], ?::text[]) AS d(commune, low, high)"

// bindRangesPostgres makes an array of each column.
func bindRangesPostgres(ranges []textRange) []any {
	communes, low, high := make([]int64, len(ranges)), make([]string, len(ranges)), make([]string, len(ranges))
	for i, r := range ranges {
		communes[i], low[i], high[i] = r.communeID, r.low, r.high
	}
	return []any{pgArray{communes}, pgArray{low}, pgArray{high}}
}

// pgArray hands a slice to pgx as it is: GORM would spread it into a list.
type pgArray struct{ slice any }

// Value gives pgx the slice, which it encodes as an array.
func (a pgArray) Value() (driver.Value, error) { return a.slice, nil }

func openPostgres(ctx context.Context, o Options) (read, write *gorm.DB, err error) {
	db, err := gorm.Open(gormpostgres.Open(o.URL), gormConfig())
	if err != nil {
		return nil, nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, nil, err
	}
	n := o.Connections
	if n == 0 {
		n = max(8, 4*runtime.NumCPU())
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return db, db, pool.PingContext(ctx)
}

// bulkInsertPostgres sends a column as one array: one statement of constant
// text for any number of rows, which beats COPY into a staging table and a
// second statement, and can still answer which rows went in.
func bulkInsertPostgres(ctx context.Context, tx *gorm.DB, in bulk) ([]int64, error) {
	args := make([]any, len(in.columns))
	arrays := make([]string, len(in.columns))
	for c, column := range in.columns {
		values := make([]any, len(in.rows))
		for r, row := range in.rows {
			values[r] = row[c]
		}
		args[c] = values
		arrays[c] = fmt.Sprintf("$%d::%s[]", c+1, column.postgresType)
	}
	text := fmt.Sprintf("INSERT INTO %s (%s) SELECT * FROM unnest(%s)%s",
		in.table, in.names(), strings.Join(arrays, ", "), in.tail())
	statement, err := tx.Statement.ConnPool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	defer statement.Close()
	return execBulk(ctx, statement, args, in.returning != "")
}

// execBulk runs an INSERT and reads the keys it returns.
func execBulk(ctx context.Context, statement *sql.Stmt, args []any, returning bool) ([]int64, error) {
	if !returning {
		_, err := statement.ExecContext(ctx, args...)
		return nil, err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}

// translatePostgres knows the conditions an operator can mend; SQLSTATEs are
// those of PostgreSQL's appendix A.
func translatePostgres(err error) error {
	var connect *pgconn.ConnectError
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "3D000" {
		return &unavailable{NewError(Unavailable, "", "database-missing", "The PostgreSQL server has no database of that name: create it, with createdb.",
			"Máy chủ PostgreSQL không có cơ sở dữ liệu tên đó: hãy tạo bằng createdb."), err}
	}
	if errors.As(err, &connect) { // whatever the server's reason for not letting us in
		return databaseDownError(err)
	}
	if errors.As(err, &pg) {
		switch {
		case pg.Code == "25006":
			return readOnlyError(err)
		case pg.Code == "53100":
			return diskFullError(err)
		case strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "08"):
			return databaseDownError(err)
		}
		return err
	}
	var netErr net.Error
	if errors.As(err, &netErr) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) {
		return databaseDownError(err)
	}
	return err
}

// unavailable is a sentence for people that keeps the driver's own words for
// the log.
type unavailable struct {
	sentence *Error
	cause    error
}

// Error joins both for the log; answers show the sentence alone.
func (u *unavailable) Error() string { return u.sentence.En + " (" + u.cause.Error() + ")" }

// Unwrap gives both.
func (u *unavailable) Unwrap() []error { return []error{u.sentence, u.cause} }

func readOnlyError(cause error) error {
	return &unavailable{NewError(Unavailable, "", "read-only",
		"The database is read-only at the moment: nothing was written. Try again later.",
		"Cơ sở dữ liệu hiện chỉ cho đọc: chưa ghi gì cả. Hãy thử lại sau."), cause}
}

func diskFullError(cause error) error {
	return &unavailable{NewError(Unavailable, "", "storage-full",
		"The database has no space left: nothing was written. The operator must free some.",
		"Cơ sở dữ liệu hết chỗ trống: chưa ghi gì cả. Người vận hành cần giải phóng dung lượng."), cause}
}

func databaseDownError(cause error) error {
	return &unavailable{NewError(Unavailable, "", "database-unavailable",
		"The database does not answer at the moment. Try again in a few seconds.",
		"Cơ sở dữ liệu hiện không trả lời. Hãy thử lại sau vài giây."), cause}
}
