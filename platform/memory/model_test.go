package memory_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// TestUnitsEqualAModel runs random commands with random failures, in units of one and of many, and compares everything
// that can be seen with commands that run one after the other on a map.
func TestUnitsEqualAModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBank()
		p := &player{
			work:     uow.New(b.outbox, uow.Settings{}),
			accounts: uow.NewRepository("accounts", b.accounts, uowtest.ErrAccountNotFound, uowtest.Publish[*uowtest.Account]),
		}
		want := &model{Accounts: map[int]account{}, Messages: map[int][]string{}}
		for range rapid.IntRange(1, 6).Draw(t, "units") {
			want.stored = maps.Clone(want.Accounts)
			plans := rapid.SliceOfN(rapid.Custom(drawPlan), 1, 6).Draw(t, "commands")
			commands := make([]uow.Command, len(plans))
			for i, plan := range plans {
				commands[i] = p.command(plan)
			}
			for i, got := range p.work.DoAll(context.Background(), commands) {
				next, failure := want.after(plans[i])
				require.Equal(t, fmt.Sprint(failure), said(got), "outcome of command %d", i)
				want = next
			}
			seen := observe(b)
			require.Equal(t, want.Accounts, seen.Accounts)
			require.Equal(t, want.Messages, seen.Messages)
		}
	})
}

// plan is a command: its steps, and how it ends.
type plan struct {
	Steps []step
	End   string
	Hints bool
}

// step is one thing that a command does to an account.
type step struct {
	Do     string
	ID     int
	Amount int64
}

func drawPlan(t *rapid.T) plan {
	steps := rapid.Custom(func(t *rapid.T) step {
		return step{
			Do: rapid.SampledFrom([]string{
				"open", "open", "deposit", "deposit", "withdraw", "renumber", "remove", "read", "nested", "fail inside",
			}).Draw(t, "do"),
			ID:     rapid.IntRange(0, len(accountIDs)-1).Draw(t, "id"),
			Amount: rapid.Int64Range(1, 6).Draw(t, "amount"),
		}
	})
	return plan{
		Steps: rapid.SliceOfN(steps, 0, 5).Draw(t, "steps"),
		End:   rapid.SampledFrom([]string{"well", "well", "well", "well", "error", "panic"}).Draw(t, "end"),
		Hints: rapid.Bool().Draw(t, "hints"),
	}
}

var (
	errPlanned = errors.New("planned")
	errTaken   = errors.New("taken")
	when       = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	// accountIDs are few, so that commands meet.
	accountIDs = []uuid.UUID{{15: 1}, {15: 2}, {15: 3}}
)

// player turns plans into commands.
type player struct {
	work     *uow.Work
	accounts *uow.Repository[*uowtest.Account, uowtest.Event]
}

func (p *player) command(plan plan) uow.Command {
	var hints []uow.Hint
	if plan.Hints {
		for _, s := range plan.Steps {
			hints = append(hints, p.accounts.Loads(accountIDs[s.ID]))
		}
	}
	return uow.Command{Hints: hints, Run: func(ctx context.Context) error {
		for _, s := range plan.Steps {
			if err := p.play(ctx, s); err != nil {
				return err
			}
		}
		switch plan.End {
		case "error":
			return errPlanned
		case "panic":
			panic(errPlanned.Error())
		}
		return nil
	}}
}

func (p *player) play(ctx context.Context, s step) error {
	id := accountIDs[s.ID]
	switch s.Do {
	case "fail inside":
		_ = p.work.Do(ctx, func(context.Context) error { return errPlanned })
		return nil
	case "nested":
		return p.work.Do(ctx, func(ctx context.Context) error { return p.play(ctx, step{"deposit", s.ID, s.Amount}) })
	case "remove":
		return p.accounts.Remove(ctx, id)
	}
	a, err := p.accounts.Get(ctx, id)
	switch {
	case s.Do == "open" && err == nil:
		return errTaken
	case s.Do == "open" && errors.Is(err, uowtest.ErrAccountNotFound):
		return p.accounts.Add(ctx, uowtest.OpenAccount(uuid.Nil, id, id.String(), when))
	case err != nil:
		return err
	}
	switch s.Do {
	case "deposit":
		a.Deposit(uuid.Nil, s.Amount, when)
	case "withdraw":
		return a.Withdraw(uuid.Nil, s.Amount, when)
	case "renumber":
		a.Renumber(number(s))
	}
	return nil
}

