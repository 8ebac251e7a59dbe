package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

// The fields of a row, by position.
const (
	fieldAuction = iota
	fieldBid
	fieldBidTime
	fieldBidder
	_ // the bidder's feedback score, which no rule looks at; some rows say NA
	fieldOpening
	fieldPrice
	fieldItem
	fieldType
)

// auctionType is a duration as the data writes it.
var auctionType = regexp.MustCompile(`^([0-9]{1,2}) day auction$`)

// row is one row of a recording.
type row struct {
	rows   *csv.Reader // which knows where the fields stand
	file   string
	fields []string
}

// bad returns the error of a field.
func (r row) bad(field int, format string, args ...any) error {
	line, column := r.rows.FieldPos(field)
	return &RowError{File: r.file, Line: line, Column: column, Field: columns[field], Detail: fmt.Sprintf(format, args...)}
}

// read returns what the row says of its auction and its bid. Errors: *RowError for the first field that is wrong.
func (r row) read() (Auction, Bid, error) {
	if slices.Equal(r.fields, columns) {
		return Auction{}, Bid{}, r.bad(fieldAuction, "the first line comes again: the file was put together from several")
	}
	a := Auction{ID: r.fields[fieldAuction], Item: r.fields[fieldItem]}
	b := Bid{Bidder: r.fields[fieldBidder], Maximum: r.fields[fieldBid]}
	var err error
	if err = r.checkName(fieldAuction); err != nil {
		return a, b, err
	}
	if err = r.checkMaximum(); err != nil {
		return a, b, err
	}
	if b.After, err = r.bidTime(); err != nil {
		return a, b, err
	}
	if err = r.checkName(fieldBidder); err != nil {
		return a, b, err
	}
	if a.Opening, err = r.amount(fieldOpening); err != nil {
		return a, b, err
	}
	if a.Closing, err = r.amount(fieldPrice); err != nil {
		return a, b, err
	}
	if err = r.checkName(fieldItem); err != nil {
		return a, b, err
	}
	a.Duration, err = r.duration()
	return a, b, err
}

// checkName refuses what cannot be the name of anything.
func (r row) checkName(field int) error {
	switch name := r.fields[field]; {
	case strings.TrimSpace(name) == "":
		return r.bad(field, "it is empty")
	case !utf8.ValidString(name):
		return r.bad(field, "it is not UTF-8")
	case utf8.RuneCountInString(name) > domain.MaxTitle:
		return r.bad(field, "it has more than %d characters", domain.MaxTitle)
	case strings.ContainsFunc(name, unicode.IsControl):
		return r.bad(field, "it contains control characters")
	default:
		return nil
	}
}

// checkMaximum refuses what is no number. Whether the number can be bid is for the rules to say.
func (r row) checkMaximum() error {
	if _, err := domain.ParseAmount(r.fields[fieldBid], currency); errors.Is(err, domain.ErrAmountMalformed) {
		return r.badAmount(fieldBid, err)
	}
	return nil
}

func (r row) amount(field int) (domain.Money, error) {
	m, err := domain.ParseAmount(r.fields[field], currency)
	if err != nil {
		return domain.Money{}, r.badAmount(field, err)
	}
	return m, nil
}

func (r row) badAmount(field int, err error) error {
	return r.bad(field, "%q is no amount: %s", shortened(r.fields[field]), fault.Of(err).Detail())
}

func (r row) bidTime() (time.Duration, error) {
	after, ok := span(r.fields[fieldBidTime], day)
	if !ok {
		return 0, r.bad(fieldBidTime, "%q is no time: write the days since the auction's start, such as 1.4036",
			shortened(r.fields[fieldBidTime]))
	}
	return after, nil
}

const day = 24 * time.Hour

func (r row) duration() (time.Duration, error) {
	match := auctionType.FindStringSubmatch(r.fields[fieldType])
	if match != nil {
		days, err := strconv.Atoi(match[1])
		if d := time.Duration(days) * day; err == nil && d >= domain.MinDuration && d <= domain.MaxDuration {
			return d, nil
		}
	}
	return 0, r.bad(fieldType, "%q is no auction type: write %q, %q or %q", shortened(r.fields[fieldType]),
		"3 day auction", "5 day auction", "7 day auction")
}
