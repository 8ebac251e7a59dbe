package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/uow"
)

var (
	// ErrUnavailable means that the database cannot be reached or does not take part just now; nothing was committed.
	ErrUnavailable = fault.New(fault.Unavailable, "database_unavailable",
		"The database cannot be reached right now. Please try again in a moment.")

	// ErrStorage means that the database cannot write: its disk is full or failing. Nothing was committed.
	ErrStorage = fault.New(fault.Unavailable, "storage_unavailable",
		"Nothing can be stored right now. Please try again later.")
)

// ConstraintError says that a write would have broken a constraint. Adapters translate the name into the rule that the
// constraint guards.
type ConstraintError struct {
	// Name is the constraint's name in the schema, the same in both dialects: that of a unique index or a check, and
	// "TABLE_pkey" for a primary key. It is "TABLE_COLUMN_not_null" for a missing value, and "" for a foreign key in
	// SQLite, which does not say which.
	Name  string
	cause error
}

// Error names the constraint.
func (e *ConstraintError) Error() string {
	return fmt.Sprintf("constraint %s is violated: %v", e.Name, e.cause)
}

// Unwrap returns the driver's error.
func (e *ConstraintError) Unwrap() error { return e.cause }

// Violates reports whether err is a ConstraintError of that name.
func Violates(err error, name string) bool {
	var violated *ConstraintError
	return errors.As(err, &violated) && violated.Name == name
}

// breaks reports whether a transaction cannot commit after err. An empty result breaks nothing.
func breaks(err error) bool { return err != nil && !errors.Is(err, sql.ErrNoRows) }

// translate turns a driver's error into one of ours. What it does not know stays as it is.
func (p *Pool) translate(ctx context.Context, err error) error {
	var (
		postgres *pq.Error
		lite     *sqlite.Error
	)
	switch {
	case err == nil, errors.Is(err, sql.ErrNoRows):
		return err
	case ctx.Err() != nil && interrupted(err):
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	case errors.As(err, &postgres):
		return translatePostgres(postgres, err)
	case errors.As(err, &lite):
		return p.translateSQLite(ctx, lite, err)
	case lost(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	default:
		return err
	}
}

// interrupted reports whether err can be what an operation says whose context ended: the driver tells the server, which
// answers with an error of its own, or drops the connection.
func interrupted(err error) bool {
	if pq.As(err, pqerror.QueryCanceled) != nil || lost(err) ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_INTERRUPT
}

// lost reports whether err means that the connection is gone or could not be made.
func lost(err error) bool {
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ENOENT) ||
		errors.As(err, &network)
}

func translatePostgres(reported *pq.Error, err error) error {
	switch reported.Code {
	case pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected, pqerror.LockNotAvailable:
		return fmt.Errorf("%w: %w", uow.ErrConflict, err)
	case pqerror.NotNullViolation:
		return &ConstraintError{Name: reported.Table + "_" + reported.Column + "_not_null", cause: err}
	case pqerror.DiskFull:
		return fmt.Errorf("%w: %w", ErrStorage, err)
	}
	switch reported.Code.Class() {
	case "23": // integrity constraint violation
		return &ConstraintError{Name: reported.Constraint, cause: err}
	case "08", "53": // connection exception, insufficient resources
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if strings.HasPrefix(string(reported.Code), "57P") { // shutting down, crashed, starting up
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return err
}

func (p *Pool) translateSQLite(ctx context.Context, reported *sqlite.Error, err error) error {
	switch reported.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", uow.ErrConflict, err)
	case sqlite3.SQLITE_CONSTRAINT:
		return &ConstraintError{Name: p.constraint(ctx, reported), cause: err}
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY:
		return fmt.Errorf("%w: %w", ErrStorage, err)
	case sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	default:
		return err
	}
}

// translateCommit turns the error of a COMMIT into one of ours. Only what the database itself has refused, on a
// connection that it did not close, is known not to have happened.
func (p *Pool) translateCommit(ctx context.Context, err error) error {
	if p.refusedCommit(err) {
		return p.translate(ctx, err)
	}
	return fmt.Errorf("%w: %w", uow.ErrCommitUnknown, err)
}

func (p *Pool) refusedCommit(err error) bool {
	var (
		postgres *pq.Error
		lite     *sqlite.Error
	)
	switch {
	case errors.Is(err, pq.ErrInFailedTransaction), errors.Is(err, sql.ErrTxDone):
		return true
	case errors.As(err, &postgres):
		// 40003 is "statement completion unknown", with which clusters that speak PostgreSQL answer an ambiguous commit.
		class := postgres.Code.Class()
		return !postgres.Fatal() && (class == "23" || class == "40" && postgres.Code != "40003")
	case errors.As(err, &lite):
		// A failed write may be on the disk all the same.
		return lite.Code()&0xff != sqlite3.SQLITE_IOERR
	default:
		return false
	}
}
