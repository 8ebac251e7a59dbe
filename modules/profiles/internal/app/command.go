package app

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/audit"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/identity"
)

// nothing is the answer of a command that has none.
type nothing struct{}

// request is one command, as its use case was asked for it.
type request struct {
	operation string // in the words of errors and keys: "block member"
	by        uuid.UUID
	key       string // the client's idempotency key; empty for none
	body      any    // tells requests under the same key apart; holds no secret
}

// letter posts what there is to tell once a command is committed; nil for nothing.
type letter func()

// do runs one command in a unit of work of its own and then posts the letter that it wrote. A request that was accepted
// before is answered as then: run is not called, and nothing is posted again.
//
// run may be called more than once; what counts is its last call. It must not hash, nor do anything else that lasts.
func do[T any](
	ctx context.Context, h *House, r request, run func(ctx context.Context, now time.Time) (T, letter, error),
) (T, error) {
	var post letter
	asked := idempotency.Request{Member: r.by, Operation: r.operation, Key: r.key, Body: r.body}
	answer, repeated, err := idempotency.InUnit(ctx, h.work, h.answers, asked, func(ctx context.Context) (answer T, err error) {
		answer, post, err = run(ctx, h.clock.Now())
		return answer, err
	})
	if err != nil {
		return answer, fmt.Errorf("%s: %w", r.operation, err)
	}
	if post != nil && !repeated {
		post()
	}
	return answer, nil
}

// silently is do for a command that has no answer.
func silently(
	ctx context.Context, h *House, r request, run func(ctx context.Context, now time.Time) (letter, error),
) error {
	_, err := do(ctx, h, r, func(ctx context.Context, now time.Time) (nothing, letter, error) {
		post, err := run(ctx, now)
		return nothing{}, post, err
	})
	return err
}

// person is who a letter goes to.
type person struct{ address, handle string }

// personOf returns whose the account is, as the unit of work in ctx has it.
func (h *House) personOf(ctx context.Context, account *domain.Account) (person, error) {
	profile, err := h.Profiles.Get(ctx, account.ID())
	if err != nil {
		return person{}, err
	}
	return person{address: account.Email().String(), handle: profile.Handle().String()}, nil
}

// record notes an act in the unit of work in ctx.
func (h *House) record(
	ctx context.Context, by identity.Caller, act string, target uuid.UUID, reason, detail string, now time.Time,
) error {
	return h.acts.Record(ctx, audit.Entry{
		At: now, Actor: by.ID, Act: act, Target: target, Reason: reason, Detail: detail,
	})
}

// newID draws an id.
func newID() (uuid.UUID, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, fmt.Errorf("draw an id: %w", err)
	}
	return id, nil
}
