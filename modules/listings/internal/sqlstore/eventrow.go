package sqlstore

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// eventRow is a row of listing_log.
type eventRow struct {
	Listing      uuid.UUID `db:"listing_id"`
	Seq          int64     `db:"seq"`
	At           db.Micros `db:"at"`
	Kind         string    `db:"kind"`
	Version      int64     `db:"version"`
	Currency     string    `db:"currency"`
	Digits       int       `db:"digits"`
	Command      maybeID   `db:"command_id"`
	CommandHash  digest    `db:"command_hash"`
	Role         string    `db:"role"`
	Actor        maybeID   `db:"actor"`
	ActorAlias   digest    `db:"actor_alias"`
	Bidder       maybeID   `db:"bidder"`
	BidderAlias  digest    `db:"bidder_alias"`
	Maximum      int64     `db:"maximum"`
	MaximumHash  digest    `db:"maximum_hash"`
	Leading      bool      `db:"leads"`
	Why          string    `db:"why"`
	Status       string    `db:"status"`
	Price        int64     `db:"price"`
	NextMinimum  int64     `db:"next_minimum"`
	FormerLeader maybeID   `db:"former_leader"`
	Leader       maybeID   `db:"leader"`
	LeaderAlias  digest    `db:"leader_alias"`
	ReserveMet   bool      `db:"reserve_met"`
	EndsAt       db.Micros `db:"ends_at"`
	Details      *string   `db:"details"`
	Hash         digest    `db:"hash"`
}

var eventColumns = db.Columns{
	{Name: "listing_id", Type: db.UUID},
	{Name: "seq", Type: db.Int},
	{Name: "at", Type: db.Int},
	{Name: "kind", Type: db.Text},
	{Name: "version", Type: db.Int},
	{Name: "currency", Type: db.Text},
	{Name: "digits", Type: db.Int},
	{Name: "command_id", Type: db.UUID},
	{Name: "command_hash", Type: db.Bytes},
	{Name: "role", Type: db.Text},
	{Name: "actor", Type: db.UUID},
	{Name: "actor_alias", Type: db.Bytes},
	{Name: "bidder", Type: db.UUID},
	{Name: "bidder_alias", Type: db.Bytes},
	{Name: "maximum", Type: db.Int},
	{Name: "maximum_hash", Type: db.Bytes},
	{Name: "leads", Type: db.Bool},
	{Name: "why", Type: db.Text},
	{Name: "status", Type: db.Text},
	{Name: "price", Type: db.Int},
	{Name: "next_minimum", Type: db.Int},
	{Name: "former_leader", Type: db.UUID},
	{Name: "leader", Type: db.UUID},
	{Name: "leader_alias", Type: db.Bytes},
	{Name: "reserve_met", Type: db.Bool},
	{Name: "ends_at", Type: db.Int},
	{Name: "details", Type: db.Text},
	{Name: "hash", Type: db.Bytes},
}

// values are those of eventColumns.
func (r eventRow) values() []any {
	return []any{
		r.Listing, r.Seq, r.At, r.Kind, r.Version, r.Currency, r.Digits, r.Command, r.CommandHash,
		r.Role, r.Actor, r.ActorAlias, r.Bidder, r.BidderAlias, r.Maximum, r.MaximumHash, r.Leading, r.Why,
		r.Status, r.Price, r.NextMinimum, r.FormerLeader, r.Leader, r.LeaderAlias, r.ReserveMet, r.EndsAt,
		r.Details, r.Hash,
	}
}

// eventRowOf returns the row that holds e. Errors: a text that is not JSON's, which the rules forbid.
func eventRowOf(e domain.Event) (eventRow, error) {
	details, err := encodeDetails(e)
	if err != nil {
		return eventRow{}, fmt.Errorf("event %d of %s: %w", e.Seq, e.Listing, err)
	}
	return eventRow{
		Listing:      e.Listing,
		Seq:          e.Seq,
		At:           db.Micros(e.At),
		Kind:         string(e.Kind),
		Version:      e.Version,
		Currency:     e.Currency.Code,
		Digits:       e.Currency.Digits,
		Command:      maybeID(e.Sealed.Command),
		CommandHash:  digest(e.Command),
		Role:         string(e.Role),
		Actor:        maybeID(e.Sealed.Actor),
		ActorAlias:   digest(e.Actor),
		Bidder:       maybeID(e.Sealed.Bidder),
		BidderAlias:  digest(e.Bidder),
		Maximum:      e.Sealed.Maximum,
		MaximumHash:  digest(e.Maximum),
		Leading:      e.Leading,
		Why:          string(e.Why),
		Status:       string(e.After.Status),
		Price:        e.After.Price,
		NextMinimum:  e.After.NextMinimum,
		FormerLeader: maybeID(e.Sealed.FormerLeader),
		Leader:       maybeID(e.Sealed.Leader),
		LeaderAlias:  digest(e.After.Leader),
		ReserveMet:   e.After.ReserveMet,
		EndsAt:       db.Micros(e.After.EndsAt),
		Details:      details,
		Hash:         digest(e.Hash),
	}, nil
}

// event returns the event that the row holds. Errors: details that this package did not write.
func (r eventRow) event() (domain.Event, error) {
	e := domain.Event{
		Entry: domain.Entry{
			Listing:  r.Listing,
			Seq:      r.Seq,
			At:       r.At.Time(),
			Kind:     domain.EventKind(r.Kind),
			Version:  r.Version,
			Currency: domain.Currency{Code: r.Currency, Digits: r.Digits},
			Command:  domain.Hash(r.CommandHash),
			Role:     domain.Role(r.Role),
			Actor:    domain.Alias(r.ActorAlias),
			Bidder:   domain.Alias(r.BidderAlias),
			Maximum:  domain.Hash(r.MaximumHash),
			Leading:  r.Leading,
			Why:      domain.Why(r.Why),
			After: domain.After{
				Status:      domain.Status(r.Status),
				Price:       r.Price,
				NextMinimum: r.NextMinimum,
				Leader:      domain.Alias(r.LeaderAlias),
				ReserveMet:  r.ReserveMet,
				EndsAt:      time.Time(r.EndsAt),
			},
		},
		Sealed: domain.Sealed{
			Command:      uuid.UUID(r.Command),
			Actor:        uuid.UUID(r.Actor),
			Bidder:       uuid.UUID(r.Bidder),
			FormerLeader: uuid.UUID(r.FormerLeader),
			Leader:       uuid.UUID(r.Leader),
			Maximum:      r.Maximum,
		},
		Hash: domain.Hash(r.Hash),
	}
	if err := r.addDetails(&e); err != nil {
		return domain.Event{}, fmt.Errorf("event %d of %s: %w", r.Seq, r.Listing, err)
	}
	return e, nil
}

// eventsOf returns the events that the rows hold.
func eventsOf(rows []eventRow) ([]domain.Event, error) {
	events := make([]domain.Event, len(rows))
	for i, r := range rows {
		e, err := r.event()
		if err != nil {
			return nil, err
		}
		events[i] = e
	}
	return events, nil
}
