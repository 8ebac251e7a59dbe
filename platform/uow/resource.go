package uow

import (
	"context"
	"fmt"
)

// Resource is one store's side of a unit of work: a SQL transaction, or the writes that a memory store has staged.
//
// The unit calls Prepare on all of its resources, then Commit on the durable one, then Commit on the others; or
// Rollback on all of them, also after a Commit that failed. After Rollback or a successful Commit it calls nothing more.
type Resource interface {
	// Prepare does everything that can still be refused and makes nothing visible. A resource that is not durable must
	// not fail in Commit after Prepare returned nil. Errors: ErrConflict, or what the store reports.
	Prepare(ctx context.Context) error
	// Commit makes the writes visible and, if the resource is durable, safe. Errors: ErrConflict when nothing was
	// committed, ErrCommitUnknown when that cannot be told, or what the store reports when nothing was committed.
	Commit(ctx context.Context) error
	// Rollback undoes everything. It has nothing to report: what was not committed is not there.
	Rollback()
	// Durable reports whether Commit promises that the writes survive a crash. A unit has at most one such resource.
	Durable() bool
	// Err returns the error after which the resource can no longer commit, nil while it can. It keeps a function from
	// committing half of its work by swallowing an error. Errors: the first that broke the resource.
	Err() error
}

// Join returns the resource that the unit of work in ctx has under key, opening it when this is the first call. Adapters
// use their pool or database as the key. They write in Store.Save and Outbox.Append only, when all commands are over: what
// a command wrote itself would stay when it fails beside others that do not. locking tells open that the unit runs again
// after a conflict, so that it is better to wait for locks than to lose a second time. Errors: ErrNoUnit, ErrEnded,
// ErrTwoDatabases, and what open reports.
func Join[R Resource](ctx context.Context, key any, open func(ctx context.Context, locking bool) (R, error)) (R, error) {
	var none R
	u, err := current(ctx)
	if err != nil {
		return none, err
	}
	if r, ok := u.resources[key]; ok {
		return r.(R), nil
	}
	r, err := open(ctx, u.locking)
	if err != nil {
		return none, fmt.Errorf("join the unit of work: %w", err)
	}
	if err := u.enlist(key, r); err != nil {
		r.Rollback()
		return none, err
	}
	return r, nil
}

// Verifies reports whether the unit of work in ctx compares at its end what its commands have looked at with what is stored
// then, so that looking needs no transaction.
func Verifies(ctx context.Context) bool {
	u, err := current(ctx)
	return err == nil && u.trusting
}

func (u *unit) enlist(key any, r Resource) error {
	if r.Durable() {
		if u.durable != nil {
			return ErrTwoDatabases
		}
		u.durable = r
	} else {
		u.volatile = append(u.volatile, r)
	}
	u.resources[key] = r
	return nil
}

// broken returns the first error that keeps a resource of the unit from committing.
func (u *unit) broken() error {
	if u.durable != nil {
		if err := u.durable.Err(); err != nil {
			return err
		}
	}
	for _, r := range u.volatile {
		if err := r.Err(); err != nil {
			return err
		}
	}
	return nil
}
