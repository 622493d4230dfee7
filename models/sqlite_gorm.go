package models

import (
	"database/sql"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
)

// sqliteDialector is GORM on the pure Go driver: how a value is bound and a
// name quoted. Tables are made by migrations, so it needs no more.
type sqliteDialector struct{ dsn string }

// Name is what GORM calls this database.
func (sqliteDialector) Name() string { return "sqlite" }

// Initialize opens the pool and registers GORM's standard callbacks.
func (d sqliteDialector) Initialize(db *gorm.DB) error {
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses: []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses: []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses: []string{"DELETE", "FROM", "WHERE", "RETURNING"},
	})
	pool, err := sql.Open("sqlite", d.dsn)
	db.ConnPool = pool
	return err
}

// Migrator satisfies GORM; migrations are numbered SQL files instead.
func (d sqliteDialector) Migrator(db *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}
}

// DataTypeOf satisfies GORM; it would be asked only by its migrator.
func (sqliteDialector) DataTypeOf(field *schema.Field) string { return string(field.DataType) }

// DefaultValueOf stands for a value the database fills in.
func (sqliteDialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

// BindVarTo writes a placeholder.
func (sqliteDialector) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { w.WriteByte('?') }

// QuoteTo writes a name in double quotes; names come from Go code only.
func (sqliteDialector) QuoteTo(w clause.Writer, name string) {
	w.WriteByte('"')
	w.WriteString(name)
	w.WriteByte('"')
}

// Explain renders a statement for GORM's logger, which never shows values.
func (sqliteDialector) Explain(query string, vars ...any) string {
	return logger.ExplainSQL(query, nil, `'`, vars...)
}
