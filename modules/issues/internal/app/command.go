package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/platform/idempotency"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/uow"
)

// nothing is the answer of a command that has none.
type nothing struct{}

// request is one command, as its use case was asked for it.
type request struct {
	operation string // in the words of errors and keys: "comment on an issue"
	by        uuid.UUID
	key       string // the client's idempotency key; empty for none
	body      any    // tells requests under the same key apart; holds no secret
}

// asked returns the request as it is remembered.
func (r request) asked() idempotency.Request {
	return idempotency.Request{Member: r.by, Operation: r.operation, Key: r.key, Body: r.body}
}

// admit counts a request in a short unit of work, before it costs more: what is counted stays so, whatever becomes of the
// rest. A request that was accepted before is not counted, but answered as then. Errors: those of count;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func admit[T any](
	ctx context.Context, d *Desk, r request, count func(context.Context) error,
) (answer T, answered bool, err error) {
	err = d.work.Do(ctx, func(ctx context.Context) (err error) {
		answer, answered, err = idempotency.Earlier[T](ctx, d.answers, r.asked())
		if answered || err != nil {
			return err
		}
		return count(ctx)
	})
	if err != nil {
		return answer, false, fmt.Errorf("%s: %w", r.operation, err)
	}
	return answer, answered, nil
}

// do runs one command in a unit of work of its own. A request that was accepted before is answered as then: run is not
// called, and so no letter is written again.
//
// run may be called more than once; what counts is its last call.
func do[T any](
	ctx context.Context, d *Desk, r request, run func(ctx context.Context, now time.Time) (T, error), hints ...uow.Hint,
) (T, error) {
	answer, _, err := idempotency.InUnit(ctx, d.work, d.answers, r.asked(), func(ctx context.Context) (T, error) {
		return run(ctx, d.clock.Now())
	}, hints...)
	if err != nil {
		return answer, fmt.Errorf("%s: %w", r.operation, err)
	}
	return answer, nil
}

// Asker is who asks for something about an issue: a caller, or a visitor who shows the link that he was mailed.
type Asker struct {
	// Caller is who makes the request. The edge has checked the permission.
	Caller identity.Caller
	// Link is the text of a mailed link that follows an issue; empty for none. It counts before the caller.
	Link string
}

// scope is what an idempotency key is taken in: the member's own, or those of the link that is shown, so that guests do not
// meet in each other's.
func (a Asker) scope() uuid.UUID {
	if a.Link == "" {
		return a.Caller.ID
	}
	return guest("link", a.Link)
}

// guest is the scope of whoever has no account, but knows something that others do not, or can be reached somewhere.
func guest(by, known string) uuid.UUID {
	hash := sha256.Sum256([]byte(by + "\n" + known))
	return uuid.NewSHA1(uuid.Nil, hash[:])
}

// actorOf returns the caller as the domain knows him.
func actorOf(c identity.Caller) domain.Actor {
	return domain.Actor{ID: c.ID, Staff: c.May(issuesapi.Work), Lead: c.May(issuesapi.Assign)}
}

// actor returns the asker as the domain knows him in this issue. Errors: domain.ErrIssueNotFound for the link of another
// one, or one that is not good any more.
func (a Asker) actor(issue domain.IssueState) (domain.Actor, error) {
	if a.Link == "" {
		return actorOf(a.Caller), nil
	}
	id, secret, err := domain.ParseMailedText(a.Link)
	if err != nil || id != issue.ID {
		return domain.Actor{}, domain.ErrIssueNotFound
	}
	return issue.Follower(secret)
}

// ActCommand asks to do something with an issue.
type ActCommand struct {
	// By is who acts.
	By Asker
	// Issue is which.
	Issue uuid.UUID
	// Key makes the command safe to repeat.
	Key string
}

// act is one kind of what can be done with an issue.
type act struct {
	operation string     // in the words of errors and keys
	body      any        // what the command says beside the issue; nil for nothing
	other     *uuid.UUID // the issue that it names beside this one; nil for none
	// news says that a visitor who reported the issue has something new to read.
	news bool
	run  func(ctx context.Context, p parties) error
}

// parties are an issue with who acts, and when.
type parties struct {
	issue *domain.Issue
	other *domain.Issue // nil unless the act names one
	by    domain.Actor
	now   time.Time
}

// perform does the act in a unit of work, and tells a visitor who reported the issue about it unless he did it himself.
// Errors: domain.ErrIssueNotFound, those of the act; domain.ErrAccusedWouldLearn for one that names another issue;
// idempotency.ErrInvalidKey, idempotency.ErrConflict, uow.ErrBusy, uow.ErrOutcomeUnknown.
func (d *Desk) perform(ctx context.Context, cmd ActCommand, a act) error {
	r := request{operation: a.operation, by: cmd.By.scope(), key: cmd.Key, body: struct {
		Issue uuid.UUID
		Other *uuid.UUID
		More  any
	}{cmd.Issue, a.other, a.body}}
	ids := []uuid.UUID{cmd.Issue}
	if a.other != nil {
		ids = append(ids, *a.other)
	}
	_, err := do(ctx, d, r, func(ctx context.Context, now time.Time) (nothing, error) {
		p, err := d.meet(ctx, cmd, a, now)
		if err != nil {
			return nothing{}, err
		}
		if err := a.run(ctx, p); err != nil {
			return nothing{}, err
		}
		if p.other != nil {
			if err := d.concealed(ctx, p.issue, p.other); err != nil {
				return nothing{}, err
			}
		}
		if !a.news || cmd.By.Link != "" {
			return nothing{}, nil
		}
		return nothing{}, d.news(ctx, p.issue, now)
	}, d.issues.Loads(ids...))
	return err
}

// meet loads what the act is about. Errors: domain.ErrIssueNotFound, also for the other issue.
func (d *Desk) meet(ctx context.Context, cmd ActCommand, a act, now time.Time) (p parties, err error) {
	p.now = now
	if p.issue, err = d.issues.Get(ctx, cmd.Issue); err != nil {
		return parties{}, err
	}
	if p.by, err = cmd.By.actor(p.issue.State()); err != nil {
		return parties{}, err
	}
	if a.other != nil {
		p.other, err = d.issues.Get(ctx, *a.other)
	}
	return p, err
}

// news writes to the visitor who reported the issue; nothing for one of nobody's or a member's.
func (d *Desk) news(ctx context.Context, issue *domain.Issue, now time.Time) error {
	s := issue.State()
	if s.Reporter.Email == "" {
		return nil
	}
	return d.writes(ctx, domain.LetterNews, s.ID, now)
}

// writes adds a letter to the visitor who reported the issue to the unit of work. It is mailed once that has committed.
func (d *Desk) writes(ctx context.Context, kind domain.LetterKind, issue uuid.UUID, now time.Time) error {
	id, err := newID()
	if err != nil {
		return err
	}
	return d.letters.Add(ctx, domain.NewLetter(id, kind, issue, now))
}
