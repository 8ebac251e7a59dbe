package rest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// titles is what a list answers, as far as the tests of filters look.
type titles struct {
	Items []struct {
		Title string `json:"title"`
	} `json:"items"`
	NextCursor string `json:"next_cursor"`
}

func (l titles) of() []string {
	all := []string{}
	for _, item := range l.Items {
		all = append(all, item.Title)
	}
	return all
}

func TestListFiltersAndSorts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller := uuid.New()
	s.publish(seller, domain.Content{Title: "Blue chair", Duration: 24 * time.Hour, BuyNow: usd("20")})
	s.clock.Advance(time.Minute)
	s.publish(uuid.New(), domain.Content{Title: "Café table", Duration: 48 * time.Hour, StartPrice: domain.Offer{Amount: "5", Currency: "EUR"}})
	s.clock.Advance(time.Minute)
	s.publish(seller, domain.Content{Title: "Red chair", Duration: 2 * time.Hour, StartsAt: noon.Add(2 * time.Hour)})
	s.draft(seller, domain.Content{Title: "Green chair"})

	tests := map[string]struct {
		query url.Values
		want  []string
	}{
		"all that is public, the soonest end first": {query: url.Values{}, want: []string{"Red chair", "Blue chair", "Café table"}},
		"the latest end first":                      {query: url.Values{"sort": {"-ending"}}, want: []string{"Café table", "Blue chair", "Red chair"}},
		"the newest first":                          {query: url.Values{"sort": {"newest"}}, want: []string{"Red chair", "Café table", "Blue chair"}},
		"by words":                                  {query: url.Values{"q": {"CHA bl"}}, want: []string{"Blue chair"}},
		"by words without accents":                  {query: url.Values{"q": {"cafe"}}, want: []string{"Café table"}},
		"by one status":                             {query: url.Values{"status": {"scheduled"}}, want: []string{"Red chair"}},
		"by several statuses":                       {query: url.Values{"status": {"scheduled", "open"}}, want: []string{"Red chair", "Blue chair", "Café table"}},
		"by a status that none has":                 {query: url.Values{"status": {"sold"}}, want: []string{}},
		"by seller, without his drafts":             {query: url.Values{"seller_id": {seller.String()}}, want: []string{"Red chair", "Blue chair"}},
		"by currency":                               {query: url.Values{"currency": {"EUR"}}, want: []string{"Café table"}},
		"that can be bought":                        {query: url.Values{"buy_now": {"true"}}, want: []string{"Blue chair"}},
		"by end": {
			query: url.Values{"ends_after": {noon.Add(4 * time.Hour).Format(time.RFC3339Nano)}, "ends_before": {noon.Add(48 * time.Hour).Format(time.RFC3339Nano)}},
			want:  []string{"Blue chair"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got titles
			s.read("/api/v1/listings?"+test.query.Encode(), &got)
			require.Equal(t, test.want, got.of())
			require.Empty(t, got.NextCursor)
		})
	}
}

func TestListGivesPageAfterPage(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var want []string
	for _, title := range []string{"first", "second", "third", "fourth", "fifth"} {
		s.clock.Advance(time.Second)
		s.publish(uuid.New(), domain.Content{Title: title})
		want = append(want, title)
	}
	var got []string
	next := ""
	for pages := 0; pages == 0 || next != ""; pages++ {
		var page titles
		s.read("/api/v1/listings?limit=2&cursor="+url.QueryEscape(next), &page)
		require.LessOrEqual(t, len(page.Items), 2)
		got = append(got, page.of()...)
		next = page.NextCursor
		require.Less(t, pages, 3)
	}
	require.Equal(t, want, got)
}

func TestListRefusesWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 3 {
		s.publish(uuid.New(), domain.Content{})
	}
	var page titles
	s.read("/api/v1/listings?limit=1&sort=newest", &page)
	tests := map[string]struct {
		query  string
		status int
		code   string
	}{
		"a cursor of another order":    {query: "sort=ending&cursor=" + page.NextCursor, status: http.StatusBadRequest, code: "invalid_cursor"},
		"a cursor that is none":        {query: "cursor=next", status: http.StatusBadRequest, code: "invalid_cursor"},
		"a limit that is too low":      {query: "limit=0", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"a limit that is too high":     {query: "limit=101", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"an order that is none":        {query: "sort=price", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"a status that is none":        {query: "status=gone", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"a seller that is no id":       {query: "seller_id=me", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"a currency that is none":      {query: "currency=usd", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"an instant that is none":      {query: "ends_after=tomorrow", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"a flag that is none":          {query: "buy_now=maybe", status: http.StatusUnprocessableEntity, code: "invalid_request"},
		"a filter that does not exist": {query: "colour=blue", status: http.StatusUnprocessableEntity, code: "invalid_request"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.get("/api/v1/listings?"+test.query).problem(t, test.status, test.code)
		})
	}
}
