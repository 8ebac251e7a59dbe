package publiclog

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// termsLine are the terms that were published or edited. The reserve is committed to, whether there is one or not.
type termsLine struct {
	Ruleset      string         `json:"ruleset"`
	Seller       digest         `json:"seller"`
	RelistedFrom uuid.UUID      `json:"relisted_from,omitzero"`
	CreatedAt    instant        `json:"created_at"`
	Title        digest         `json:"title,omitzero"`
	Description  digest         `json:"description,omitzero"`
	Table        tableLine      `json:"increment_table"`
	StartPrice   amount         `json:"start_price"`
	BuyNow       amount         `json:"buy_now,omitempty"`
	Reserve      digest         `json:"reserve"`
	StartsAt     instant        `json:"starts_at"`
	Duration     micros         `json:"duration_micros"`
	SoftClose    *softCloseLine `json:"soft_close,omitempty"`
}

type tableLine struct {
	Name string    `json:"name"`
	Rows []rowLine `json:"rows"`
}

type rowLine struct {
	From      amount `json:"from"`
	Increment amount `json:"increment"`
}

type softCloseLine struct {
	Window    micros `json:"window_micros"`
	Extension micros `json:"extension_micros"`
	Cap       micros `json:"cap_micros"`
}

// micros is a duration in microseconds.
type micros int64

func microsOf(d time.Duration) micros { return micros(d.Microseconds()) }

func (m micros) duration() time.Duration { return time.Duration(m) * time.Microsecond }

func newTermsLine(t *domain.PublishedTerms, c domain.Currency) *termsLine {
	if t == nil {
		return nil
	}
	line := &termsLine{
		Ruleset:      t.Ruleset,
		Seller:       digest(t.Seller),
		RelistedFrom: t.RelistedFrom,
		CreatedAt:    instant(t.CreatedAt),
		Title:        digest(t.Title),
		Description:  digest(t.Description),
		Table:        tableLine{Name: t.Table.Name(), Rows: []rowLine{}},
		StartPrice:   priceOf(t.StartPrice, c),
		BuyNow:       amountOf(t.BuyNow, c),
		Reserve:      digest(t.Reserve),
		StartsAt:     instant(t.StartsAt),
		Duration:     microsOf(t.Duration),
	}
	for _, row := range t.Table.Rows() {
		line.Table.Rows = append(line.Table.Rows, rowLine{From: priceOf(row.From, c), Increment: priceOf(row.Increment, c)})
	}
	if s := t.SoftClose; s != (domain.SoftClose{}) {
		line.SoftClose = &softCloseLine{Window: microsOf(s.Window), Extension: microsOf(s.Extension), Cap: microsOf(s.Cap)}
	}
	return line
}

func (l *termsLine) terms(amounts *amounts) *domain.PublishedTerms {
	if l == nil {
		return nil
	}
	var rows []domain.IncrementRow
	for _, row := range l.Table.Rows {
		rows = append(rows, domain.IncrementRow{From: amounts.minor(row.From), Increment: amounts.minor(row.Increment)})
	}
	t := &domain.PublishedTerms{
		Ruleset:      l.Ruleset,
		Seller:       domain.Alias(l.Seller),
		RelistedFrom: l.RelistedFrom,
		CreatedAt:    time.Time(l.CreatedAt),
		Title:        domain.Hash(l.Title),
		Description:  domain.Hash(l.Description),
		Table:        domain.RestoreIncrementTable(l.Table.Name, rows),
		StartPrice:   amounts.minor(l.StartPrice),
		BuyNow:       amounts.minor(l.BuyNow),
		Reserve:      domain.Hash(l.Reserve),
		StartsAt:     time.Time(l.StartsAt),
		Duration:     l.Duration.duration(),
	}
	if s := l.SoftClose; s != nil {
		t.SoftClose = domain.SoftClose{Window: s.Window.duration(), Extension: s.Extension.duration(), Cap: s.Cap.duration()}
	}
	return t
}
