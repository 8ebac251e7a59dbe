package oracle_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/oracle"
	"github.com/gavelhq/gavel/platform/fault"
)

// viewOf is what the product's views compute from a listing's state.
func viewOf(s domain.State, now time.Time) oracle.View {
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
		return view
	}
	view.Price, view.NextMinimum = s.Standing.Price, s.Standing.NextMinimum
	view.Leader, view.ReserveMet = memberName(s.Standing.Leader.Bidder), s.Standing.ReserveMet
	view.Ends = s.EndsAt.UnixMicro()
	view.BuyNowAvailable = s.Terms.BuyNow > 0 && s.Phase().BuyNowAvailable(now)
	return view
}

// answerOf is an accepted bid's answer.
func answerOf(answer domain.BidAnswer) oracle.Answer {
	return oracle.Answer{
		Result:      string(answer.Result),
		NextMinimum: answer.NextMinimum.Minor,
		Price:       answer.Price.Minor,
		OwnMaximum:  answer.OwnMaximum.Minor,
		ReserveMet:  answer.ReserveMet,
		Ends:        answer.EndsAt.UnixMicro(),
		Seq:         answer.Seq,
		Why:         string(answer.Why),
	}
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

func actorOf(c oracle.Command) domain.Actor {
	return domain.Actor{ID: memberID(c.Actor), Moderator: c.Actor == oracle.Moderator}
}

func memberID(name string) uuid.UUID { return memberIDs[name] }
func memberName(id uuid.UUID) string { return memberNames[id] }
