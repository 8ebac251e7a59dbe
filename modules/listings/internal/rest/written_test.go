package rest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/rest"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/page"
)

// record is one open listing, as its leader sees it.
func record() app.ListingRecord {
	return app.ListingRecord{
		ListingSummary: summaries().Items[0], Description: "A lamp.", Ruleset: "classic-1", Duration: 7 * 24 * time.Hour,
		Table:  domain.RestoreIncrementTable("flat:0.50", []domain.IncrementRow{{From: 1, Increment: 50}}),
		Leader: domain.Alias{1}, LeaderID: uuid.New(), Version: 5, Head: domain.Head{Seq: 4, Hash: domain.Hash{1}, At: noon},
	}
}

// TestAWrittenListingIsForTheSameRecord changes one after the other what the text of a listing depends on.
func TestAWrittenListingIsForTheSameRecord(t *testing.T) {
	t.Parallel()
	write := rest.NewListingWriter()
	r := record()
	tagOf := func(r app.ListingRecord) string {
		body, err := write(r)
		require.NoError(t, err)
		return body.Respond(httpserver.Conditional{}).ETag
	}
	first := tagOf(r)
	require.Equal(t, first, tagOf(r))
	seen := map[string]string{first: "nothing"}
	for name, change := range map[string]func(r *app.ListingRecord){
		"whom it names to another": func(r *app.ListingRecord) { r.LeaderID = uuid.Nil },
		"another leader":           func(r *app.ListingRecord) { r.Leader = domain.Alias{2} },
		"the clock":                func(r *app.ListingRecord) { r.Status = domain.StatusSold },
		"a winner":                 func(r *app.ListingRecord) { r.Winner = domain.Alias{1} },
		"who that is":              func(r *app.ListingRecord) { r.WinnerID = uuid.New() },
		"what he pays":             func(r *app.ListingRecord) { r.FinalPrice = r.Price },
		"that it can be bought":    func(r *app.ListingRecord) { r.BuyNow.Minor = 100 },
		"a moderator":              func(r *app.ListingRecord) { r.Frozen = true },
		"an event":                 func(r *app.ListingRecord) { r.Head.Hash, r.Description = domain.Hash{2}, "Two lamps." },
	} {
		changed := r
		change(&changed)
		tag := tagOf(changed)
		require.Empty(t, seen[tag], name)
		seen[tag] = name
	}
	require.Equal(t, first, tagOf(r))
}

func TestDraftsAndLongTextsAreWrittenEachTime(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *app.ListingRecord){
		"a draft":     func(r *app.ListingRecord) { r.Status = domain.StatusDraft },
		"a long text": func(r *app.ListingRecord) { r.Additions = []domain.Addition{{Text: strings.Repeat("x", 64<<10)}} },
	} {
		write := rest.NewListingWriter()
		r := record()
		change(&r)
		first, err := write(r)
		require.NoError(t, err, name)
		r.Title = "Another"
		second, err := write(r)
		require.NoError(t, err, name)
		require.NotEqual(t, first.Respond(httpserver.Conditional{}).ETag, second.Respond(httpserver.Conditional{}).ETag, name)
	}
}

// TestAWrittenPageIsForTheSameSummaries changes one after the other what is in a page.
func TestAWrittenPageIsForTheSameSummaries(t *testing.T) {
	t.Parallel()
	write := rest.NewWriter()
	found := summaries()
	tagOf := func(found page.Of[app.ListingSummary]) string {
		body, err := write(found)
		require.NoError(t, err)
		return body.Respond(httpserver.Conditional{}).ETag
	}
	first := tagOf(found)
	require.Equal(t, first, tagOf(page.Map(found, func(s app.ListingSummary) app.ListingSummary { return s })))
	seen := map[string]bool{first: true}
	for name, change := range map[string]func(s *app.ListingSummary){
		"status": func(s *app.ListingSummary) { s.Status = domain.StatusSold },
		"price":  func(s *app.ListingSummary) { s.Price.Minor++ },
		"bids":   func(s *app.ListingSummary) { s.Bids++ },
		"end":    func(s *app.ListingSummary) { s.EndsAt = s.EndsAt.Add(time.Microsecond) },
		"title":  func(s *app.ListingSummary) { s.Title = "Another" },
		"buy":    func(s *app.ListingSummary) { s.BuyNow.Minor = 5000 },
	} {
		changed := page.Map(found, func(s app.ListingSummary) app.ListingSummary { return s })
		change(&changed.Items[19])
		tag := tagOf(changed)
		require.False(t, seen[tag], name)
		seen[tag] = true
	}
	require.Equal(t, first, tagOf(found))
}
