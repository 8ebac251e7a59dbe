package contract

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/contract/builders"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/uow"
)

// listCases say what a list of listings holds, in which order, cut where. The market cases ask for everything at once.
var listCases = []testCase{
	{"a market asked at random, 1", func(t *testing.T, s *subject) { marketAskedAtRandom(t, s, 1) }},
	{"a market asked at random, 2", func(t *testing.T, s *subject) { marketAskedAtRandom(t, s, 2) }},
	{"a market asked at random, 3", func(t *testing.T, s *subject) { marketAskedAtRandom(t, s, 3) }},
	{"words are found whatever their case, accents and script", wordsFound},
	{"words follow what a listing says", wordsFollowEdits},
	{"a status may be asked for any number of times", statusesRepeated},
	{"an empty store has empty pages", emptyPages},
	{"a page holds 20 unless asked otherwise, at most 100", pageSizes},
	{"pages go on where they were, whatever comes and goes", pagesAmongChanges},
	{"a cursor belongs to its list", cursorsChecked},
}

func statusesRepeated(t *testing.T, s *subject) {
	s.keep(t, builders.Draft().Published())
	filter := app.Filter{Statuses: slices.Repeat([]domain.Status{domain.StatusOpen, domain.StatusSold}, 1000)}
	require.Len(t, s.list(t, filter, domain.Actor{}, builders.Epoch.Add(time.Minute)), 1)
}

func wordsFound(t *testing.T, s *subject) {
	titles := []string{
		"Brass lamp", "Lampshade, BRASS", "Éclairage d'été", "naïve ﬁne Straße", "茶碗 (Raku)", "청자 매병", "İznik tile №7",
		`O'Neil "AND" co: 50% *new* C3PO`, "x_y NEAR z", "मिट्टी का दीपक",
	}
	for _, title := range titles {
		s.keep(t, builders.Draft().Titled(title).Described("").Published())
	}
	s.keep(t, builders.Draft().Titled("Second-hand").Described("Was a lantern").Published().Appended("and a Bräzier once"))

	for search, want := range map[string][]string{
		"brass":                   {"Brass lamp", "Lampshade, BRASS"},
		"BRASS LAMP":              {"Brass lamp", "Lampshade, BRASS"}, // a word or the beginning of one
		"brass lamps":             {"Lampshade, BRASS"},
		"ass":                     nil,
		"eclairage ete":           {"Éclairage d'été"},
		"ÉCLAIRAGE":               {"Éclairage d'été"},
		"e\u0301clair":            {"Éclairage d'été"},
		"NAIVE":                   {"naïve ﬁne Straße"},
		"fine":                    {"naïve ﬁne Straße"},
		"straße":                  {"naïve ﬁne Straße"},
		"茶":                       {"茶碗 (Raku)"},
		"茶碗 raku":                 {"茶碗 (Raku)"},
		"碗":                       nil, // in the middle of a word
		"청자":                      {"청자 매병"},
		"iznik":                   {"İznik tile №7"},
		"no7":                     {"İznik tile №7"}, // as compatibility writes the sign
		"o'neil":                  {`O'Neil "AND" co: 50% *new* C3PO`},
		"o neil":                  {`O'Neil "AND" co: 50% *new* C3PO`},
		`"and"`:                   {`O'Neil "AND" co: 50% *new* C3PO`, "Second-hand"},
		"brass AND lamp":          nil, // and is a word like others
		"brass OR lantern":        nil,
		"brass NOT lamp":          nil,
		"new*":                    {`O'Neil "AND" co: 50% *new* C3PO`},
		"*new":                    {`O'Neil "AND" co: 50% *new* C3PO`},
		"co: 50%":                 {`O'Neil "AND" co: 50% *new* C3PO`},
		"title:brass":             nil,
		"NEAR(z x)":               {"x_y NEAR z"},
		"x_y":                     {"x_y NEAR z"},
		"x%":                      {"x_y NEAR z"},
		"^brass -lamp":            {"Brass lamp", "Lampshade, BRASS"},
		`brass') OR 1=1 --`:       nil,
		`brass\`:                  {"Brass lamp", "Lampshade, BRASS"},
		"brass & !lamp | (x":      nil,
		"brass:* <-> lamp:*":      {"Brass lamp", "Lampshade, BRASS"},
		"brass\x00lamp":           {"Brass lamp", "Lampshade, BRASS"},
		"brass\xff":               {"Brass lamp", "Lampshade, BRASS"},
		"मिट्टी":                  {"मिट्टी का दीपक"},
		"lantern second":          {"Second-hand"},
		"brazier once was":        {"Second-hand"},
		"brass brass brass brass": {"Brass lamp", "Lampshade, BRASS"},
	} {
		var found []string
		for _, item := range s.list(t, app.Filter{Words: search}, anyone, builders.Epoch) {
			found = append(found, item.Title)
		}
		require.ElementsMatch(t, want, found, "search for %q", search)
	}
	for _, wordless := range []string{"", " ", `"`, "*", "'", "%", "(", "-- ;", "🏺", "\x00"} {
		require.Len(t, s.list(t, app.Filter{Words: wordless}, anyone, builders.Epoch), len(titles)+1, "search for %q", wordless)
	}
}

