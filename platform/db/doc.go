// Package db is the one place that knows how to talk SQL to SQLite and to PostgreSQL.
//
// A Pool is a database. Pool.Tx joins the unit of work of a context and is what repositories write through; Pool.Read
// is what views read through. One SQL text serves both databases: parameters are written $1, and the little that
// differs is asked of the Dialect. Driver errors come out as uow.ErrConflict, uow.ErrCommitUnknown, *ConstraintError or
// a fault, so that callers never look at a driver's codes.
//
// The schema belongs to the modules: each brings Migrations, and whoever owns the pool runs them with a Migrator.
package db
