package oracle_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"reflect"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
)

// market is the product's domain as a subject: aggregates kept as a repository and a unit of work would keep them, the
// logs beside them.
type market struct {
	listings   map[int]*domain.Listing
	logs       map[int][]domain.Event
	allowances map[uuid.UUID]*domain.RetractionAllowance
	commands   uint32
}

func newMarket() oracle.Subject {
	return &market{
		listings:   map[int]*domain.Listing{},
		logs:       map[int][]domain.Event{},
		allowances: map[uuid.UUID]*domain.RetractionAllowance{},
	}
}

// Do carries the command out on a copy of the listing, which then takes the original's place. It does so even when the
// command was refused, for that must have changed nothing; a retraction alone is refused by the allowance after it has
// changed the listing, and its copy is dropped.
func (m *market) Do(c oracle.Command) (oracle.Answer, error) {
	if c.Kind == oracle.Tick {
		return oracle.Answer{Result: oracle.Done}, m.tick(c)
	}
	if m.listings[c.Listing] == nil {
		return m.publish(c)
	}
	original := m.listings[c.Listing]
	before := original.State()
	working := original.Snapshot()
	answer, err := m.on(working, c)
	if c.Kind != oracle.Bid && err == nil && !reflect.DeepEqual(before, original.State()) {
		return oracle.Answer{}, errors.New("the command changed the original through its copy")
	}
	if err != nil {
		if c.Kind != oracle.Retract {
			m.listings[c.Listing] = working
		}
		return refusal(err)
	}
	return answer, m.settle(c.Listing, working)
}

// tick opens and closes what is due.
func (m *market) tick(c oracle.Command) error {
	for number, l := range m.listings {
		working := l.Snapshot()
		working.Open(m.command(c).ID, instant(c.At))
		working.Close(m.command(c).ID, instant(c.At))
		if err := m.settle(number, working); err != nil {
			return err
		}
	}
	return nil
}

// settle takes over what a command made of a listing.
func (m *market) settle(number int, l *domain.Listing) error {
	version := l.Version()
	recorded, changed := l.Settle()
	if changed != (len(recorded) > 0) || changed != (l.Version() == version+1) {
		return fmt.Errorf("changed %t, %d events, version %d after %d", changed, len(recorded), l.Version(), version)
	}
	m.listings[number] = l
	m.logs[number] = append(m.logs[number], recorded...)
	return nil
}

func (m *market) publish(c oracle.Command) (oracle.Answer, error) {
	if c.Kind != oracle.Publish {
		return oracle.Answer{Result: "listing_not_found"}, nil // nobody made a draft yet
	}
	content, currency, err := contentOf(c.Terms, c.At)
	if err != nil {
		return oracle.Answer{}, err
	}
	l, err := domain.NewDraft(listingID(c.Listing), memberID(oracle.Seller), currency, content, instant(c.At))
	if err != nil {
		return refusal(err)
	}
	secret := domain.Secret(sha256.Sum256([]byte{byte(c.Listing)}))
	if err := l.Publish(m.command(c), secret, instant(c.At)); err != nil {
		return refusal(err)
	}
	return oracle.Answer{Result: oracle.Done}, m.settle(c.Listing, l)
}