func wordsFollowEdits(t *testing.T, s *subject) {
	l := builders.Draft().Titled("Brass lamp").Published().
		Edited(func(c *domain.Content) { c.Title = "Copper kettle" }).Appended("Rare.")
	storeInTurn(t, s, l)
	draft := builders.Draft().Titled("Copper draft").By(l.Seller().ID)
	s.keep(t, draft)
	require.Empty(t, s.list(t, app.Filter{Words: "brass"}, anyone, l.Now()))
	require.Len(t, s.list(t, app.Filter{Words: "copper"}, anyone, l.Now()), 1)
	require.Len(t, s.list(t, app.Filter{Words: "copper rare"}, anyone, l.Now()), 1)
	require.Len(t, s.list(t, app.Filter{Words: "copper", Seller: l.Seller().ID}, l.Seller(), l.Now()), 2)
}

func emptyPages(t *testing.T, s *subject) {
	for _, order := range append(orders, "") {
		p, err := s.Views.Listings(t.Context(), app.Filter{Sort: order}, anyone, page.Request{}, builders.Epoch)
		require.NoError(t, err)
		require.NotNil(t, p.Items, "JSON writes an empty list, not null")
		require.Empty(t, p.Items)
		require.Empty(t, p.Next)
	}
}

func pageSizes(t *testing.T, s *subject) {
	s.keepMany(t, page.MaxLimit+1)
	for limit, want := range map[int]int{
		0: page.DefaultLimit, -1: page.DefaultLimit, 1: 1, 100: page.MaxLimit, 1_000: page.MaxLimit,
	} {
		p, err := s.Views.Listings(t.Context(), app.Filter{}, anyone, page.Request{Limit: limit}, builders.Epoch)
		require.NoError(t, err)
		require.Len(t, p.Items, want, "limit %d", limit)
		require.NotEmpty(t, p.Next)
	}
}

// keepMany stores that many published listings and returns their builders.
func (s *subject) keepMany(t *testing.T, n int) []*builders.Listing {
	t.Helper()
	all := make([]*builders.Listing, n)
	for i := range all {
		all[i] = builders.Draft().Titled(fmt.Sprintf("Lamp %d", i)).Published()
	}
	s.storeAll(t, all)
	return all
}

// storeAll stores the listings in one unit.
func (s *subject) storeAll(t *testing.T, listings []*builders.Listing) {
	t.Helper()
	var commands []uow.Command
	for _, l := range listings {
		commands = append(commands, l.Commands(s.Listings)...)
	}
	for i, err := range s.Work.DoAll(t.Context(), commands) {
		require.NoError(t, err, "command %d", i+1)
	}
}

func pagesAmongChanges(t *testing.T, s *subject) {
	ending := func(in time.Duration) *builders.Listing {
		l := builders.Draft().Lasting(in).Published()
		s.keep(t, l)
		return l
	}
	first, second, third := ending(1*day), ending(2*day), ending(4*day)
	ask := func(cursor page.Cursor) page.Of[app.ListingSummary] {
		p, err := s.Views.Listings(t.Context(), app.Filter{}, anyone, page.Request{Limit: 2, Cursor: cursor}, builders.Epoch)
		require.NoError(t, err)
		return p
	}
	p := ask("")
	require.Equal(t, []uuid.UUID{first.ID(), second.ID()}, idsOf(p.Items))

	ending(time.Hour) // before what has been shown
	between := ending(3 * day)
	require.Equal(t, []uuid.UUID{between.ID(), third.ID()}, idsOf(ask(p.Next).Items))
}

func idsOf(items []app.ListingSummary) []uuid.UUID {
	ids := make([]uuid.UUID, len(items))
	for i, item := range items {
		ids[i] = item.ID
	}
	return ids
}

func cursorsChecked(t *testing.T, s *subject) {
	s.keepMany(t, 3)
	key := app.ListingKey{At: builders.Epoch.UnixMicro(), ID: newID()}
	for _, order := range orders {
		p, err := s.Views.Listings(t.Context(), app.Filter{Sort: order}, anyone, page.Request{Limit: 1}, builders.Epoch)
		require.NoError(t, err)
		last := p.Items[0]
		at := last.EndsAt
		if order == app.SortNewest {
			at = last.CreatedAt
		}
		want := page.Encode("listings/"+string(order), app.ListingKey{At: at.UnixMicro(), ID: last.ID})
		require.Equal(t, want, p.Next, "all stores make the same cursors")

		for _, cursor := range []page.Cursor{
			"x", "e30", page.Cursor(`{"at":1}`), page.Encode("listings/", key), page.Encode("bids/"+string(order), key),
			page.Encode("listings/"+string(order), "text"), page.Encode("listings/"+string(otherThan(order)), key),
		} {
			_, err := s.Views.Listings(t.Context(), app.Filter{Sort: order}, anyone, page.Request{Cursor: cursor}, builders.Epoch)
			require.ErrorIs(t, err, page.ErrInvalidCursor, "cursor %q", cursor)
		}
	}
	p, err := s.Views.Listings(t.Context(), app.Filter{}, anyone, page.Request{Limit: 1}, builders.Epoch)
	require.NoError(t, err)
	_, err = s.Views.Listings(t.Context(), app.Filter{Sort: app.SortEndingSoon}, anyone, page.Request{Cursor: p.Next}, builders.Epoch)
	require.NoError(t, err, "no order is the order of ends")
}

var orders = []app.Sort{app.SortEndingSoon, app.SortNewest, app.SortEndedLast}

func otherThan(order app.Sort) app.Sort {
	if order == app.SortNewest {
		return app.SortEndingSoon
	}
	return app.SortNewest
}
