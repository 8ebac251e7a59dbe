package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// accountWide is how many times as many attempts are free of delay from all unknown browsers together as from one
// network.
const accountWide = 4

// freeLetters is how many letters to one address cost no delay.
const freeLetters = 3

// networkWide is how many times as many letters a network may ask for, whatever their addresses, as attempts from it at
// one password are free.
const networkWide = 20

// attempt is one attempt at something that is slowed down, such as signing in.
type attempt struct {
	kind string // "sign in"
	// key is that of the address that it is aimed at, whether or not somebody has it; account is whose it is, zero for
	// nobody's.
	key     string
	account uuid.UUID
	by      domain.Client
	free    int
}

// counter is one throttle of an attempt.
type counter struct {
	id   uuid.UUID
	free int
}

// count counts the attempt in the unit of work in ctx, before it is judged, and returns what it was counted on. A browser
// from which the member has signed in before is only delayed by its own attempts. All others are delayed by those from
// their network, and by those of all of them together, so that no stranger, however many networks he has, keeps a member
// out of the browser that he uses.
//
// It does the same work for an address that nobody has. Errors: domain.ErrTooManyAttempts with the longest time to wait;
// then it is not counted.
func (h *House) count(ctx context.Context, a attempt, now time.Time) ([]uuid.UUID, error) {
	if h.policy.FreeAttempts == 0 {
		return nil, nil
	}
	known, err := h.knows(ctx, a.account, a.by.Device, now)
	if err != nil {
		return nil, err
	}
	counters := []counter{
		{domain.ThrottleID(a.kind+" from a network", a.key, a.by.Network), a.free},
		{domain.ThrottleID(a.kind+" from anywhere", a.key), accountWide * a.free},
	}
	if known {
		counters = []counter{{domain.ThrottleID(a.kind+" from a device", a.key, a.by.Device), a.free}}
	}
	return h.countOn(ctx, counters, now)
}

// countOn counts one attempt on all of the throttles, or on none. Errors: as count.
func (h *House) countOn(ctx context.Context, counters []counter, now time.Time) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(counters))
	throttles := make([]*domain.Throttle, len(counters))
	var refused error
	for i, c := range counters {
		t, err := h.throttle(ctx, c.id)
		if err != nil {
			return nil, err
		}
		ids[i], throttles[i] = c.id, t
		refused = longer(refused, t.Check(now))
	}
	if refused != nil {
		return nil, refused
	}
	for i, t := range throttles {
		if err := t.Attempt(counters[i].free, now); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// throttle returns the throttle with that id, a new one if there is none.
func (h *House) throttle(ctx context.Context, id uuid.UUID) (*domain.Throttle, error) {
	t, err := h.Throttles.Get(ctx, id)
	if errors.Is(err, domain.ErrRecordNotFound) {
		t = domain.NewThrottle(id)
		return t, h.Throttles.Add(ctx, t)
	}
	return t, err
}

// longer returns the one of two refusals that has the longer time to wait.
func longer(a, b error) error {
	wait := func(err error) int64 {
		refusal, ok := errors.AsType[*fault.Error](err)
		if !ok {
			return 0
		}
		seconds, _ := refusal.Fields()["retry_after"].(int64)
		return seconds
	}
	if a == nil || b != nil && wait(b) > wait(a) {
		return b
	}
	return a
}

// forget drops what was counted on the throttles: the attempt succeeded.
func (h *House) forget(ctx context.Context, ids []uuid.UUID) error {
	for _, id := range ids {
		t, err := h.Throttles.Get(ctx, id)
		switch {
		case errors.Is(err, domain.ErrRecordNotFound):
			continue // swept up meanwhile
		case err != nil:
			return err
		}
		t.Forget()
	}
	return nil
}

// knows reports whether the account has signed in with that device cookie before.
func (h *House) knows(ctx context.Context, account uuid.UUID, cookie string, now time.Time) (bool, error) {
	device, err := h.Devices.Get(ctx, domain.DeviceID(account, cookie))
	switch {
	case errors.Is(err, domain.ErrRecordNotFound):
		return false, nil
	case err != nil:
		return false, err
	}
	return cookie != "" && device.State().KnownAt(now), nil
}

// mayPost counts a letter to the address in the unit of work in ctx, and reports whether it may be posted. Who asks for
// too many is not told.
func (h *House) mayPost(ctx context.Context, a attempt, now time.Time) (bool, error) {
	a.kind, a.free = "letter", freeLetters
	_, err := h.count(ctx, a, now)
	if errors.Is(err, domain.ErrTooManyAttempts) {
		return false, nil
	}
	return err == nil, err
}

// correspond counts a letter on the network that asks for it, whatever its address: nobody makes the house write to all
// the world, nor fill the queue in which the letters of others wait. This is told, because it says nothing about any
// address. Errors: domain.ErrTooManyAttempts.
func (h *House) correspond(ctx context.Context, by domain.Client, now time.Time) error {
	if h.policy.FreeAttempts == 0 {
		return nil
	}
	letters := counter{domain.ThrottleID("letters from a network", by.Network), networkWide * h.policy.FreeAttempts}
	_, err := h.countOn(ctx, []counter{letters}, now)
	return err
}
