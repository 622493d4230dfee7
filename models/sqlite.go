package models

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"gorm.io/gorm"
	moderncsqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// DefaultDatabase is the SQLite file used when no database is named.
const DefaultDatabase = "data/diachiso.db"

var sqlite = dialect{
	name:          "sqlite",
	goose:         goose.DialectSQLite3,
	open:          openSQLite,
	list:          func(alias, _ string) string { return "json_each(?) AS " + alias },
	bind:          bindJSON,
	ranges:        rangesSQLite,
	bindRanges:    bindRangesSQLite,
	doorsInRanges: rangesSQLite + " CROSS JOIN addresses a WHERE " + inRange,
	inBox:         "a.id IN (SELECT id " + fromBoxSQLite + ")",
	countBox:      "SELECT count(*) FROM (SELECT 1 " + fromBoxSQLite + " LIMIT ?)",
	boxArgs: func(b Box) []any {
		return []any{b.West, b.South, b.East, b.North}
	},
	bulkInsert:     bulkInsertSQLite,
	boundaryColumn: "boundary",
	translate:      translateSQLite,
	checks:         sqliteChecks,
}

const fromBoxSQLite = "FROM addresses_box WHERE max_lng >= ? AND max_lat >= ? AND min_lng <= ? AND min_lat <= ?"

const rangesSQLite = "(SELECT value ->> 0 AS commune, value ->> 1 AS low, value ->> 2 AS high FROM json_each(?)) AS d"

// bindRangesSQLite makes one list of triples.
func bindRangesSQLite(ranges []textRange) []any {
	triples := make([][3]any, len(ranges))
	for i, r := range ranges {
		triples[i] = [3]any{r.communeID, r.low, r.high}
	}
	return []any{bindJSON(triples)}
}

func bindJSON(slice any) any {
	text, _ := json.Marshal(slice) // lists of integers and of texts always have a JSON form
	return string(text)
}

// openSQLite opens one writing connection and many reading ones on the file.
// Every commit is on the disk before it is answered (synchronous FULL): a
// code that was given out must outlive a power cut.
func openSQLite(ctx context.Context, o Options) (read, write *gorm.DB, err error) {
	path := o.URL
	if path == "" {
		path = DefaultDatabase
	}
	if err := checkSQLiteFile(path, o.MustExist); err != nil {
		return nil, nil, err
	}
	if write, err = openSQLitePool(path, 1, "_txlock=immediate"); err != nil {
		return nil, nil, err
	}
	if err := pingSQLite(ctx, write); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	n := o.Connections
	if n == 0 {
		n = max(4, 2*runtime.NumCPU())
	}
	read, err = openSQLitePool(path, n, "_pragma=query_only(1)")
	return read, write, err
}

// checkSQLiteFile refuses a path that can't be a registry, and makes the
// folder of a new one.
func checkSQLiteFile(path string, mustExist bool) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errors.New("it is a folder: name a file")
	case errors.Is(err, fs.ErrNotExist) && mustExist:
		return errors.New("it does not exist: name the file of a registry, or make one with demo, import or serve")
	case errors.Is(err, fs.ErrNotExist):
		return os.MkdirAll(filepath.Dir(path), 0o755)
	}
	return err
}

func openSQLitePool(path string, connections int, extra string) (*gorm.DB, error) {
	query := strings.Join([]string{
		"_pragma=busy_timeout(10000)", "_pragma=journal_mode(wal)", "_pragma=synchronous(full)",
		"_pragma=foreign_keys(1)", "_pragma=cache_size(-16000)", "_pragma=mmap_size(1073741824)",
		"_pragma=temp_store(memory)", "_pragma=secure_delete(on)", "_dqs=0", "_time_integer_format=unix_milli", "_inttotime=1", extra,
	}, "&")
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query
	config := gormConfig()
	config.PrepareStmt = true          // pgx keeps statements by itself
	config.DisableAutomaticPing = true // pingSQLite waits for others
	db, err := gorm.Open(sqliteDialector{dsn: dsn}, config)
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return db, nil
}

func pingSQLite(ctx context.Context, db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	for range 200 {
		if err = pool.PingContext(ctx); !busySQLite(err) {
			return err
		}
		time.Sleep(25 * time.Millisecond)
	}
	return err
}

// busySQLite reports that another process has the file. A new file that
// several make at once says so without waiting for busy_timeout: only one of
// them may give it its journal.
func busySQLite(err error) bool {
	var se *moderncsqlite.Error
	return errors.As(err, &se) && se.Code()&0xff == sqlite3.SQLITE_BUSY
}

// sqliteParameters bounds the bound values of a statement: SQLite allows 32,766.
const sqliteParameters = 16_000

// bulkInsertSQLite sends many rows in one statement, as many as fit; full
// statements are prepared once.
func bulkInsertSQLite(ctx context.Context, tx *gorm.DB, in bulk) (keys []int64, err error) {
	step := max(1, sqliteParameters/len(in.columns))
	pool := tx.Statement.ConnPool
	var full *sql.Stmt
	for rows := range slices.Chunk(in.rows, step) {
		args := make([]any, 0, len(rows)*len(in.columns))
		for _, row := range rows {
			args = append(args, row...)
		}
		statement := full
		if statement == nil || len(rows) < step {
			if statement, err = pool.PrepareContext(ctx, insertSQLite(in, len(rows))); err != nil {
				return nil, err
			}
			defer statement.Close() // at most two: the full one and the last
		}
		if len(rows) == step {
			full = statement
		}
		got, err := execBulk(ctx, statement, args, in.returning != "")
		if err != nil {
			return nil, err
		}
		keys = append(keys, got...)
	}
	return keys, nil
}

// insertSQLite is the text of an INSERT of so many rows.
func insertSQLite(in bulk, rows int) string {
	tuple := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(in.columns)), ", ") + ")"
	tuples := strings.TrimSuffix(strings.Repeat(tuple+", ", rows), ", ")
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s%s", in.table, in.names(), tuples, in.tail())
}

// translateSQLite knows the conditions an operator can mend; result codes are
// those of sqlite.org/rescode.html.
func translateSQLite(err error) error {
	var se *moderncsqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_READONLY:
		return readOnlyError(err)
	case sqlite3.SQLITE_FULL:
		return diskFullError(err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return databaseDownError(err)
	}
	return err
}
