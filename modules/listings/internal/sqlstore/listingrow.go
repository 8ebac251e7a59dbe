package sqlstore

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// noEnd is what ends_at holds without an end.
const noEnd = app.NoEnd

// listingRow is a row of listings, with the row of listing_texts that belongs to it. Queries that need less leave the
// rest zero.
type listingRow struct {
	ID uuid.UUID `db:"id"`
	termsRow
	standingRow
	textsRow
}

// termsRow are the columns that a bid leaves alone.
type termsRow struct {
	Seller             uuid.UUID    `db:"seller"`
	RelistedFrom       maybeID      `db:"relisted_from"`
	CreatedAt          db.Micros    `db:"created_at"`
	Ruleset            string       `db:"ruleset"`
	Currency           string       `db:"currency"`
	Digits             int          `db:"digits"`
	Title              string       `db:"title"`
	Increments         string       `db:"increments"`
	StartPrice         int64        `db:"start_price"`
	Reserve            int64        `db:"reserve"`
	BuyNow             int64        `db:"buy_now"`
	StartsAt           db.MaybeTime `db:"starts_at"`
	Duration           int64        `db:"duration"` // microseconds, like those of the soft close
	SoftCloseWindow    int64        `db:"soft_close_window"`
	SoftCloseExtension int64        `db:"soft_close_extension"`
	SoftCloseCap       int64        `db:"soft_close_cap"`
	Secret             digest       `db:"secret"`
}

// standingRow are the columns that a bid may change.
type standingRow struct {
	phaseRow
	biddingRow
}

// phaseRow are those of them that are in indexes, which few bids change.
type phaseRow struct {
	Status string  `db:"status"`
	Frozen bool    `db:"frozen"`
	EndsAt end     `db:"ends_at"`
	Winner maybeID `db:"winner"`
}

// biddingRow are the others.
type biddingRow struct {
	Version      int64        `db:"version"`
	PublishedEnd db.MaybeTime `db:"published_end"`
	Leader       maybeID      `db:"leader"`
	LeaderSeq    int64        `db:"leader_seq"`
	LeaderMax    int64        `db:"leader_max"`
	RunnerUp     maybeID      `db:"runner_up"`
	RunnerUpSeq  int64        `db:"runner_up_seq"`
	RunnerUpMax  int64        `db:"runner_up_max"`
	Price        int64        `db:"price"`
	NextMinimum  int64        `db:"next_minimum"`
	ReserveMet   bool         `db:"reserve_met"`
	Bids         int64        `db:"bids"`
	Excluded     string       `db:"excluded"` // ids, separated by spaces
	FinalPrice   int64        `db:"final_price"`
	HeadSeq      int64        `db:"head_seq"`
	HeadHash     digest       `db:"head_hash"`
	HeadAt       db.MaybeTime `db:"head_at"`
}

// textsRow are the columns of listing_texts.
type textsRow struct {
	// TextsVersion is the version of the texts that the listing says it has, TextsFound that of the row beside it.
	TextsVersion int64  `db:"texts_version"`
	TextsFound   int64  `db:"texts_found"`
	Description  string `db:"description"`
	Additions    string `db:"additions"` // JSON
}

var termsColumns = db.Columns{
	{Name: "seller", Type: db.UUID},
	{Name: "relisted_from", Type: db.UUID},
	{Name: "created_at", Type: db.Int},
	{Name: "ruleset", Type: db.Text},
	{Name: "currency", Type: db.Text},
	{Name: "digits", Type: db.Int},
	{Name: "title", Type: db.Text},
	{Name: "increments", Type: db.Text},
	{Name: "start_price", Type: db.Int},
	{Name: "reserve", Type: db.Int},
	{Name: "buy_now", Type: db.Int},
	{Name: "starts_at", Type: db.Int},
	{Name: "duration", Type: db.Int},
	{Name: "soft_close_window", Type: db.Int},
	{Name: "soft_close_extension", Type: db.Int},
	{Name: "soft_close_cap", Type: db.Int},
	{Name: "secret", Type: db.Bytes},
}

// values are those of termsColumns.
func (r termsRow) values() []any {
	return []any{
		r.Seller, r.RelistedFrom, r.CreatedAt, r.Ruleset, r.Currency, r.Digits, r.Title, r.Increments,
		r.StartPrice, r.Reserve, r.BuyNow, r.StartsAt, r.Duration, r.SoftCloseWindow, r.SoftCloseExtension, r.SoftCloseCap,
		r.Secret,
	}
}