// number is one that no other account can get.
func number(s step) string { return strconv.Itoa(s.ID) + "-" + strconv.FormatInt(s.Amount, 10) }

// model is what the bank should be: each command works on a copy of the whole that is kept or thrown away.
type model struct {
	Accounts map[int]account
	Messages map[int][]string
	stored   map[int]account // as the unit began
}

type account struct {
	Number                   string
	Balance, Version, Events int64
}

func (m *model) clone() *model {
	c := &model{maps.Clone(m.Accounts), maps.Clone(m.Messages), m.stored}
	for id, list := range c.Messages {
		c.Messages[id] = slices.Clip(list)
	}
	return c
}

// after returns what m is after the command: itself if it fails.
func (m *model) after(p plan) (*model, error) {
	next, touched := m.clone(), map[int]bool{}
	var doomed error
	for _, s := range p.Steps {
		if s.Do == "fail inside" {
			doomed = errPlanned
			continue
		}
		if err := next.apply(s, touched); err != nil {
			return m, err
		}
	}
	switch {
	case p.End == "panic":
		return m, errors.New("panic: planned")
	case p.End == "error", doomed != nil:
		return m, errPlanned
	}
	for id := range touched {
		if a, exists := next.Accounts[id]; exists {
			a.Version++
			next.Accounts[id] = a
		}
	}
	return next, nil
}

func (m *model) apply(s step, touched map[int]bool) error {
	a, exists := m.Accounts[s.ID]
	_, stored := m.stored[s.ID]
	switch {
	case s.Do == "open" && exists:
		return errTaken
	case s.Do == "open" && (stored || touched[s.ID]): // removed in the same unit
		return uow.ErrAlreadyAdded
	case s.Do == "open":
		a = account{Number: accountIDs[s.ID].String()}
		m.record(s.ID, &a, uowtest.Opened)
	case !exists:
		return uowtest.ErrAccountNotFound
	case s.Do == "read":
		return nil
	case s.Do == "remove":
		delete(m.Accounts, s.ID)
		touched[s.ID] = true
		return nil
	case s.Do == "renumber":
		a.Number = number(s)
	case s.Do == "withdraw" && a.Balance < s.Amount:
		return uowtest.ErrOverdrawn
	case s.Do == "withdraw":
		a.Balance -= s.Amount
		m.record(s.ID, &a, uowtest.Withdrawn)
	default:
		a.Balance += s.Amount
		m.record(s.ID, &a, uowtest.Deposited)
	}
	m.Accounts[s.ID], touched[s.ID] = a, true
	return nil
}

func (m *model) record(id int, a *account, kind string) {
	a.Events++
	m.Messages[id] = append(m.Messages[id], message(a.Events, "uowtest.account_"+kind+".v1"))
}

func message(seq int64, kind string) string { return strconv.FormatInt(seq, 10) + " " + kind }

// observe reads what is committed.
func observe(b *bank) *model {
	m := &model{Accounts: map[int]account{}, Messages: map[int][]string{}}
	for _, a := range b.readAccounts(nil) {
		m.Accounts[slices.Index(accountIDs, a.ID)] = account{a.Number, a.Balance, a.Version, a.Events}
	}
	for _, e := range b.outbox.Messages() {
		id := slices.Index(accountIDs, e.Aggregate)
		m.Messages[id] = append(m.Messages[id], message(e.Seq, e.Kind))
	}
	return m
}

// said returns the message of the rule that an outcome is about, without what was being done.
func said(err error) string {
	var p *uow.PanicError
	if errors.As(err, &p) {
		return fmt.Sprint("panic: ", p.Value)
	}
	for _, known := range []error{errPlanned, errTaken, uow.ErrAlreadyAdded, uowtest.ErrAccountNotFound, uowtest.ErrOverdrawn} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return fmt.Sprint(err)
}
