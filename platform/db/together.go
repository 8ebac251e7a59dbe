package db

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/gavelhq/gavel/platform/uow"
)

// Statement is what a unit of work leaves to its end: a write, or a query that verifies something. What is left to the end
// has no order: no statement may need what another has written.
type Statement struct {
	// Query writes, and returns nothing; or it is a query for a row of anything for each that is to be found.
	Query string
	// Args are its parameters, of as many runs as there are elements.
	Args [][]any
	// Rows is how many rows it must touch, or find, in all runs together. Any other number is a conflict.
	Rows int
	// Finds says that it is a query.
	Finds bool
	// Refused, which may be nil, says what a *ConstraintError of this statement means, and returns any other as it is.
	Refused func(error) error
}

// Later leaves a statement to the end of the transaction. In PostgreSQL all that is left to the end becomes one statement:
// one round trip, and, where nothing needed a transaction before, no BEGIN and no COMMIT, because a statement is a
// transaction. It is an error of the unit's commit if the statement fails, or touches another number of rows.
func (tx *Tx) Later(s Statement) { tx.later = append(tx.later, s) }

// together is the most statements that become one: more are rare, and each combination is a text to keep prepared.
const together = 6

// atOnce reports whether what is left can be sent as one statement that is the whole transaction.
func (tx *Tx) atOnce() bool { return tx.tx == nil && combines(tx.Dialect(), tx.later) }

func combines(d Dialect, statements []Statement) bool {
	if d != Postgres || len(statements) > together {
		return false
	}
	for _, s := range statements {
		if len(s.Args) != 1 {
			return false
		}
	}
	return true
}

// writes reports whether one of the statements is more than a query.
func writes(statements []Statement) bool {
	return slices.ContainsFunc(statements, func(s Statement) bool { return !s.Finds })
}

// runLater begins the transaction and runs what was left to its end. Only to verify something SQLite's one writer need not
// be waited for.
func (tx *Tx) runLater(ctx context.Context) error {
	if tx.Dialect() == Postgres || !tx.ends || writes(tx.later) {
		if err := tx.begin(ctx); err != nil {
			return err
		}
	}
	statements := tx.later
	tx.later = nil
	if len(statements) > 1 && combines(tx.Dialect(), statements) {
		query, args := combine(statements)
		_, err := tx.exec(ctx, query, args)
		return tx.refused(meaning(err, statements))
	}
	for _, s := range statements {
		if err := tx.run(ctx, s); err != nil {
			return tx.refused(meaning(err, []Statement{s}))
		}
	}
	return nil
}

// refused remembers what the error means instead of what it says.
func (tx *Tx) refused(err error) error {
	if err != nil {
		tx.err = err
	}
	return err
}

// run runs one of the statements by itself.
func (tx *Tx) run(ctx context.Context, s Statement) error {
	rows := 0
	for _, args := range s.Args {
		n, err := tx.runOnce(ctx, s, args)
		if err != nil {
			return err
		}
		rows += n
	}
	if rows != s.Rows {
		return fmt.Errorf("%w: %d of %d rows are as they were loaded", uow.ErrConflict, rows, s.Rows)
	}
	return nil
}

func (tx *Tx) runOnce(ctx context.Context, s Statement, args []any) (rows int, err error) {
	if !s.Finds {
		touched, err := tx.exec(ctx, s.Query, args)
		return int(touched), err
	}
	err = tx.failed(ctx, sqlx.GetContext(ctx, tx.reader(), &rows, "SELECT count(*) FROM ("+s.Query+") AS found", args...))
	return rows, err
}

// reader returns what queries are asked of: the transaction, if it has begun.
func (tx *Tx) reader() sqlx.QueryerContext {
	switch {
	case tx.tx != nil:
		return tx.tx
	case tx.Dialect() == SQLite:
		return tx.pool.read
	default:
		return tx.pool.write // whose plans are the transactions'
	}
}

// commitAtOnce sends what was left as one statement. It must not be sent twice, as the pool itself would do with a
// connection that turns out to be dead: whoever has lost an answer finds out first.
func (tx *Tx) commitAtOnce(ctx context.Context) error {
	conn, err := tx.pool.write.Connx(ctx)
	if err != nil {
		return tx.pool.translate(ctx, err)
	}
	defer func() { _ = conn.Close() }()
	query, args := combine(tx.later)
	tx.pool.counters.transactions.Add(1)
	// The context's end would break off a commit: Commit leaves it to itself then.
	_, err = conn.ExecContext(context.WithoutCancel(ctx), query, args...)
	switch {
	case err == nil && writes(tx.later):
		tx.pool.counters.commits.Add(1)
		return nil
	case err == nil:
		return nil
	case !writes(tx.later), refusedStatement(err):
		return meaning(tx.pool.translate(ctx, err), tx.later)
	default:
		return fmt.Errorf("%w: %w", uow.ErrCommitUnknown, err)
	}
}

// refusedStatement reports whether PostgreSQL has said that it did not execute a statement. 40003 is "statement completion
// unknown".
func refusedStatement(err error) bool {
	var reported *pq.Error
	return errors.As(err, &reported) && !reported.Fatal() && reported.Code != "40003"
}

// meaning says what an error of the statements means.
func meaning(err error, statements []Statement) error {
	if err == nil {
		return nil
	}
	if pq.As(err, pqerror.DivisionByZero) != nil {
		return fmt.Errorf("%w: not all rows are as they were loaded", uow.ErrConflict)
	}
	for _, s := range statements {
		if s.Refused != nil {
			err = s.Refused(err)
		}
	}
	return err
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// combined are the texts of combinations, by the queries of which they consist. Those are a few texts of the program.
var combined sync.Map // [together]string → string

// combine returns the statement that runs them all, and fails unless each touches as many rows as it must: it divides by
// zero then, which is the only way to fail that needs no function in the database.
func combine(statements []Statement) (query string, args []any) {
	var key [together]string
	for i, s := range statements {
		key[i] = s.Query
		args = append(args, s.Args[0]...)
	}
	for _, s := range statements {
		args = append(args, s.Rows)
	}
	if text, ok := combined.Load(key); ok {
		return text.(string), args
	}
	text := combinedText(statements, len(args))
	combined.Store(key, text)
	return text, args
}

func combinedText(statements []Statement, parameters int) string {
	var parts, conditions []string
	shift := 0
	for i, s := range statements {
		name := "part_" + strconv.Itoa(i+1)
		text := parameter.ReplaceAllStringFunc(s.Query, func(p string) string {
			n, _ := strconv.Atoi(p[1:])
			return "$" + strconv.Itoa(n+shift)
		})
		if !s.Finds {
			text += "\n\t\tRETURNING 1"
		}
		parts = append(parts, name+" AS ("+text+"\n\t\t)")
		rows := "$" + strconv.Itoa(parameters-len(statements)+i+1)
		conditions = append(conditions, "(SELECT count(*) FROM "+name+") = "+rows)
		shift += len(s.Args[0])
	}
	return "\n\t\tWITH " + strings.Join(parts, ", ") + "\n\t\tSELECT 1 / (" + strings.Join(conditions, " AND ") + ")::int"
}
