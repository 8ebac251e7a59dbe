package idempotency

import (
	"context"

	"github.com/gavelhq/gavel/platform/fault"
)

// Units runs functions in units of work; H is what it can be told beforehand. *uow.Work is it, which this package may not
// know: what every use case rests on rests on nothing.
type Units[H any] interface {
	// Do runs f in a unit of work, perhaps more than once. Errors: those of f and of the unit.
	Do(ctx context.Context, f func(context.Context) error, hints ...H) error
}

// InUnit is Do in a unit of work of its own, with these hints. repeated says that the answer is that of an earlier request,
// so that nothing is told to anybody again.
//
// Of two equal requests that run at the same time both get the one answer: the slower one may look for the key before the
// other commits and at what that has changed afterwards, and then be refused because of its own twin ("this handle is
// taken"). So a refusal under a key is judged once more, in another unit, which finds the answer if that was why.
//
// Errors: those of Do and of the unit.
func InUnit[T, H any](
	ctx context.Context, work Units[H], k *Keys, r Request, run func(context.Context) (T, error), hints ...H,
) (answer T, repeated bool, err error) {
	once := func() error {
		return work.Do(ctx, func(ctx context.Context) (err error) {
			repeated = true
			answer, err = Do(ctx, k, r, func(ctx context.Context) (T, error) {
				repeated = false
				return run(ctx)
			})
			return err
		}, hints...)
	}
	err = once()
	if r.Key != "" && refused(err) {
		err = once()
	}
	if err != nil {
		var none T
		return none, false, err
	}
	return answer, repeated, nil
}

// refused reports whether a rule has refused the command.
func refused(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict, fault.Precondition, fault.Limited:
		return true
	default:
		return false
	}
}