// standingColumns are in two parts because SQLite writes the entries of an index anew whenever an UPDATE names one of its
// columns, changed or not: a bid that leaves the phase alone does not name it, and writes three pages fewer.
var standingColumns = slices.Concat(phaseColumns, biddingColumns)

// values are those of standingColumns.
func (r standingRow) values() []any { return slices.Concat(r.phaseRow.values(), r.biddingRow.values()) }

var phaseColumns = db.Columns{
	{Name: "status", Type: db.Text},
	{Name: "frozen", Type: db.Bool},
	{Name: "ends_at", Type: db.Int},
	{Name: "winner", Type: db.UUID},
}

// values are those of phaseColumns.
func (r phaseRow) values() []any { return []any{r.Status, r.Frozen, r.EndsAt, r.Winner} }

var biddingColumns = db.Columns{
	{Name: "version", Type: db.Int},
	{Name: "published_end", Type: db.Int},
	{Name: "leader", Type: db.UUID},
	{Name: "leader_seq", Type: db.Int},
	{Name: "leader_max", Type: db.Int},
	{Name: "runner_up", Type: db.UUID},
	{Name: "runner_up_seq", Type: db.Int},
	{Name: "runner_up_max", Type: db.Int},
	{Name: "price", Type: db.Int},
	{Name: "next_minimum", Type: db.Int},
	{Name: "reserve_met", Type: db.Bool},
	{Name: "bids", Type: db.Int},
	{Name: "excluded", Type: db.Text},
	{Name: "final_price", Type: db.Int},
	{Name: "head_seq", Type: db.Int},
	{Name: "head_hash", Type: db.Bytes},
	{Name: "head_at", Type: db.Int},
}

// values are those of biddingColumns.
func (r biddingRow) values() []any {
	return []any{
		r.Version, r.PublishedEnd,
		r.Leader, r.LeaderSeq, r.LeaderMax, r.RunnerUp, r.RunnerUpSeq, r.RunnerUpMax,
		r.Price, r.NextMinimum, r.ReserveMet, r.Bids, r.Excluded, r.FinalPrice,
		r.HeadSeq, r.HeadHash, r.HeadAt,
	}
}

// termsOf returns the terms of a state but for the table, so that two of them can be compared.
func termsOf(s domain.State) termsRow {
	return termsRow{
		Seller:             s.Seller,
		RelistedFrom:       maybeID(s.RelistedFrom),
		CreatedAt:          db.Micros(s.CreatedAt),
		Ruleset:            s.Ruleset,
		Currency:           s.Currency.Code,
		Digits:             s.Currency.Digits,
		Title:              s.Title,
		StartPrice:         s.Terms.StartPrice,
		Reserve:            s.Terms.Reserve,
		BuyNow:             s.Terms.BuyNow,
		StartsAt:           db.MaybeTime(s.Terms.StartsAt),
		Duration:           s.Terms.Duration.Microseconds(),
		SoftCloseWindow:    s.Terms.SoftClose.Window.Microseconds(),
		SoftCloseExtension: s.Terms.SoftClose.Extension.Microseconds(),
		SoftCloseCap:       s.Terms.SoftClose.Cap.Microseconds(),
		Secret:             digest(s.Secret),
	}
}

// completeTermsOf returns the terms of a state, the table included.
func completeTermsOf(s domain.State) (termsRow, error) {
	terms := termsOf(s)
	var err error
	terms.Increments, err = encodeTable(s.Terms.Table)
	return terms, err
}

func standingOf(s domain.State) standingRow {
	return standingRow{phaseRow: phaseOf(s), biddingRow: biddingOf(s)}
}

func phaseOf(s domain.State) phaseRow {
	return phaseRow{Status: string(s.Status), Frozen: s.Frozen, EndsAt: end(s.EndsAt), Winner: maybeID(s.Winner)}
}

func biddingOf(s domain.State) biddingRow {
	return biddingRow{
		Version:      s.Version,
		PublishedEnd: db.MaybeTime(s.PublishedEnd),
		Leader:       maybeID(s.Standing.Leader.Bidder),
		LeaderSeq:    s.Standing.Leader.Seq,
		LeaderMax:    s.Standing.Leader.Max,
		RunnerUp:     maybeID(s.Standing.RunnerUp.Bidder),
		RunnerUpSeq:  s.Standing.RunnerUp.Seq,
		RunnerUpMax:  s.Standing.RunnerUp.Max,
		Price:        s.Standing.Price,
		NextMinimum:  s.Standing.NextMinimum,
		ReserveMet:   s.Standing.ReserveMet,
		Bids:         s.Bids,
		Excluded:     encodeMembers(s.Excluded),
		FinalPrice:   s.FinalPrice,
		HeadSeq:      s.Head.Seq,
		HeadHash:     digest(s.Head.Hash),
		HeadAt:       db.MaybeTime(s.Head.At),
	}
}

