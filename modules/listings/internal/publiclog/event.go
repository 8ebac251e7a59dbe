package publiclog

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

type headerLine struct {
	Format   string    `json:"format"`
	Listing  uuid.UUID `json:"listing"`
	Currency string    `json:"currency"`
	Digits   int       `json:"currency_digits"`
	Events   int64     `json:"events"`
	Hash     digest    `json:"hash"`
	At       instant   `json:"at,omitzero"`
}

func newHeaderLine(h Header) headerLine {
	return headerLine{
		Format:   LogFormat,
		Listing:  h.Listing,
		Currency: h.Currency.Code,
		Digits:   h.Currency.Digits,
		Events:   h.Head.Seq,
		Hash:     digest(h.Head.Hash),
		At:       instant(h.Head.At),
	}
}

func (l headerLine) header() (Header, error) {
	if l.Format != LogFormat {
		return Header{}, malformedf("the format is %q", l.Format)
	}
	currency, err := domain.NewCurrency(l.Currency, l.Digits)
	if err != nil {
		return Header{}, malformedf("%q with %d digits is no currency", l.Currency, l.Digits)
	}
	return Header{
		Listing:  l.Listing,
		Currency: currency,
		Head:     domain.Head{Seq: l.Events, Hash: domain.Hash(l.Hash), At: time.Time(l.At)},
	}, nil
}

// eventLine is an event. The listing and the currency stand in the header.
type eventLine struct {
	Seq           int64       `json:"seq"`
	At            instant     `json:"at"`
	Kind          string      `json:"kind"`
	Version       int64       `json:"version"`
	Command       digest      `json:"command,omitzero"`
	Role          string      `json:"role"`
	Actor         digest      `json:"actor,omitzero"`
	Bidder        digest      `json:"bidder,omitzero"`
	Maximum       digest      `json:"maximum,omitzero"`
	Withdrawn     []int64     `json:"withdrawn,omitempty"`
	RetractReason string      `json:"retract_reason,omitempty"`
	Text          digest      `json:"text,omitzero"`
	Terms         *termsLine  `json:"terms,omitempty"`
	Leading       bool        `json:"leading,omitempty"`
	Why           string      `json:"why,omitempty"`
	After         afterLine   `json:"after"`
	Opened        *openedLine `json:"opened,omitempty"`
	Hash          digest      `json:"hash"`
}

type afterLine struct {
	Status      string  `json:"status"`
	Price       amount  `json:"price"`
	NextMinimum amount  `json:"next_minimum"`
	Leader      digest  `json:"leader,omitzero"`
	ReserveMet  bool    `json:"reserve_met"`
	EndsAt      instant `json:"ends_at"`
	Winner      digest  `json:"winner,omitzero"`
	FinalPrice  amount  `json:"final_price,omitempty"`
}

// openedLine opens commitments of the event: each is SHA-256 over the nonce and what is opened.
type openedLine struct {
	Maximum     *openedAmount `json:"maximum,omitempty"`
	Title       *openedText   `json:"title,omitempty"`
	Description *openedText   `json:"description,omitempty"`
	Text        *openedText   `json:"text,omitempty"`
}

type openedAmount struct {
	Amount amount `json:"amount"`
	Nonce  digest `json:"nonce"`
}

type openedText struct {
	Text  string `json:"text"`
	Nonce digest `json:"nonce"`
}

