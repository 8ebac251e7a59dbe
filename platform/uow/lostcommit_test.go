package uow_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/fault"
	"github.com/gavelhq/gavel/platform/uow"
	"github.com/gavelhq/gavel/platform/uow/uowtest"
)

// teller is a program over a disk.
type teller struct {
	disk     *disk
	work     *uow.Work
	accounts *uow.Repository[*uowtest.Account, uowtest.Event]
}

func newTeller(d *disk, settings uow.Settings) *teller {
	return &teller{
		disk:     d,
		work:     uow.New(outboxOn{d}, settings),
		accounts: uow.NewRepository("accounts", accountsOn{d}, uowtest.ErrAccountNotFound, uowtest.Publish[*uowtest.Account]),
	}
}

// openAccount stores an account with a balance of 100.
func (b *teller) openAccount(t *testing.T) uuid.UUID {
	t.Helper()
	id := uuid.New()
	require.NoError(t, b.work.Do(t.Context(), func(ctx context.Context) error {
		a := uowtest.OpenAccount(uuid.New(), id, id.String(), noon)
		a.Deposit(uuid.New(), 100, noon)
		return b.accounts.Add(ctx, a)
	}))
	return id
}

// deposit returns a command of that id that adds 1 to the account.
func (b *teller) deposit(account, command uuid.UUID) uow.Command {
	return uow.Command{Run: func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, account)
		if err != nil {
			return err
		}
		a.Deposit(command, 1, noon)
		return nil
	}, Hints: []uow.Hint{uow.CommandID(command)}}
}

// renumber returns a command of that id that changes the account and records no event.
func (b *teller) renumber(account, command uuid.UUID) uow.Command {
	return uow.Command{Run: func(ctx context.Context) error {
		a, err := b.accounts.Get(ctx, account)
		if err != nil {
			return err
		}
		a.Renumber(command.String())
		return nil
	}, Hints: []uow.Hint{uow.CommandID(command)}}
}

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func TestLostCommitAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		commit      commit
		otherMoves  bool // another unit changes the account before anybody looks
		unrecorded  bool
		lookupFails int
		anonymous   bool // the command has no id
		eventless   bool // the command records no event
		want        error
		deposits    int64
	}{
		"it happened":                              {commit: commit{lost: true, happens: true}, deposits: 1},
		"it happened and others went on":           {commit: commit{lost: true, happens: true}, otherMoves: true, deposits: 2},
		"it happened and the first questions fail": {commit: commit{lost: true, happens: true}, lookupFails: 2, deposits: 1},
		"it did not happen":                        {commit: commit{lost: true}, deposits: 1},
		"it did not happen and others went on":     {commit: commit{lost: true}, otherMoves: true, deposits: 2},
		"nobody answers":                           {commit: commit{lost: true, happens: true}, lookupFails: 1 << 30, want: uow.ErrOutcomeUnknown, deposits: 1},
		"without command ids, it did not happen":   {commit: commit{lost: true}, unrecorded: true, deposits: 1},
		"without command ids, it happened":         {commit: commit{lost: true, happens: true}, unrecorded: true, want: uow.ErrOutcomeUnknown, deposits: 1},
		"without command ids, others went on":      {commit: commit{lost: true}, unrecorded: true, otherMoves: true, want: uow.ErrOutcomeUnknown, deposits: 1},
		"of a command without a name":              {commit: commit{lost: true, happens: true}, anonymous: true, want: uow.ErrOutcomeUnknown, deposits: 1},
		"of a command without a name, not done":    {commit: commit{lost: true}, anonymous: true, deposits: 1},
		"of a command without events":              {commit: commit{lost: true, happens: true}, eventless: true, want: uow.ErrOutcomeUnknown},
		"of a command without events, not done":    {commit: commit{lost: true}, eventless: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDisk()
			patient := newTeller(d, uow.Settings{Deadline: time.Minute, CommitDeadline: time.Minute})
			account := patient.openAccount(t)
			b := patient
			if c.lookupFails > 2 {
				b = newTeller(d, uow.Settings{CommitDeadline: 20 * time.Millisecond})
			}
			if c.otherMoves {
				c.commit.meanwhile = func() {
					other := patient.deposit(account, uuid.New())
					require.NoError(t, patient.work.Do(context.WithoutCancel(t.Context()), other.Run))
				}
			}
			d.commits, d.lookupFails, d.unrecorded = []commit{c.commit}, c.lookupFails, c.unrecorded

			command := b.deposit(account, uuid.New())
			if c.eventless {
				command = b.renumber(account, uuid.New())
			}
			if c.anonymous {
				command.Hints = nil
			}
			err := b.work.Do(t.Context(), command.Run, command.Hints...)
			require.ErrorIs(t, err, c.want)
			if c.want != nil {
				require.Equal(t, fault.Unavailable, fault.KindOf(err))
				require.Equal(t, "outcome_unknown", fault.CodeOf(err))
			}
			require.Equal(t, 100+c.deposits, d.accounts[account].Balance)
			require.Len(t, d.messages, int(2+c.deposits))
			require.Zero(t, d.transactions())
		})
	}
}

