package uow_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	eventsmemory "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// bank is a small program in memory: a repository of accounts, and units of work over it.
type bank struct {
	work     *uow.Work
	accounts *uow.Repository[*uowtest.Account, uowtest.Event]
	outbox   *eventsmemory.Outbox
}

func newBank() *bank {
	db := memory.NewDatabase()
	outbox := eventsmemory.NewOutbox(db)
	store := memory.NewCollection[*uowtest.Account, uowtest.Event](db, uowtest.ErrAccountExists)
	return &bank{
		work:     uow.New(outbox, uow.Settings{}),
		accounts: uow.NewRepository("accounts", store, uowtest.ErrAccountNotFound, uowtest.Publish[*uowtest.Account]),
		outbox:   outbox,
	}
}

// open stores an account.
func (b *bank) open(id uuid.UUID, balance int64) {
	err := b.work.Do(context.Background(), func(ctx context.Context) error {
		a := uowtest.OpenAccount(uuid.New(), id, id.String(), noon)
		a.Deposit(uuid.New(), balance, noon)
		return b.accounts.Add(ctx, a)
	})
	if err != nil {
		panic(err)
	}
}

// withdraw is a use case: load, call the rule, and nothing else. That the change is stored, its event published and
// both of them or neither, is the unit's business.
func (b *bank) withdraw(ctx context.Context, id uuid.UUID, amount int64) error {
	return b.work.Do(ctx, func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		return a.Withdraw(uuid.New(), amount, noon)
	}, b.accounts.Loads(id))
}

// deposit is another.
func (b *bank) deposit(ctx context.Context, id uuid.UUID, amount int64) error {
	return b.work.Do(ctx, func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, id)
		if err != nil {
			return err
		}
		a.Deposit(uuid.New(), amount, noon)
		return nil
	}, b.accounts.Loads(id))
}

// balance shows what is stored. A program would read for display through a view, outside any unit.
func (b *bank) balance(id uuid.UUID) (balance int64) {
	_ = b.work.Do(context.Background(), func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, id)
		if err == nil {
			balance = a.Balance()
		}
		return err
	})
	return balance
}

// A unit of work commits when its function returns nil, and only then. Nobody calls Save.
func ExampleWork_Do() {
	b, alice := newBank(), uuid.New()
	b.open(alice, 100)

	err := b.work.Do(context.Background(), func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, alice)
		if err != nil {
			return err
		}
		return a.Withdraw(uuid.New(), 30, noon)
	}, b.accounts.Loads(alice))
	fmt.Println("withdraw 30:", err, "- balance", b.balance(alice))

	err = b.work.Do(context.Background(), func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, alice)
		if err != nil {
			return err
		}
		a.Deposit(uuid.New(), 1_000, noon)
		return errors.New("changed my mind")
	})
	fmt.Println("deposit 1000:", err, "- balance", b.balance(alice))

	for _, m := range b.outbox.Messages() {
		fmt.Println(m.Seq, m.Kind, string(m.Payload))
	}
	// Output:
	// withdraw 30: <nil> - balance 70
	// deposit 1000: changed my mind - balance 70
	// 1 uowtest.account_opened.v1 {"amount":0}
	// 2 uowtest.account_deposited.v1 {"amount":100}
	// 3 uowtest.account_withdrawn.v1 {"amount":30}
}

// Use cases are built of use cases: each may be called alone, and inside another it joins the unit of that one. What
// fails inside fails the whole, even if the function goes on.
func ExampleWork_Do_nested() {
	b, alice, bob := newBank(), uuid.New(), uuid.New()
	b.open(alice, 100)
	b.open(bob, 0)

	transfer := func(amount int64) error {
		return b.work.Do(context.Background(), func(ctx context.Context) error {
			if err := b.deposit(ctx, bob, amount); err != nil {
				return err
			}
			_ = b.withdraw(ctx, alice, amount) // an error that is swallowed is not forgotten
			return nil
		})
	}

	fmt.Println(transfer(60), "- alice", b.balance(alice), "bob", b.balance(bob))
	fmt.Println(errors.Is(transfer(60), uowtest.ErrOverdrawn), "- alice", b.balance(alice), "bob", b.balance(bob))
	// Output:
	// <nil> - alice 40 bob 60
	// true - alice 40 bob 60
}

// Many commands share one unit: one query to load, one commit, and an outcome for each. Each sees what those before it
// did, and one that fails leaves no trace.
func ExampleWork_DoAll() {
	b, alice := newBank(), uuid.New()
	b.open(alice, 100)
	withdraw := func(amount int64) uow.Command {
		return uow.Command{
			Run:   func(ctx context.Context) error { return b.withdraw(ctx, alice, amount) },
			Hints: []uow.Hint{b.accounts.Loads(alice)},
		}
	}

	for i, err := range b.work.DoAll(context.Background(), []uow.Command{withdraw(60), withdraw(60), withdraw(40)}) {
		fmt.Println(i, errors.Is(err, uowtest.ErrOverdrawn))
	}
	fmt.Println("balance", b.balance(alice))
	// Output:
	// 0 false
	// 1 true
	// 2 false
	// balance 0
}

// Outside a unit a repository refuses to work: a change that nobody would store is a mistake.
func ExampleRepository_Get() {
	b := newBank()
	_, err := b.accounts.Get(context.Background(), uuid.New())
	fmt.Println(errors.Is(err, uow.ErrNoUnit))
	// Output:
	// true
}