// state returns the listing that the row holds. Errors: a text that this package did not write.
func (r listingRow) state(tables *tables) (domain.State, error) {
	s := domain.State{
		ID:           r.ID,
		Version:      r.Version,
		Seller:       r.Seller,
		RelistedFrom: uuid.UUID(r.RelistedFrom),
		CreatedAt:    r.CreatedAt.Time(),
		Ruleset:      r.Ruleset,
		Currency:     domain.Currency{Code: r.Currency, Digits: r.Digits},
		Title:        r.Title,
		Description:  r.Description,
		Terms:        r.terms(),
		Status:       domain.Status(r.Status),
		Frozen:       r.Frozen,
		EndsAt:       time.Time(r.EndsAt),
		PublishedEnd: time.Time(r.PublishedEnd),
		Standing:     r.standing(),
		Bids:         r.Bids,
		Winner:       uuid.UUID(r.Winner),
		FinalPrice:   r.FinalPrice,
		Secret:       domain.Secret(r.Secret),
		Head:         domain.Head{Seq: r.HeadSeq, Hash: domain.Hash(r.HeadHash), At: time.Time(r.HeadAt)},
	}
	var err error
	if r.Increments != "" {
		if s.Terms.Table, err = tables.decode(r.Increments); err != nil {
			return domain.State{}, fmt.Errorf("listing %s: %w", r.ID, err)
		}
	}
	if s.Additions, err = decodeAdditions(r.Additions); err != nil {
		return domain.State{}, fmt.Errorf("listing %s: %w", r.ID, err)
	}
	if s.Excluded, err = decodeMembers(r.Excluded); err != nil {
		return domain.State{}, fmt.Errorf("listing %s: %w", r.ID, err)
	}
	return s, nil
}

func (r termsRow) terms() domain.Terms {
	return domain.Terms{
		StartPrice: r.StartPrice,
		Reserve:    r.Reserve,
		BuyNow:     r.BuyNow,
		StartsAt:   time.Time(r.StartsAt),
		Duration:   micros(r.Duration),
		SoftClose: domain.SoftClose{
			Window: micros(r.SoftCloseWindow), Extension: micros(r.SoftCloseExtension), Cap: micros(r.SoftCloseCap),
		},
	}
}

func (r standingRow) standing() domain.Standing {
	return domain.Standing{
		Leader:      domain.Bid{Seq: r.LeaderSeq, Bidder: uuid.UUID(r.Leader), Max: r.LeaderMax},
		RunnerUp:    domain.Bid{Seq: r.RunnerUpSeq, Bidder: uuid.UUID(r.RunnerUp), Max: r.RunnerUpMax},
		Price:       r.Price,
		NextMinimum: r.NextMinimum,
		ReserveMet:  r.ReserveMet,
	}
}

func micros(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// storedAddition is a domain.Addition as JSON.
type storedAddition struct {
	At   int64  `json:"at"` // microseconds since 1970
	Text string `json:"text"`
}

// noAdditions is the most frequent list of additions.
const noAdditions = "[]"

func encodeAdditions(additions []domain.Addition) (string, error) {
	if len(additions) == 0 {
		return noAdditions, nil
	}
	stored := make([]storedAddition, len(additions))
	for i, a := range additions {
		stored[i] = storedAddition{At: a.At.UnixMicro(), Text: a.Text}
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return "", fmt.Errorf("encode additions: %w", err)
	}
	return string(text), nil
}

func decodeAdditions(text string) ([]domain.Addition, error) {
	if text == noAdditions || text == "" {
		return nil, nil
	}
	var stored []storedAddition
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("%w: decode additions: %w", app.ErrUnreadable, err)
	}
	additions := make([]domain.Addition, len(stored))
	for i, a := range stored {
		additions[i] = domain.Addition{At: time.UnixMicro(a.At).UTC(), Text: a.Text}
	}
	return additions, nil
}

func encodeMembers(members []uuid.UUID) string {
	texts := make([]string, len(members))
	for i, m := range members {
		texts[i] = m.String()
	}
	return strings.Join(texts, " ")
}

func decodeMembers(text string) ([]uuid.UUID, error) {
	var members []uuid.UUID
	for field := range strings.FieldsSeq(text) {
		m, err := uuid.Parse(field)
		if err != nil {
			return nil, fmt.Errorf("%w: decode members: %w", app.ErrUnreadable, err)
		}
		members = append(members, m)
	}
	return members, nil
}
