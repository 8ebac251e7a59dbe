package evidence_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/evidence"
	listings "github.com/gavelhq/gavel/modules/listings/internal/memory"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/platform/clock"
	outbox "github.com/gavelhq/gavel/platform/events/memory"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

var (
	noon      = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	errBroken = errors.New("the database is down")
)

const enough = 1 << 20

// house has one listing on the market, and what reads its log.
type house struct {
	t       *testing.T
	clock   *clock.Virtual
	market  *app.Market
	ledger  *ledger
	logs    *evidence.Logs
	listing uuid.UUID
}

// ledger reads what is stored, until a test spoils it.
type ledger struct {
	app.Ledger
	spoil func([]domain.Event) ([]domain.Event, error)
}

func (l *ledger) Events(ctx context.Context, id uuid.UUID, wanted app.EventRange) ([]domain.Event, error) {
	events, err := l.Ledger.Events(ctx, id, wanted)
	if err == nil && l.spoil != nil {
		return l.spoil(events)
	}
	return events, err
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db := memory.NewDatabase()
	store := listings.NewStore(db)
	h := &house{t: t, clock: clock.NewVirtual(noon), ledger: &ledger{Ledger: listings.NewLedger(store)}}
	h.market = app.NewMarket(uow.New(outbox.NewOutbox(db), uow.Settings{}), listings.NewListings(store, app.Message), h.clock)
	h.logs = evidence.NewLogs(app.NewPublicLog(h.ledger), h.ledger)
	h.listing = h.draft()
	seller := domain.Actor{ID: person(1)}
	publish := app.NewPublishListing(h.market, app.Everyone{}, rand.Reader)
	require.NoError(t, publish.Do(t.Context(), app.PublishListingCommand{Listing: h.listing, By: seller}))
	return h
}

func (h *house) draft() uuid.UUID {
	h.t.Helper()
	create := app.NewCreateDraft(h.market, app.House{
		Currency: "USD", Table: "flat:1.00", Digits: func(string) (int, bool) { return 2, true }, TableOf: domain.BuiltInTable,
	})
	id, err := create.Do(h.t.Context(), app.CreateDraftCommand{Seller: person(1), Content: domain.Content{
		Title: "A clock", StartPrice: domain.Offer{Amount: "1", Currency: "USD"}, Duration: 24 * time.Hour,
	}})
	require.NoError(h.t, err)
	return id
}

func person(n byte) uuid.UUID { return uuid.UUID{0: 0xaa, 15: n} }

// bid bids so many dollars, a minute later, and returns the head of the log then.
func (h *house) bid(bidder uuid.UUID, dollars int) domain.Head {
	h.t.Helper()
	h.clock.Advance(time.Minute)
	_, err := app.NewPlaceBid(h.market, app.Everyone{}).Do(h.t.Context(), app.PlaceBidCommand{
		Listing: h.listing, Bidder: bidder, Maximum: domain.Offer{Amount: fmt.Sprint(dollars), Currency: "USD"},
	})
	require.NoError(h.t, err)
	s, err := h.ledger.State(h.t.Context(), h.listing)
	require.NoError(h.t, err)
	return s.Head
}

func (h *house) extract(head domain.Head, limit int) (string, error) {
	return h.logs.Extract(h.t.Context(), h.listing, head.Seq, head.Hash, limit)
}

func TestAnExtractVerifiesByItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first := h.bid(person(2), 10)
	second := h.bid(person(3), 20)
	h.bid(person(2), 30)
	for _, head := range []domain.Head{first, second} {
		text, err := h.extract(head, enough)
		require.NoError(t, err)
		verified, err := publiclog.Verify(strings.NewReader(text), nil)
		require.NoError(t, err)
		require.Equal(t, head, verified.Header.Head)
		require.Equal(t, head.Seq, verified.Events)
	}
}

func TestOfALongLogThereIsTheEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := range 8 {
		h.bid(person(byte(2+n%2)), 10+10*n)
	}
	head := h.bid(person(5), 200)
	whole, err := h.extract(head, enough)
	require.NoError(t, err)
	lines := slices.Collect(strings.Lines(whole))
	require.Len(t, lines, 1+int(head.Seq))
	same, err := h.extract(head, len(whole))
	require.NoError(t, err)
	require.Equal(t, whole, same)

	shorter, err := h.extract(head, len(whole)-1)
	require.NoError(t, err)
	require.Equal(t, lines[0]+strings.Join(lines[2:], ""), shorter)
	least := len(lines[0]) + len(lines[len(lines)-1])
	last, err := h.extract(head, least)
	require.NoError(t, err)
	require.Equal(t, lines[0]+lines[len(lines)-1], last)
	first, err := h.extract(head, least-1)
	require.NoError(t, err)
	require.Equal(t, lines[0], first)
	none, err := h.extract(head, len(lines[0])-1)
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestWhatIsNotSoundIsNoEvidence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.bid(person(2), 10)
	head := h.bid(person(3), 20)
	var flaw *domain.Flaw

	wrong := head
	wrong.Hash[0] ^= 1
	_, err := h.extract(wrong, enough)
	require.ErrorAs(t, err, &flaw)
	require.Equal(t, domain.ProblemHead, flaw.Problem)
	_, err = h.extract(domain.Head{Seq: head.Seq + 1, Hash: head.Hash}, enough)
	require.ErrorAs(t, err, &flaw)
	require.Equal(t, domain.ProblemMissing, flaw.Problem)

	h.ledger.spoil = func(events []domain.Event) ([]domain.Event, error) {
		if len(events) > 2 {
			events[2].After.Price++
		}
		return events, nil
	}
	_, err = h.extract(head, enough)
	require.ErrorAs(t, err, &flaw)
	require.Equal(t, &domain.Flaw{Listing: h.listing, Seq: 3, Problem: domain.ProblemHash, Detail: flaw.Detail}, flaw)
	_, err = h.extract(head, 1)
	require.ErrorAs(t, err, &flaw, "whatever part of it is asked for")

	h.ledger.spoil = func([]domain.Event) ([]domain.Event, error) { return nil, errBroken }
	_, err = h.extract(head, enough)
	require.ErrorIs(t, err, errBroken)
}

func TestDraftsHaveNoLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, id := range []uuid.UUID{h.draft(), person(9)} {
		_, err := h.logs.Extract(t.Context(), id, 1, domain.Hash{1}, enough)
		require.ErrorIs(t, err, domain.ErrListingNotFound)
		_, found, err := h.logs.Bidder(t.Context(), id, 1)
		require.NoError(t, err)
		require.False(t, found)
	}
}

func TestBidder(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for n := byte(2); n < 4; n++ {
		head := h.bid(person(n), int(n)*10)
		member, found, err := h.logs.Bidder(t.Context(), h.listing, head.Seq)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, person(n), member)
	}
	for _, seq := range []int64{-1, 0, 1, 2, 5, 1 << 62} { // nothing, what is no bid, and what is to come
		_, found, err := h.logs.Bidder(t.Context(), h.listing, seq)
		require.NoError(t, err)
		require.False(t, found, seq)
	}
	h.ledger.spoil = func([]domain.Event) ([]domain.Event, error) { return nil, errBroken }
	_, _, err := h.logs.Bidder(t.Context(), h.listing, 3)
	require.ErrorIs(t, err, errBroken)
}
