package sqlstore

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// details are the fields of an event that bids do not have, as the JSON of the column details; NULL if there are none.
type details struct {
	Withdrawn     []int64         `json:"withdrawn,omitempty"`
	RetractReason string          `json:"retract_reason,omitempty"`
	TextHash      hexadecimal     `json:"text_hash,omitzero"`
	Text          string          `json:"text,omitempty"`
	Winner        hexadecimal     `json:"winner_alias,omitzero"`
	FinalPrice    int64           `json:"final_price,omitempty"`
	Terms         *publishedTerms `json:"terms,omitempty"`
}

// publishedTerms are domain.PublishedTerms with what they commit to.
type publishedTerms struct {
	Ruleset         string      `json:"ruleset"`
	Seller          uuid.UUID   `json:"seller,omitzero"`
	SellerAlias     hexadecimal `json:"seller_alias"`
	RelistedFrom    uuid.UUID   `json:"relisted_from,omitzero"`
	CreatedAt       int64       `json:"created_at"` // microseconds, like all times here
	Title           string      `json:"title"`
	TitleHash       hexadecimal `json:"title_hash,omitzero"`
	Description     string      `json:"description"`
	DescriptionHash hexadecimal `json:"description_hash,omitzero"`
	Table           storedTable `json:"increments"`
	StartPrice      int64       `json:"start_price"`
	Reserve         int64       `json:"reserve"`
	ReserveHash     hexadecimal `json:"reserve_hash"`
	BuyNow          int64       `json:"buy_now"`
	StartsAt        int64       `json:"starts_at"`
	Duration        int64       `json:"duration"`
	SoftClose       [3]int64    `json:"soft_close"` // window, extension, cap
}

// hexadecimal is a hash or an alias as JSON.
type hexadecimal [32]byte

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (h hexadecimal) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText implements encoding.TextUnmarshaler. Errors: not 64 hexadecimal digits.
func (h *hexadecimal) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("%w, not in %d digits", errDigest, len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// encodeDetails returns the column for e. Errors: none that the rules allow.
func encodeDetails(e domain.Event) (*string, error) {
	d := details{
		Withdrawn:     e.Withdrawn,
		RetractReason: string(e.RetractReason),
		TextHash:      hexadecimal(e.Text),
		Text:          e.Sealed.Text,
		Winner:        hexadecimal(e.After.Winner),
		FinalPrice:    e.After.FinalPrice,
		Terms:         publishedTermsOf(e),
	}
	if reflect.ValueOf(d).IsZero() {
		return nil, nil
	}
	column, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode details: %w", err)
	}
	text := string(column)
	return &text, nil
}

func publishedTermsOf(e domain.Event) *publishedTerms {
	t := e.Terms
	if t == nil {
		return nil
	}
	return &publishedTerms{
		Ruleset:         t.Ruleset,
		Seller:          e.Sealed.Seller,
		SellerAlias:     hexadecimal(t.Seller),
		RelistedFrom:    t.RelistedFrom,
		CreatedAt:       t.CreatedAt.UnixMicro(),
		Title:           e.Sealed.Title,
		TitleHash:       hexadecimal(t.Title),
		Description:     e.Sealed.Description,
		DescriptionHash: hexadecimal(t.Description),
		Table:           storeTable(t.Table),
		StartPrice:      t.StartPrice,
		Reserve:         e.Sealed.Reserve,
		ReserveHash:     hexadecimal(t.Reserve),
		BuyNow:          t.BuyNow,
		StartsAt:        t.StartsAt.UnixMicro(),
		Duration:        t.Duration.Microseconds(),
		SoftClose: [3]int64{
			t.SoftClose.Window.Microseconds(), t.SoftClose.Extension.Microseconds(), t.SoftClose.Cap.Microseconds(),
		},
	}
}

// addDetails completes e with what the column holds. Errors: a text that encodeDetails did not write.
func (r eventRow) addDetails(e *domain.Event) error {
	if r.Details == nil {
		return nil
	}
	var d details
	if err := json.Unmarshal([]byte(*r.Details), &d); err != nil {
		return fmt.Errorf("%w: decode details: %w", app.ErrUnreadable, err)
	}
	e.Withdrawn = d.Withdrawn
	e.RetractReason = domain.RetractReason(d.RetractReason)
	e.Text, e.Sealed.Text = domain.Hash(d.TextHash), d.Text
	e.After.Winner, e.After.FinalPrice = domain.Alias(d.Winner), d.FinalPrice
	if d.Terms != nil {
		d.Terms.restore(e)
	}
	return nil
}

func (t publishedTerms) restore(e *domain.Event) {
	e.Terms = &domain.PublishedTerms{
		Ruleset:      t.Ruleset,
		Seller:       domain.Alias(t.SellerAlias),
		RelistedFrom: t.RelistedFrom,
		CreatedAt:    time.UnixMicro(t.CreatedAt).UTC(),
		Title:        domain.Hash(t.TitleHash),
		Description:  domain.Hash(t.DescriptionHash),
		Table:        t.Table.restore(),
		StartPrice:   t.StartPrice,
		BuyNow:       t.BuyNow,
		Reserve:      domain.Hash(t.ReserveHash),
		StartsAt:     time.UnixMicro(t.StartsAt).UTC(),
		Duration:     micros(t.Duration),
		SoftClose:    domain.SoftClose{Window: micros(t.SoftClose[0]), Extension: micros(t.SoftClose[1]), Cap: micros(t.SoftClose[2])},
	}
	e.Sealed.Seller, e.Sealed.Title, e.Sealed.Description = t.Seller, t.Title, t.Description
	e.Sealed.Reserve = t.Reserve
}
