// Package evidence gives other modules what the logs of listings prove: extracts that were verified, in the form in which
// anybody can check them, and who made a bid.
package evidence

import (
	"bytes"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
	"github.com/gavelhq/gavel/modules/listings/listingsapi"
)

// Logs is the listingsapi.Logs over the ledger and the public log.
type Logs struct {
	log    *app.PublicLog
	ledger app.Ledger
}

var _ listingsapi.Logs = (*Logs)(nil)

// NewLogs returns it.
func NewLogs(log *app.PublicLog, ledger app.Ledger) *Logs { return &Logs{log: log, ledger: ledger} }

// Extract returns the public log of the listing up to the event with that seq, which is the head in its first line: `monolith
// verify` takes it as it takes the whole log. It was verified from its beginning to that hash. Of one that is longer than
// limit there are the first line and the last events that fit; none if not even the first line does.
//
// Errors: domain.ErrListingNotFound, also for a draft; a *domain.Flaw; what the store reports.
func (l *Logs) Extract(ctx context.Context, listing uuid.UUID, seq int64, hash [32]byte, limit int) (string, error) {
	log, err := l.log.Of(ctx, listing)
	if err != nil {
		return "", err
	}
	tail, head, err := verified(log, domain.Head{Seq: seq, Hash: hash}, limit)
	if err != nil {
		return "", fmt.Errorf("take evidence of listing %s: %w", listing, err)
	}
	var first bytes.Buffer
	if _, err := publiclog.NewWriter(&first, publiclog.Header{Listing: listing, Currency: log.Currency, Head: head}); err != nil {
		return "", err
	}
	if first.Len() > limit {
		return "", nil
	}
	return first.String() + tail.within(limit-first.Len()), nil
}

// verified checks the log up to the head, and returns the last events until then, as far as they may fit, and the head with
// its time.
func verified(log app.PublishedLog, head domain.Head, limit int) (*lastLines, domain.Head, error) {
	tail := &lastLines{limit: limit}
	lines := publiclog.NewEventWriter(tail, log.Currency)
	chain := domain.NewChain(log.Listing)
	for e, err := range log.Events {
		if err != nil {
			return nil, domain.Head{}, err
		}
		if e.Seq > head.Seq {
			break
		}
		if err := chain.NextPublic(e); err != nil {
			return nil, domain.Head{}, err
		}
		if err := lines.Write(e); err != nil {
			return nil, domain.Head{}, err
		}
		head.At = e.At
	}
	return tail, head, chain.End(head)
}

// lastLines keeps the last lines that are written to it, which come one a call: no more than limit bytes.
type lastLines struct {
	limit int
	lines [][]byte
	size  int
}

// Write keeps the line, and forgets earlier ones if there are too many. Errors: none.
func (l *lastLines) Write(line []byte) (int, error) {
	l.lines = append(l.lines, bytes.Clone(line))
	l.size += len(line)
	l.shrink(l.limit)
	return len(line), nil
}

// within returns the last lines that have no more than limit bytes together.
func (l *lastLines) within(limit int) string {
	l.shrink(limit)
	return string(bytes.Join(l.lines, nil))
}

func (l *lastLines) shrink(limit int) {
	for l.size > limit {
		l.size -= len(l.lines[0])
		l.lines = l.lines[1:]
	}
}

// Bidder returns who made the bid with that seq, and false when there is no bid. Errors: what the store reports.
func (l *Logs) Bidder(ctx context.Context, listing uuid.UUID, seq int64) (uuid.UUID, bool, error) {
	if seq < 1 {
		return uuid.Nil, false, nil
	}
	bids, err := l.ledger.Events(ctx, listing, app.EventRange{
		After: seq - 1, Before: seq + 1, Kinds: []domain.EventKind{domain.KindBidPlaced},
	})
	if err != nil || len(bids) == 0 {
		return uuid.Nil, false, err
	}
	return bids[0].Sealed.Bidder, true, nil
}
