// Package builders makes listings in any state for tests, through the domain's own commands, so that nothing can be built
// that the rules do not allow.
//
//	lamp := builders.Draft().Titled("Brass lamp").WithReserve("50.00").
//		Published().After(time.Hour).BidBy(alice, "20.00").Frozen()
//	made := lamp.Make(t)                    // the state and the log, nothing stored
//	lamp.Store(t, work, listings)           // the same, stored
//
// A builder has a clock of its own, which After moves. Making the same builder twice gives the same listing.
package builders

import (
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// Epoch is when every draft is made unless At says otherwise. Its microseconds show whether they are kept.
var Epoch = time.Date(2026, time.March, 1, 12, 0, 0, 123_456_000, time.UTC)

// Moderator is who freezes, unfreezes and calls off.
var Moderator = domain.Actor{ID: uuid.MustParse("01956f5e-0000-7000-8000-00000000abcd"), Moderator: true}

// Currencies with none, two and three digits.
var (
	JPY = domain.Currency{Code: "JPY", Digits: 0}
	USD = domain.Currency{Code: "USD", Digits: 2}
	KWD = domain.Currency{Code: "KWD", Digits: 3}
)

// ID returns a new id, of a listing, a member or a command.
func ID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Listing is a listing to be made: a draft, and the commands that follow. It is not safe for concurrent use.
type Listing struct {
	id, seller uuid.UUID
	currency   domain.Currency
	content    domain.Content
	created    time.Time
	now        time.Time
	steps      []step
	relisted   *Listing // of which this is another try
}

// step is one command.
type step struct {
	name string
	by   domain.Command
	at   time.Time
	run  func(l *domain.Listing, live liveBids, by domain.Command, at time.Time) error
}

// liveBids returns the live bids of the listing that is being made.
type liveBids func() ([]domain.LiveBid, error)

// Draft returns the draft of a lamp that sells from 10 US dollars in 7 days, by a seller of its own, with whatever else
// the methods say.
func Draft() *Listing {
	l := &Listing{id: ID(), seller: ID(), currency: USD, created: Epoch, now: Epoch}
	l.content = domain.Content{Title: "Brass lamp", Description: "It works.", Duration: 7 * 24 * time.Hour}
	return l.From("10.00")
}

// ID returns the listing's id.
func (l *Listing) ID() uuid.UUID { return l.id }

// Seller returns who sells.
func (l *Listing) Seller() domain.Actor { return domain.Actor{ID: l.seller} }

// Now returns the builder's instant: that of the next command.
func (l *Listing) Now() time.Time { return l.now }

// Made is a listing and its whole log.
type Made struct {
	// State is the listing as the last command left it.
	State domain.State
	// Log is every event since publication.
	Log []domain.Event
}

// Make runs the commands and returns what they made, without any store.
func (l *Listing) Make(t *testing.T) Made {
	t.Helper()
	listing, err := l.draft()
	require.NoError(t, err, "make a draft")
	listing.Settle()
	var log []domain.Event
	for _, s := range l.steps {
		live := func() ([]domain.LiveBid, error) { return domain.LiveBids(log), nil }
		require.NoError(t, s.run(listing, live, s.by, s.at), s.name)
		recorded, _ := listing.Settle()
		log = append(log, recorded...)
	}
	return Made{State: listing.State(), Log: log}
}

func (l *Listing) draft() (*domain.Listing, error) {
	if l.relisted == nil {
		return domain.NewDraft(l.id, l.seller, l.currency, l.content, l.created)
	}
	// The old listing is over, whatever its builder does with it until then; its content is replaced at once.
	by := domain.Command{Actor: l.Seller()}
	old := domain.RestoreListing(domain.State{
		ID: l.relisted.id, Seller: l.seller, Currency: l.currency, Status: domain.StatusCancelled,
	})
	draft, err := old.Relist(by, l.id, l.created)
	if err != nil {
		return nil, err
	}
	content := l.content
	if content.Table.IsZero() {
		content.Table, err = domain.BuiltInTable(domain.DefaultTable, l.currency)
	}
	return draft, errors.Join(err, draft.Edit(by, content, l.created))
}

// secret is as good as random, and the same every time.
func (l *Listing) secret() domain.Secret { return sha256.Sum256(l.id[:]) }

func (l *Listing) offer(amount string) domain.Offer {
	return domain.Offer{Amount: amount, Currency: l.currency.Code}
}