// on gives the command to the aggregate.
func (m *market) on(l *domain.Listing, c oracle.Command) (oracle.Answer, error) {
	by, now := m.command(c), instant(c.At)
	const reason = "There is a reason."
	switch c.Kind {
	case oracle.Bid:
		return placeBid(l, by, c)
	case oracle.BuyNow:
		_, err := l.BuyNow(by, eligibility(c), now)
		return oracle.Answer{Result: oracle.Bought}, err
	case oracle.Retract:
		return oracle.Answer{Result: oracle.Retracted}, m.retract(l, by, c)
	case oracle.CancelBids:
		_, err := l.CancelBids(by, memberID(c.Target), reason, domain.LiveBids(m.logs[c.Listing]), now)
		return oracle.Answer{Result: oracle.Cancelled}, err
	case oracle.CancelListing:
		return oracle.Answer{Result: oracle.Cancelled}, l.Cancel(by, reason, now)
	case oracle.Freeze:
		return oracle.Answer{Result: oracle.Done}, l.Freeze(by, reason, now)
	case oracle.Unfreeze:
		return oracle.Answer{Result: oracle.Done}, l.Unfreeze(by, reason, now)
	case oracle.Append:
		return oracle.Answer{Result: oracle.Done}, l.AppendDescription(by, "The switch is new.", now)
	case oracle.Edit:
		content, _, err := contentOf(c.Terms, c.At)
		if err != nil {
			return oracle.Answer{}, err
		}
		return oracle.Answer{Result: oracle.Done}, l.Edit(by, content, now)
	case oracle.Publish:
		return oracle.Answer{Result: oracle.Done}, l.Publish(by, domain.Secret{1}, now)
	default:
		return oracle.Answer{}, fmt.Errorf("no such command: %s", c.Kind)
	}
}

func placeBid(l *domain.Listing, by domain.Command, c oracle.Command) (oracle.Answer, error) {
	offer := domain.Offer{Amount: c.Amount, Currency: c.Currency}
	answer, err := l.PlaceBid(by, offer, eligibility(c), instant(c.At))
	if err != nil {
		return oracle.Answer{}, err
	}
	return answerOf(answer), nil
}

// retract changes the listing and the bidder's allowance, both or neither.
func (m *market) retract(l *domain.Listing, by domain.Command, c oracle.Command) error {
	live := domain.LiveBids(m.logs[c.Listing])
	withdrawn, err := l.Retract(by, domain.ReasonWrongAmount, live, instant(c.At))
	if err != nil {
		return err
	}
	allowance := domain.NewRetractionAllowance(by.Actor.ID)
	if kept := m.allowances[by.Actor.ID]; kept != nil {
		allowance = kept.Snapshot()
	}
	if err := allowance.Spend(withdrawn.At); err != nil {
		return err
	}
	allowance.Settle()
	m.allowances[by.Actor.ID] = allowance
	return nil
}

// View shows the listing as the views of the product compute it.
func (m *market) View(number int, at int64) (oracle.View, error) {
	l := m.listings[number]
	if l == nil {
		return oracle.View{State: oracle.Draft}, nil
	}
	return viewOf(l.State(), instant(at)), nil
}

// Audit replays every log and compares what comes out with what the commands left.
func (m *market) Audit() error {
	for number, l := range m.listings {
		if err := auditListing(l.State(), m.logs[number]); err != nil {
			return fmt.Errorf("listing %d: %w", number, err)
		}
	}
	return nil
}

func auditListing(stored domain.State, log []domain.Event) error {
	if restored := domain.RestoreListing(stored).State(); !reflect.DeepEqual(stored, restored) {
		return errors.New("restoring the state gives another state")
	}
	replayed, err := domain.Replay(stored.Secret, log)
	if err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	if !bytes.Equal(domain.EncodeState(stored), domain.EncodeState(replayed)) {
		return errors.New("replaying the log gives another state")
	}
	chain := domain.NewChain(stored.ID)
	for _, e := range log {
		if err := chain.Next(e.Entry, e.Hash); err != nil {
			return err
		}
	}
	return chain.End(stored.Head)
}

func (m *market) command(c oracle.Command) domain.Command {
	m.commands++
	var id uuid.UUID
	id[6], id[8] = 0x70, 0x80
	id[12], id[13], id[14], id[15] = byte(m.commands>>24), byte(m.commands>>16), byte(m.commands>>8), byte(m.commands)
	return domain.Command{ID: id, Actor: actorOf(c)}
}

func eligibility(c oracle.Command) error {
	if c.Ineligible {
		return domain.ErrBidderNotEligible
	}
	return nil
}