func TestLostCommitAnswerOfABatch(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		commit      commit
		lookupFails int
		stored      int // how many of the command ids the disk knows already, from another server
		want        error
		deposits    int64
	}{
		"it happened":       {commit: commit{lost: true, happens: true}, deposits: 2},
		"it did not happen": {commit: commit{lost: true}, deposits: 2},
		"one of the commands is stored, but perhaps not by this unit": {
			commit: commit{lost: true}, stored: 1, want: uow.ErrOutcomeUnknown,
		},
		"nobody answers: nothing runs again": {
			commit: commit{lost: true, happens: true}, lookupFails: 1 << 30, want: uow.ErrOutcomeUnknown, deposits: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDisk()
			b := newTeller(d, uow.Settings{CommitDeadline: time.Minute})
			account := b.openAccount(t)
			if c.lookupFails > 0 {
				b = newTeller(d, uow.Settings{CommitDeadline: 20 * time.Millisecond})
			}
			d.commits, d.lookupFails = []commit{c.commit}, c.lookupFails
			ids := []uuid.UUID{uuid.New(), uuid.New()}
			for _, id := range ids[:c.stored] {
				d.commands[id] = true
			}
			outcomes := b.work.DoAll(t.Context(), []uow.Command{
				b.deposit(account, ids[0]),
				{Run: func(context.Context) error { return errRefused }, Hints: []uow.Hint{uow.CommandID(uuid.New())}},
				b.deposit(account, ids[1]),
			})
			require.ErrorIs(t, outcomes[0], c.want)
			require.ErrorIs(t, outcomes[2], c.want)
			require.Error(t, outcomes[1])
			require.Equal(t, 100+c.deposits, d.accounts[account].Balance)
			require.Zero(t, d.transactions())
		})
	}
}

// A search that itself meets conflicts must end as unknown: to run the commands again could store them twice.
func TestLostCommitSearchThatConflicts(t *testing.T) {
	t.Parallel()
	d := newDisk()
	account := newTeller(d, uow.Settings{}).openAccount(t)
	b := newTeller(d, uow.Settings{CommitDeadline: 20 * time.Millisecond})
	b.accounts = uow.NewRepository("accounts", conflicting{accountsOn{d}}, uowtest.ErrAccountNotFound, uowtest.Publish[*uowtest.Account])
	d.commits = []commit{{lost: true, happens: true}}

	command, runs := b.deposit(account, uuid.New()), 0
	err := b.work.Do(t.Context(), func(ctx context.Context) error {
		runs++
		return command.Run(ctx)
	}, command.Hints...)
	require.ErrorIs(t, err, uow.ErrOutcomeUnknown)
	require.Equal(t, 1, runs)
	require.Equal(t, int64(101), d.accounts[account].Balance)
	require.Zero(t, d.transactions())
}

// conflicting is a store whose lookups lose against others for ever.
type conflicting struct{ accountsOn }

func (conflicting) Committed(context.Context, []uuid.UUID) ([]uuid.UUID, error) {
	return nil, uow.ErrConflict
}

func TestLostCommitAnswerOfAReader(t *testing.T) {
	t.Parallel()
	d := newDisk()
	b := newTeller(d, uow.Settings{})
	account := b.openAccount(t)
	d.commits = []commit{{lost: true}}
	require.NoError(t, b.work.Do(t.Context(), func(ctx context.Context) error {
		_, err := b.accounts.Get(ctx, account)
		return err
	}), "nothing was changed, so nothing was lost")
	require.Zero(t, d.transactions())
}

// What a unit would have stored is stored as a whole or not at all: that one of its commands is stored, because its caller
// repeated it elsewhere meanwhile, says nothing about a neighbour of which the store keeps no id.
func TestLostCommitOfAUnitWhoseOnlyNamedCommandIsStoredByAnother(t *testing.T) {
	t.Parallel()
	d := newDisk()
	here, elsewhere := newTeller(d, uow.Settings{}), newTeller(d, uow.Settings{})
	mine, other := here.openAccount(t), here.openAccount(t)
	repeated := uuid.New()
	d.commits = []commit{{lost: true, meanwhile: func() {
		again := elsewhere.deposit(mine, repeated)
		require.NoError(t, elsewhere.work.Do(context.WithoutCancel(t.Context()), again.Run, again.Hints...))
	}}}
	outcomes := here.work.DoAll(t.Context(), []uow.Command{here.deposit(mine, repeated), here.renumber(other, uuid.New())})
	stored := d.accounts[other].Number != other.String()
	require.Equal(t, stored, outcomes[1] == nil, "it is told to have changed what is stored (%t): %v", stored, outcomes[1])
}

// A command of which the store keeps no id does not make the fate of its neighbours unknown.
func TestLostCommitOfAUnitWithACommandThatIsNotRecorded(t *testing.T) {
	t.Parallel()
	d := newDisk()
	here, elsewhere := newTeller(d, uow.Settings{}), newTeller(d, uow.Settings{})
	mine, other := here.openAccount(t), here.openAccount(t)
	d.commits = []commit{{lost: true, meanwhile: func() {
		deposit := elsewhere.deposit(mine, uuid.New())
		require.NoError(t, elsewhere.work.Do(context.WithoutCancel(t.Context()), deposit.Run, deposit.Hints...))
	}}}
	for _, err := range here.work.DoAll(t.Context(), []uow.Command{here.deposit(mine, uuid.New()), here.renumber(other, uuid.New())}) {
		require.NoError(t, err)
	}
	require.Equal(t, int64(102), d.accounts[mine].Balance)
	require.NotEqual(t, other.String(), d.accounts[other].Number)
}