func newEventLine(e domain.PublicEvent) eventLine {
	return eventLine{
		Seq:           e.Seq,
		At:            instant(e.At),
		Kind:          string(e.Kind),
		Version:       e.Version,
		Command:       digest(e.Command),
		Role:          string(e.Role),
		Actor:         digest(e.Actor),
		Bidder:        digest(e.Bidder),
		Maximum:       digest(e.Maximum),
		Withdrawn:     e.Withdrawn,
		RetractReason: string(e.RetractReason),
		Text:          digest(e.Text),
		Terms:         newTermsLine(e.Terms, e.Currency),
		Leading:       e.Leading,
		Why:           string(e.Why),
		After: afterLine{
			Status:      string(e.After.Status),
			Price:       priceOf(e.After.Price, e.Currency),
			NextMinimum: priceOf(e.After.NextMinimum, e.Currency),
			Leader:      digest(e.After.Leader),
			ReserveMet:  e.After.ReserveMet,
			EndsAt:      instant(e.After.EndsAt),
			Winner:      digest(e.After.Winner),
			FinalPrice:  amountOf(e.After.FinalPrice, e.Currency),
		},
		Opened: newOpenedLine(e.Opened, e.Currency),
		Hash:   digest(e.Hash),
	}
}

func newOpenedLine(o domain.Openings, c domain.Currency) *openedLine {
	if o == (domain.Openings{}) {
		return nil
	}
	line := &openedLine{Title: newOpenedText(o.Title), Description: newOpenedText(o.Description), Text: newOpenedText(o.Text)}
	if o.Maximum != nil {
		line.Maximum = &openedAmount{Amount: priceOf(o.Maximum.Amount, c), Nonce: digest(o.Maximum.Nonce)}
	}
	return line
}

func newOpenedText(o *domain.OpenedText) *openedText {
	if o == nil {
		return nil
	}
	return &openedText{Text: o.Text, Nonce: digest(o.Nonce)}
}

// event returns the event of a log with that header. Errors: *malformedError.
func (l eventLine) event(h Header) (domain.PublicEvent, error) {
	amounts := amounts{currency: h.Currency}
	e := domain.PublicEvent{
		Entry: domain.Entry{
			Listing:       h.Listing,
			Seq:           l.Seq,
			At:            time.Time(l.At),
			Kind:          domain.EventKind(l.Kind),
			Version:       l.Version,
			Currency:      h.Currency,
			Command:       domain.Hash(l.Command),
			Role:          domain.Role(l.Role),
			Actor:         domain.Alias(l.Actor),
			Bidder:        domain.Alias(l.Bidder),
			Maximum:       domain.Hash(l.Maximum),
			Withdrawn:     l.Withdrawn,
			RetractReason: domain.RetractReason(l.RetractReason),
			Text:          domain.Hash(l.Text),
			Terms:         l.Terms.terms(&amounts),
			Leading:       l.Leading,
			Why:           domain.Why(l.Why),
			After: domain.After{
				Status:      domain.Status(l.After.Status),
				Price:       amounts.minor(l.After.Price),
				NextMinimum: amounts.minor(l.After.NextMinimum),
				Leader:      domain.Alias(l.After.Leader),
				ReserveMet:  l.After.ReserveMet,
				EndsAt:      time.Time(l.After.EndsAt),
				Winner:      domain.Alias(l.After.Winner),
				FinalPrice:  amounts.minor(l.After.FinalPrice),
			},
		},
		Hash:   domain.Hash(l.Hash),
		Opened: l.Opened.openings(&amounts),
	}
	return e, amounts.err
}

func (l *openedLine) openings(amounts *amounts) domain.Openings {
	if l == nil {
		return domain.Openings{}
	}
	o := domain.Openings{Title: l.Title.opened(), Description: l.Description.opened(), Text: l.Text.opened()}
	if l.Maximum != nil {
		o.Maximum = &domain.OpenedAmount{Amount: amounts.minor(l.Maximum.Amount), Nonce: domain.Hash(l.Maximum.Nonce)}
	}
	return o
}

func (o *openedText) opened() *domain.OpenedText {
	if o == nil {
		return nil
	}
	return &domain.OpenedText{Text: o.Text, Nonce: domain.Hash(o.Nonce)}
}

// amounts reads amounts and keeps the first error.
type amounts struct {
	currency domain.Currency
	err      error
}

func (a *amounts) minor(text amount) int64 {
	minor, err := text.minor(a.currency)
	if a.err == nil {
		a.err = err
	}
	return minor
}
