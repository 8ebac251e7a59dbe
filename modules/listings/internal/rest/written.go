package rest

import (
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/page"
)

// mostWritten is how many pages of lists are kept as they were written. A page of a hundred takes about 70 KB.
const mostWritten = 64

// writtenPages keeps the pages of lists that were written last. Many ask for the same one, and to write it costs more than all
// else. The text says nothing that is not in the summaries, so whoever is to be shown the same summaries gets the same text.
type writtenPages struct {
	mu   sync.Mutex
	kept *simplelru.LRU[writtenKey, writtenPage]
}

// writtenKey finds a page that may be the same.
type writtenKey struct {
	first uuid.UUID
	size  int
	next  page.Cursor
}

type writtenPage struct {
	summaries []app.ListingSummary
	body      httpserver.Encoded[httpserver.List[Summary]]
}

func newWrittenPages() *writtenPages {
	kept, err := simplelru.NewLRU[writtenKey, writtenPage](mostWritten, nil)
	if err != nil {
		panic(err) // mostWritten is above 0
	}
	return &writtenPages{kept: kept}
}

// write returns the body of a page. Errors: as httpserver.Encode.
func (w *writtenPages) write(found page.Of[app.ListingSummary]) (httpserver.Encoded[httpserver.List[Summary]], error) {
	if len(found.Items) == 0 {
		return httpserver.Encode(httpserver.ListOf(found, summaryOf))
	}
	key := writtenKey{first: found.Items[0].ID, size: len(found.Items), next: found.Next}
	if body, ok := w.same(key, found.Items); ok {
		return body, nil
	}
	body, err := httpserver.Encode(httpserver.ListOf(found, summaryOf))
	if err != nil {
		return body, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept.Add(key, writtenPage{summaries: found.Items, body: body})
	return body, nil
}

// same returns the body of a page with the same summaries.
func (w *writtenPages) same(key writtenKey, summaries []app.ListingSummary) (body httpserver.Encoded[httpserver.List[Summary]], ok bool) {
	w.mu.Lock()
	written, ok := w.kept.Get(key)
	w.mu.Unlock()
	if !ok || !slices.Equal(written.summaries, summaries) {
		return body, false
	}
	return written.body, true
}

// How many listings are kept as they were written, and how long a text is at most.
const (
	mostWrittenListings = 256
	longestWritten      = 64 << 10
)

// writtenListings keeps the published listings that were written last, in the same way.
type writtenListings struct {
	mu   sync.Mutex
	kept *simplelru.LRU[recordKey, httpserver.Encoded[Listing]]
}

// recordKey is all that the text of a published listing depends on: its log, to whose end the hash commits, what the clock has
// made of it, and what this viewer is shown.
type recordKey struct {
	id              uuid.UUID
	head            domain.Head
	version         int64
	status          domain.Status
	frozen          bool
	buyNow          domain.Money
	leader, winner  domain.Alias
	leaderID, buyer uuid.UUID
	finalPrice      domain.Money
}

func keyOf(r app.ListingRecord) recordKey {
	return recordKey{
		id: r.ID, head: r.Head, version: r.Version, status: r.Status, frozen: r.Frozen, buyNow: r.BuyNow, leader: r.Leader,
		winner: r.Winner, leaderID: r.LeaderID, buyer: r.WinnerID, finalPrice: r.FinalPrice,
	}
}

func newWrittenListings() *writtenListings {
	kept, err := simplelru.NewLRU[recordKey, httpserver.Encoded[Listing]](mostWrittenListings, nil)
	if err != nil {
		panic(err) // mostWrittenListings is above 0
	}
	return &writtenListings{kept: kept}
}

// write returns the body of a listing. Drafts have no log and are never kept. Errors: as httpserver.Encode.
func (w *writtenListings) write(r app.ListingRecord) (httpserver.Encoded[Listing], error) {
	if r.Status == domain.StatusDraft {
		return httpserver.Encode(listingOf(r))
	}
	key := keyOf(r)
	w.mu.Lock()
	body, ok := w.kept.Get(key)
	w.mu.Unlock()
	if ok {
		return body, nil
	}
	body, err := httpserver.Encode(listingOf(r))
	if err != nil || body.Len() > longestWritten {
		return body, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept.Add(key, body)
	return body, nil
}
