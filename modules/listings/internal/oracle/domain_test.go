package oracle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
	"github.com/gavelhq/gavel/platform/fault"
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

// Do carries the command out on copies, which take the originals' place only if it is accepted.
func (m *market) Do(c oracle.Command) (oracle.Answer, error) {
	if m.listings[c.Listing] == nil {
		return m.publish(c)
	}
	original := m.listings[c.Listing]
	before := original.State()
	working := original.Snapshot()
	answer, err := m.on(working, c)
	if !reflect.DeepEqual(before, original.State()) {
		return oracle.Answer{}, errors.New("the command changed the original through a copy")
	}
	if err != nil {
		return refusal(err)
	}
	return answer, m.settle(c.Listing, working)
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
	case oracle.Tick:
		l.Open(by.ID, now)
		l.Close(by.ID, now)
		return oracle.Answer{Result: oracle.Done}, nil
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
	return oracle.Answer{
		Result:      string(answer.Result),
		NextMinimum: answer.NextMinimum.Minor,
		Price:       answer.Price.Minor,
		OwnMaximum:  answer.OwnMaximum.Minor,
		ReserveMet:  answer.ReserveMet,
		Ends:        answer.EndsAt.UnixMicro(),
		Seq:         answer.Seq,
		Why:         string(answer.Why),
	}, nil
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
	s, now := l.State(), instant(at)
	if now.Before(s.Head.At) {
		now = s.Head.At
	}
	status := s.Phase().At(now)
	view := oracle.View{
		State:     string(status),
		Frozen:    s.Frozen,
		Events:    s.Head.Seq,
		LastEvent: s.Head.At.UnixMicro(),
	}
	if status.Ended() {
		view.State = oracle.Ended
	}
	if s.Status.Final() {
		view.Outcome = oracle.Outcome{State: string(s.Status), Winner: memberName(s.Winner), Price: s.FinalPrice}
	}
	if status.Final() {
		return view, nil
	}
	view.Price, view.NextMinimum = s.Standing.Price, s.Standing.NextMinimum
	view.Leader, view.ReserveMet = memberName(s.Standing.Leader.Bidder), s.Standing.ReserveMet
	view.Ends = s.EndsAt.UnixMicro()
	view.BuyNowAvailable = s.Terms.BuyNow > 0 && s.Phase().BuyNowAvailable(now)
	return view, nil
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
	audit := domain.NewAudit(stored)
	for _, e := range log {
		if err := audit.Next(e); err != nil {
			return err
		}
		decoded, err := domain.DecodeEntry(domain.EncodeEntry(e.Entry))
		if err != nil {
			return fmt.Errorf("decode event %d: %w", e.Seq, err)
		}
		if !bytes.Equal(domain.EncodeEntry(decoded), domain.EncodeEntry(e.Entry)) {
			return fmt.Errorf("event %d decodes to another", e.Seq)
		}
	}
	return audit.End()
}

func (m *market) command(c oracle.Command) domain.Command {
	m.commands++
	var id uuid.UUID
	id[6], id[8] = 0x70, 0x80
	id[12], id[13], id[14], id[15] = byte(m.commands>>24), byte(m.commands>>16), byte(m.commands>>8), byte(m.commands)
	return domain.Command{ID: id, Actor: domain.Actor{
		ID:        memberID(c.Actor),
		Moderator: c.Actor == oracle.Moderator,
	}}
}

func eligibility(c oracle.Command) error {
	if c.Ineligible {
		return domain.ErrBidderNotEligible
	}
	return nil
}

// refusal turns a fault into an answer; what is no fault is no answer.
func refusal(err error) (oracle.Answer, error) {
	var refused *fault.Error
	if !errors.As(err, &refused) {
		return oracle.Answer{}, err
	}
	answer := oracle.Answer{Result: refused.Code()}
	if errors.Is(err, domain.ErrBidTooLow) {
		minimum, err := amountOf(refused.Fields()["next_minimum"])
		if err != nil {
			return oracle.Answer{}, err
		}
		answer.NextMinimum = minimum
	}
	return answer, nil
}

// amountOf reads an amount of money from the field of a fault, the way that a client would.
func amountOf(field any) (int64, error) {
	text, err := json.Marshal(field)
	if err != nil {
		return 0, fmt.Errorf("write the field: %w", err)
	}
	var money struct{ Amount, Currency string }
	if err := json.Unmarshal(text, &money); err != nil {
		return 0, fmt.Errorf("read the field %s: %w", text, err)
	}
	// The next minimum may lie above the largest amount that can be bid, so it is not parsed as a bid would be.
	return strconv.ParseInt(strings.ReplaceAll(money.Amount, ".", ""), 10, 64)
}

var digits = map[string]int{"USD": 2, "JPY": 0, "KWD": 3, "EUR": 2}

// contentOf is what a seller would write to sell under the terms.
func contentOf(t oracle.Terms, now int64) (domain.Content, domain.Currency, error) {
	currency, err := domain.NewCurrency(t.Currency, digits[t.Currency])
	if err != nil {
		return domain.Content{}, currency, err
	}
	table, err := tableOf(t.Table, currency)
	if err != nil {
		return domain.Content{}, currency, err
	}
	starts := now
	content := domain.Content{
		Title:      t.Title,
		StartPrice: offerOf(t.Start, t.Currency),
		Reserve:    offerOf(t.Reserve, t.Currency),
		BuyNow:     offerOf(t.BuyNow, t.Currency),
		Table:      table,
		SoftClose: domain.SoftClose{
			Window:    span(t.Soft.Window),
			Extension: span(t.Soft.Extension),
			Cap:       span(t.Soft.Cap),
		},
	}
	if t.Starts != 0 {
		content.StartsAt, starts = instant(t.Starts), t.Starts
	}
	content.Duration = span(t.Ends - starts)
	return content, currency, nil
}

func tableOf(t oracle.Table, currency domain.Currency) (domain.IncrementTable, error) {
	switch {
	case t.Preset != "":
		return domain.BuiltInTable(t.Preset, currency)
	case t.Flat > 0:
		return domain.BuiltInTable(domain.FlatPrefix+oracle.Format(t.Flat, currency.Code), currency)
	}
	rows := make([]domain.IncrementRow, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = domain.IncrementRow{From: row.From, Increment: row.Increment}
	}
	return domain.NewIncrementTable("house", rows)
}

func offerOf(amount int64, currency string) domain.Offer {
	if amount == 0 {
		return domain.Offer{}
	}
	return domain.Offer{Amount: oracle.Format(amount, currency), Currency: currency}
}

func instant(at int64) time.Time { return time.UnixMicro(at).UTC() }

func span(microseconds int64) time.Duration { return time.Duration(microseconds) * time.Microsecond }

func listingID(number int) uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "listing %d", number))
}

// The members of all histories, by name and by id.
var memberIDs, memberNames = func() (map[string]uuid.UUID, map[uuid.UUID]string) {
	ids, names := map[string]uuid.UUID{}, map[uuid.UUID]string{}
	for _, name := range []string{oracle.Seller, oracle.Moderator, "A", "B", "C", "D", "E"} {
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte("member "+name))
		ids[name], names[id] = id, name
	}
	return ids, names
}()

func memberID(name string) uuid.UUID { return memberIDs[name] }
func memberName(id uuid.UUID) string { return memberNames[id] }
