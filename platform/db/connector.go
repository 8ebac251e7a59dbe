package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// connector wraps a driver's connections, so that each keeps its statements prepared and everything is counted. (An
// sql.Stmt of the pool could not be prepared inside a transaction that holds the pool's only connection.)
type connector struct {
	driver.Connector
	counters *counters
	hooks
	keep     int  // statements kept prepared per connection
	finalize bool // the driver wants its statements closed before the connection
}

// hooks run before a connection is made, and when it has been; each may be nil.
type hooks struct {
	before func(ctx context.Context) error
	made   func(ctx context.Context, conn driver.Conn) error
}

// Connect makes a connection. Errors: what the driver reports.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.before != nil {
		if err := c.before(ctx); err != nil {
			return nil, err
		}
	}
	made, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if c.made != nil {
		if err := c.made(ctx, made); err != nil {
			return nil, errors.Join(err, made.Close())
		}
	}
	base, ok := made.(driverConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a %T is no connection that this package can use", made), made.Close())
	}
	return &conn{driverConn: base, counters: c.counters, kept: newStatements(c.keep), finalize: c.finalize}, nil
}

// driverConn is what both drivers' connections can do.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is one connection. database/sql sees to it that one goroutine uses it at a time.
type conn struct {
	driverConn
	counters *counters
	kept     *statements
	finalize bool
}

// CheckNamedValue leaves arguments to the driver if it wants them, else to database/sql.
func (c *conn) CheckNamedValue(value *driver.NamedValue) error {
	if checker, ok := c.driverConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

// ExecContext executes a statement, prepared if it has parameters. Those without are DDL, pragmas and scripts.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.counters.statements.Add(1)
	if len(args) == 0 || !c.kept.enabled() {
		c.counters.roundTrips.Add(1)
		return c.driverConn.ExecContext(ctx, query, args)
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	c.counters.roundTrips.Add(1)
	result, err := s.ExecContext(ctx, args)
	return result, c.done(query, s, err)
}

// QueryContext executes a query, prepared if it has parameters.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.counters.statements.Add(1)
	if len(args) == 0 || !c.kept.enabled() {
		c.counters.roundTrips.Add(1)
		return c.driverConn.QueryContext(ctx, query, args)
	}
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	c.counters.roundTrips.Add(1)
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, c.done(query, s, err)
	}
	return &rows{Rows: found, close: func(err error) error { return c.done(query, s, err) }}, nil
}

// BeginTx begins a transaction.
func (c *conn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	c.counters.transactions.Add(1)
	c.counters.roundTrips.Add(1)
	tx, err := c.driverConn.BeginTx(ctx, options)
	if err != nil {
		return nil, err
	}
	return &driverTx{Tx: tx, counters: c.counters}, nil
}

// Close closes the connection.
func (c *conn) Close() error {
	if c.finalize {
		return errors.Join(c.kept.close(), c.driverConn.Close())
	}
	return c.driverConn.Close()
}

// statement takes the prepared statement out of those that are kept, or prepares it. It is not among them while it is
// in use: SQLite allows the same query again while the rows of the first are still being read.
func (c *conn) statement(ctx context.Context, query string) (statement, error) {
	if s, ok := c.kept.take(query); ok {
		return s, nil
	}
	c.counters.roundTrips.Add(1)
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("a %T is no statement that this package can use", prepared), prepared.Close())
	}
	return s, nil
}

// done gives a statement back. One that failed is closed: its plan may be what is wrong, after a migration.
func (c *conn) done(query string, s statement, err error) error {
	if err == nil {
		return c.kept.put(query, s)
	}
	return errors.Join(err, s.Close())
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// rows gives their statement back when they are closed.
type rows struct {
	driver.Rows
	failed error
	close  func(error) error
}

// Next reads a row.
func (r *rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err != nil && !errors.Is(err, io.EOF) {
		r.failed = err
	}
	return err
}

// Close ends the reading.
func (r *rows) Close() error {
	err := r.Rows.Close()
	if r.close == nil {
		return err
	}
	// The error of Next has been reported by Next.
	kept := r.close(errors.Join(r.failed, err))
	r.close = nil
	if r.failed != nil {
		return err
	}
	return kept
}

type driverTx struct {
	driver.Tx
	counters *counters
}

// Commit commits.
func (t *driverTx) Commit() error {
	t.counters.roundTrips.Add(1)
	err := t.Tx.Commit()
	if err == nil {
		t.counters.commits.Add(1)
	}
	return err
}

// Rollback rolls back.
func (t *driverTx) Rollback() error {
	t.counters.roundTrips.Add(1)
	return t.Tx.Rollback()
}
