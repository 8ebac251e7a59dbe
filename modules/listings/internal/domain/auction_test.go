package domain_test

import (
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// start is when the auctions of these tests open.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var (
	usd = domain.Currency{Code: "USD", Digits: 2}
	jpy = domain.Currency{Code: "JPY", Digits: 0}
	kwd = domain.Currency{Code: "KWD", Digits: 3}
)

const (
	seller    = "seller"
	moderator = "moderator"
)

// testing is what *testing.T, *testing.B and *rapid.T have in common.
type testingT interface {
	require.TestingT
	Helper()
}

// member gives everybody an id of his own.
func member(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

// secret gives the same secret for the same name.
func secret(name string) domain.Secret { return sha256.Sum256([]byte(name)) }

func dollars(amount string) domain.Offer { return domain.Offer{Amount: amount, Currency: "USD"} }

// content can be published as it is: 48 hours from $10.00.
func content(changes ...func(*domain.Content)) domain.Content {
	c := domain.Content{
		Title:       "A violin",
		Description: "Made in Mittenwald.",
		StartPrice:  dollars("10.00"),
		Duration:    48 * time.Hour,
	}
	for _, change := range changes {
		change(&c)
	}
	return c
}

func startPrice(amount string) func(*domain.Content) {
	return func(c *domain.Content) { c.StartPrice = dollars(amount) }
}

func reserve(amount string) func(*domain.Content) {
	return func(c *domain.Content) { c.Reserve = dollars(amount) }
}

func buyNow(amount string) func(*domain.Content) {
	return func(c *domain.Content) { c.BuyNow = dollars(amount) }
}

func lasting(d time.Duration) func(*domain.Content) {
	return func(c *domain.Content) { c.Duration = d }
}

func startingAt(at time.Time) func(*domain.Content) {
	return func(c *domain.Content) { c.StartsAt = at }
}

func softClose(window, extension, limit time.Duration) func(*domain.Content) {
	return func(c *domain.Content) {
		c.SoftClose = domain.SoftClose{Window: window, Extension: extension, Cap: limit}
	}
}

// auction drives a listing as the unit of work does, and keeps its log. Times are counted from start.
type auction struct {
	t        testingT
	listing  *domain.Listing
	log      []domain.Event
	commands int
}

// drafted returns a draft, made at start.
func drafted(t testingT, changes ...func(*domain.Content)) *auction {
	t.Helper()
	l, err := domain.NewDraft(member("listing"), member(seller), usd, content(changes...), start)
	require.NoError(t, err)
	a := &auction{t: t, listing: l}
	a.settle()
	return a
}

// published returns a listing that was published at start; it is open unless it starts later.
func published(t testingT, changes ...func(*domain.Content)) *auction {
	t.Helper()
	a := drafted(t, changes...)
	require.NoError(t, a.publish(0))
	return a
}

// settle ends a command and keeps what it appended.
func (a *auction) settle() {
	recorded, _ := a.listing.Settle()
	a.log = append(a.log, recorded...)
}

// by returns a command of that member with a new id.
func (a *auction) by(name string) domain.Command {
	a.commands++
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte{byte(a.commands >> 8), byte(a.commands)})
	return domain.Command{ID: id, Actor: domain.Actor{ID: member(name), Moderator: name == moderator}}
}

func (a *auction) live() []domain.LiveBid { return domain.LiveBids(a.log) }

func (a *auction) publish(at time.Duration) error {
	defer a.settle()
	return a.listing.Publish(a.by(seller), secret("listing"), start.Add(at))
}

func (a *auction) edit(c domain.Content, at time.Duration) error {
	defer a.settle()
	return a.listing.Edit(a.by(seller), c, start.Add(at))
}

func (a *auction) describe(text string, at time.Duration) error {
	defer a.settle()
	return a.listing.AppendDescription(a.by(seller), text, start.Add(at))
}

func (a *auction) bid(bidder, amount string, at time.Duration) (domain.BidAnswer, error) {
	defer a.settle()
	return a.listing.PlaceBid(a.by(bidder), dollars(amount), nil, start.Add(at))
}

// bids places bids that must be accepted, a second apart from at on: bidder, amount, bidder, amount, …
func (a *auction) bids(at time.Duration, pairs ...string) {
	a.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		_, err := a.bid(pairs[i], pairs[i+1], at+time.Duration(i/2)*time.Second)
		require.NoError(a.t, err)
	}
}

func (a *auction) buyNow(buyer string, at time.Duration) (domain.Purchase, error) {
	defer a.settle()
	return a.listing.BuyNow(a.by(buyer), nil, start.Add(at))
}

func (a *auction) retract(bidder string, at time.Duration) (domain.Withdrawal, error) {
	defer a.settle()
	return a.listing.Retract(a.by(bidder), domain.ReasonWrongAmount, a.live(), start.Add(at))
}

func (a *auction) cancelBids(by, bidder string, at time.Duration) (domain.Withdrawal, error) {
	defer a.settle()
	return a.listing.CancelBids(a.by(by), member(bidder), "bids for fun", a.live(), start.Add(at))
}

func (a *auction) cancel(by string, at time.Duration) error {
	defer a.settle()
	return a.listing.Cancel(a.by(by), "broken in transit", start.Add(at))
}

func (a *auction) freeze(at time.Duration) error {
	defer a.settle()
	return a.listing.Freeze(a.by(moderator), "stolen?", start.Add(at))
}

func (a *auction) unfreeze(at time.Duration) error {
	defer a.settle()
	return a.listing.Unfreeze(a.by(moderator), "not stolen", start.Add(at))
}

func (a *auction) open(at time.Duration) bool {
	defer a.settle()
	return a.listing.Open(a.by("").ID, start.Add(at))
}

func (a *auction) close(at time.Duration) bool {
	defer a.settle()
	return a.listing.Close(a.by("").ID, start.Add(at))
}

// state returns the listing's state.
func (a *auction) state() domain.State { return a.listing.State() }

// last returns the newest event of the log.
func (a *auction) last() domain.Event { return a.log[len(a.log)-1] }

// kinds returns the kinds of the log's events.
func (a *auction) kinds() []domain.EventKind {
	all := make([]domain.EventKind, len(a.log))
	for i, e := range a.log {
		all[i] = e.Kind
	}
	return all
}

// price returns the present price as decimal text.
func (a *auction) price() string { return usd.Money(a.state().Standing.Price).Decimal() }

// refused requires that the command is refused with that error and changes nothing.
func (a *auction) refused(want error, command func() error) {
	a.t.Helper()
	before, events := domain.EncodeState(a.state()), len(a.log)
	require.ErrorIs(a.t, command(), want)
	require.Equal(a.t, before, domain.EncodeState(a.state()), "a refusal changes nothing")
	require.Len(a.t, a.log, events, "a refusal appends nothing")
}

// second returns the error of a command that also answers something.
func second[T any](_ T, err error) error { return err }
