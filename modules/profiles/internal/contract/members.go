package contract

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
	"github.com/gavelhq/gavel/platform/uow"
)

// memberCases say how members are shown and listed.
var memberCases = []testCase{
	{"a house asked at random, 1", func(t *testing.T, s *subject) { houseAskedAtRandom(t, s, 1) }},
	{"a house asked at random, 2", func(t *testing.T, s *subject) { houseAskedAtRandom(t, s, 2) }},
	{"a house asked at random, 3", func(t *testing.T, s *subject) { houseAskedAtRandom(t, s, 3) }},
	{"names are found by how they begin, whatever they are made of", namesFound},
	{"an address is found whole, whatever its case", addressFound},
	{"members are listed from an instant on and before another one", listedByRegistration},
	{"a status may be asked for any number of times", statusesRepeated},
	{"nobody has an empty page", emptyPages},
	{"a cursor belongs to its order", cursorsChecked},
	{"a member is shown as he is, by id and by handle", memberShown},
	{"half a member is not shown", halfMember},
	{"what readers do to an answer changes nothing", readersOwnCopy},
	{"names are told of those who exist", namesTold},
	{"contacts are told of those who exist, are not deleted and have a verified address", contactsTold},
	{"settings are shown with their version", settingsShown},
	{"who is leaving is told by id", leavingTold},
}

// houseSize is how many members a random house has.
const houseSize = 40

// names are what members are called; prefixes are made of them. The last character of all and the one before the gap in
// Unicode have no next one; letters are the same as others in lower case.
var names = []string{
	"Ann", "ANNA", "anna karenina", "Änne", "ÄNNE", "änne b", "100% Anna", "100 Annas", "a_b", "aXb", `a\b`, "a%b", "a'b\"c", "İstanbul",
	"Istanbul", "ǅungla", "Straße", "STRASSE", "日本", "日本語", "\U0010ffff\U0010ffff", "\U0010ffffz", "a\U0010ffff", "a\U0010ffffz",
	"x\ud7ff", "x\ud7ffz", "x\ue000", "🏺", "\ufffd", "member", "é", "e\u0301",
}

// handles are few stems, so that many begin alike.
var stems = []string{"ann", "anna", "ann_a", "ann-a", "bob", "a-b", "axb"}

// randomHouse stores members of all kinds and returns their ids. Few different instants make equal keys common; ids are
// random, so that their order is not that of registration.
func (s *subject) randomHouse(t *testing.T, seed uint64) []uuid.UUID {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	pick := func(n int) bool { return random.IntN(n) == 0 }
	var ids []uuid.UUID
	var commands []uow.Command
	for i := range houseSize {
		var id uuid.UUID
		binary.BigEndian.PutUint64(id[:8], random.Uint64())
		binary.BigEndian.PutUint64(id[8:], random.Uint64())
		r := registration{
			id: id, handle: fmt.Sprintf("%s%d", stems[random.IntN(len(stems))], i),
			email:   fmt.Sprintf("Member-%dÄ@example.org", i),
			pending: pick(4), unverified: pick(3),
			at: noon.Add(time.Duration(random.IntN(4)-1) * time.Duration(1+random.IntN(2)) * microsecond),
		}
		for _, role := range identity.Granted {
			if pick(8) {
				r.roles = append(r.roles, role)
			}
		}
		name, life, deleted := names[random.IntN(len(names))], random.IntN(6), pick(6)
		ids = append(ids, id)
		commands = append(commands, uow.Command{Run: func(ctx context.Context) error {
			m := r.member()
			must(m.profile.Edit(domain.ProfileText{DisplayName: name, About: name, Location: "here"}))
			live(m, life, deleted)
			return s.add(ctx, m)
		}})
	}
	for i, err := range s.Work.DoAll(t.Context(), commands) {
		require.NoError(t, err, "member %d", i)
	}
	for range houseSize {
		s.sell(t, ids[random.IntN(len(ids)/2)], ids[random.IntN(len(ids))])
	}
	return ids
}

// live does to a new member what can happen to him. (Admins are spared.)
func live(m member, life int, deleted bool) {
	a := m.account
	if a.Is(identity.Admin) {
		return
	}
	if a.State().Status == domain.StatusActive {
		switch life {
		case 0:
			must(a.Suspend(uuid.Nil, noon))
		case 1:
			must(a.Leave(noon))
		case 2:
			must(a.Leave(noon))
			a.Review(false, noon.Add(day))
		default:
		}
	}
	if deleted {
		must(a.Delete(noon))
		m.profile.Delete(noon)
	}
}

// houseAskedAtRandom compares what a view lists, page by page, with what it should list.
func houseAskedAtRandom(t *testing.T, s *subject, seed uint64) {
	all := s.records(t, s.randomHouse(t, seed))
	rapid.Check(t, func(r *rapid.T) {
		filter, limit := anyFilter(r, all), rapid.IntRange(1, houseSize+1).Draw(r, "limit")
		want := expectedMembers(all, filter)
		request := page.Request{Limit: limit}
		for {
			p, err := s.Views.Members(t.Context(), filter, request)
			require.NoError(r, err)
			size := min(limit, len(want))
			require.Len(r, p.Items, size)
			for i, item := range p.Items {
				valuetest.RequireSame(r, want[i], item, "item")
			}
			if p.Next == "" {
				want = want[size:]
				break
			}
			require.Greater(r, len(want), size, "a page that nothing follows has no cursor")
			require.Equal(r, expectedCursor(filter.Sort, want[size-1]), p.Next, "all stores make the same cursors")
			want = want[size:]
			request.Cursor = p.Next
		}
		require.Empty(r, want, "members that no page shows")
	})
}

var orders = []app.MemberSort{app.SortNewest, app.SortOldest, app.SortHandle, app.SortHandleDown}

func anyFilter(r *rapid.T, all []app.MemberRecord) app.MemberFilter {
	f := app.MemberFilter{Sort: rapid.SampledFrom(append(orders, "")).Draw(r, "sort")}
	sometimes := func(what string) bool { return rapid.IntRange(0, 2).Draw(r, what) == 0 }
	if sometimes("by prefix") {
		f.Prefix = rapid.Custom(anyPrefix).Draw(r, "prefix")
	}
	if rapid.IntRange(0, 9).Draw(r, "by address") == 0 {
		f.Email = rapid.SampledFrom(all).Draw(r, "member").Email
	}
	if sometimes("by status") {
		f.Statuses = rapid.SliceOfN(rapid.SampledFrom(append(allStatuses, "unheard_of", "\x00", "\xff")), 1, 4).Draw(r, "statuses")
	}
	if sometimes("by role") {
		f.Role = rapid.SampledFrom(append(identity.Granted, identity.Member, "adm", `ad"min`, "%", "\x00", "\xff")).Draw(r, "role")
	}
	if sometimes("by verification") {
		verified := rapid.Bool().Draw(r, "verified")
		f.Verified = &verified
	}
	f.Leaving = sometimes("leaving")
	if sometimes("by earliest registration") {
		f.RegisteredFrom = anyInstant(r)
	}
	if sometimes("by latest registration") {
		f.RegisteredBefore = anyInstant(r)
	}
	return f
}

// anyInstant draws an instant around those of registrations, between microseconds too.
func anyInstant(r *rapid.T) time.Time {
	return noon.Add(time.Duration(rapid.IntRange(-6, 10).Draw(r, "half microseconds")) * microsecond / 2)
}

// anyPrefix draws the beginning of a name or handle, in any case, or what query languages would take for something else.
func anyPrefix(r *rapid.T) string {
	word := []rune(rapid.SampledFrom(append(names, stems...)).Draw(r, "word"))
	beginning := string(word[:rapid.IntRange(1, len(word)).Draw(r, "letters")])
	odd := rapid.SampledFrom([]string{"%", "_", `\`, "'", "*", "?", "\x00", "\xff", "deleted-"}).Draw(r, "odd")
	return rapid.SampledFrom([]string{
		beginning, strings.ToUpper(beginning), strings.ToLower(beginning), odd, beginning + odd, odd + beginning,
	}).Draw(r, "text")
}

// list walks all pages of a list and returns the handles.
func (s *subject) list(t *testing.T, filter app.MemberFilter) []string {
	t.Helper()
	handles := []string{}
	request := page.Request{Limit: 2}
	for {
		p, err := s.Views.Members(t.Context(), filter, request)
		require.NoError(t, err)
		for _, m := range p.Items {
			handles = append(handles, m.Handle)
		}
		if p.Next == "" {
			return handles
		}
		request.Cursor = p.Next
	}
}

// named stores a member who is called that.
func (s *subject) named(t *testing.T, handle, name string) {
	t.Helper()
	s.must(t, func(ctx context.Context) error {
		m := registration{handle: handle}.member()
		must(m.profile.Edit(domain.ProfileText{DisplayName: name}))
		return s.add(ctx, m)
	})
}

func namesFound(t *testing.T, s *subject) {
	for i, name := range names {
		s.named(t, fmt.Sprintf("h%02d", i), name)
	}
	handleOf := func(wanted ...string) []string {
		handles := []string{}
		for i, name := range names {
			for _, w := range wanted {
				if name == w {
					handles = append(handles, fmt.Sprintf("h%02d", i))
				}
			}
		}
		return handles
	}
	for prefix, want := range map[string][]string{
		"ann":            {"Ann", "ANNA", "anna karenina"},
		"ANNA":           {"ANNA", "anna karenina"},
		"änne":           {"Änne", "ÄNNE", "änne b"},
		"ÄN":             {"Änne", "ÄNNE", "änne b"},
		"100%":           {"100% Anna"},
		"100":            {"100% Anna", "100 Annas"},
		"a_":             {"a_b"},
		`a\`:             {`a\b`},
		"a%":             {"a%b"},
		"%":              {},
		"_":              {},
		`\`:              {},
		"a'b\"":          {"a'b\"c"},
		"İ":              {"İstanbul", "Istanbul"}, // the same in lower case
		"i":              {"İstanbul", "Istanbul"},
		"is":             {"İstanbul", "Istanbul"},
		"ǆ":              {"ǅungla"},
		"STRASSE":        {"STRASSE"},
		"straß":          {"Straße"},
		"日":              {"日本", "日本語"},
		"日本語":            {"日本語"},
		"\U0010ffff":     {"\U0010ffff\U0010ffff", "\U0010ffffz"},
		"a\U0010ffff":    {"a\U0010ffff", "a\U0010ffffz"},
		"x\ud7ff":        {"x\ud7ff", "x\ud7ffz"},
		"é":              {"é"},
		"e":              {"e\u0301"},
		"karenina":       {},
		"\x00":           {},
		"\xff":           {"\ufffd"}, // what is no text is read as the sign for that
		"anna\x00":       {},
		"anna' OR 1=1--": {},
	} {
		require.Equal(t, handleOf(want...), s.list(t, app.MemberFilter{Prefix: prefix, Sort: app.SortHandle}), "prefix %q", prefix)
	}
	require.Len(t, s.list(t, app.MemberFilter{Prefix: "H0"}), 10, "handles")
	require.Len(t, s.list(t, app.MemberFilter{}), len(names))
}

func addressFound(t *testing.T, s *subject) {
	s.register(t, registration{handle: "ada", email: "Ada.Ö@Example.org"})
	s.register(t, registration{handle: "bob", email: "bob@example.org"})
	for email, want := range map[string][]string{
		"ada.ö@example.org": {"ada"}, "ADA.Ö@EXAMPLE.ORG": {"ada"}, "bob@example.org": {"bob"}, "bob@example.or": {},
		"%": {}, "bob@example.org\x00": {}, "\xff": {}, "_ob@example.org": {},
	} {
		require.Equal(t, want, s.list(t, app.MemberFilter{Email: email}), "%q", email)
	}
}

func listedByRegistration(t *testing.T, s *subject) {
	s.register(t, registration{handle: "ada", at: noon})
	s.register(t, registration{handle: "bob", at: noon.Add(microsecond)})
	for _, c := range []struct {
		from, before time.Time
		want         []string
	}{
		{from: noon, want: []string{"ada", "bob"}},
		{from: noon.Add(1), want: []string{"bob"}},
		{from: noon.Add(microsecond), want: []string{"bob"}},
		{from: noon.Add(microsecond + 1), want: []string{}},
		{before: noon, want: []string{}},
		{before: noon.Add(1), want: []string{"ada"}},
		{before: noon.Add(microsecond), want: []string{"ada"}},
		{before: noon.Add(microsecond + 1), want: []string{"ada", "bob"}},
		{from: noon, before: noon.Add(microsecond), want: []string{"ada"}},
	} {
		f := app.MemberFilter{RegisteredFrom: c.from, RegisteredBefore: c.before, Sort: app.SortOldest}
		require.Equal(t, c.want, s.list(t, f), "from %s before %s", c.from, c.before)
	}
}

func statusesRepeated(t *testing.T, s *subject) {
	s.register(t, registration{})
	var statuses []domain.Status
	for range 1000 {
		statuses = append(statuses, domain.StatusActive, domain.StatusPending)
	}
	require.Len(t, s.list(t, app.MemberFilter{Statuses: statuses}), 1)
}

func emptyPages(t *testing.T, s *subject) {
	for _, order := range append(orders, "") {
		p, err := s.Views.Members(t.Context(), app.MemberFilter{Sort: order}, page.Request{})
		require.NoError(t, err)
		require.NotNil(t, p.Items, "JSON writes an empty list, not null")
		require.Empty(t, p.Items)
		require.Empty(t, p.Next)
	}
}

func cursorsChecked(t *testing.T, s *subject) {
	for range 3 {
		s.register(t, registration{})
	}
	for i, order := range orders {
		f := app.MemberFilter{Sort: order}
		p, err := s.Views.Members(t.Context(), f, page.Request{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, expectedCursor(order, p.Items[0]), p.Next)
		other := orders[(i+1)%len(orders)]
		for _, cursor := range []page.Cursor{
			"x", "e30", expectedCursor(other, p.Items[0]), page.Encode("members/"+string(order), "text"),
			page.Encode("members/"+string(order), map[string]any{"handle": "a\x00b"}), page.Encode("sessions", app.TimeKey{}),
		} {
			_, err := s.Views.Members(t.Context(), f, page.Request{Cursor: cursor})
			require.ErrorIs(t, err, page.ErrInvalidCursor, "cursor %q", cursor)
		}
	}
	p, err := s.Views.Members(t.Context(), app.MemberFilter{}, page.Request{Limit: 1})
	require.NoError(t, err)
	_, err = s.Views.Members(t.Context(), app.MemberFilter{Sort: app.SortNewest}, page.Request{Cursor: p.Next})
	require.NoError(t, err, "no order is the newest first")
}

func memberShown(t *testing.T, s *subject) {
	ids := s.randomHouse(t, 4)
	for _, want := range s.records(t, ids) {
		got, err := s.Views.Member(t.Context(), want.ID)
		require.NoError(t, err)
		valuetest.RequireSame(t, want, got, "by id")
		valuetest.RequireUTC(t, got)
		got, err = s.Views.MemberByHandle(t.Context(), strings.ToUpper(want.Handle))
		require.NoError(t, err)
		valuetest.RequireSame(t, want, got, "by handle")
	}
	_, err := s.Views.Member(t.Context(), newID())
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
	for _, handle := range []string{"", "nobody", "an%", "ann_", "\x00", "\xff", "ann\x00"} {
		_, err := s.Views.MemberByHandle(t.Context(), handle)
		require.ErrorIs(t, err, domain.ErrMemberNotFound, "%q", handle)
	}
}

func halfMember(t *testing.T, s *subject) {
	accountOnly, profileOnly := newID(), newID()
	s.must(t, func(ctx context.Context) error {
		if err := s.Accounts.Add(ctx, registration{id: accountOnly, email: "half@example.org"}.member().account); err != nil {
			return err
		}
		return s.Profiles.Add(ctx, registration{id: profileOnly, handle: "half"}.member().profile)
	})
	for _, id := range []uuid.UUID{accountOnly, profileOnly} {
		_, err := s.Views.Member(t.Context(), id)
		require.ErrorIs(t, err, domain.ErrMemberNotFound)
	}
	_, err := s.Views.MemberByHandle(t.Context(), "half")
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
	_, err = s.Credentials.ByEmail(t.Context(), "half@example.org")
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
	require.Empty(t, s.list(t, app.MemberFilter{}))
}

func readersOwnCopy(t *testing.T, s *subject) {
	id := s.register(t, registration{}, func(a *domain.Account) { must(a.Grant(identity.Agent, uuid.Nil, noon)) })
	s.must(t, func(ctx context.Context) error {
		settings, err := s.Settings.Get(ctx, id)
		if err != nil {
			return err
		}
		return settings.Mute([]domain.NoticeKind{domain.NoticeWon})
	})
	for range 2 {
		m, err := s.Views.Member(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, []identity.Role{identity.Agent}, m.Roles)
		m.Roles[0] = identity.Admin
		settings, err := s.Views.Settings(t.Context(), id)
		require.NoError(t, err)
		require.Equal(t, []domain.NoticeKind{domain.NoticeWon}, settings.Muted)
		settings.Muted[0] = domain.NoticeLost
	}
}

func namesTold(t *testing.T, s *subject) {
	ada := s.register(t, registration{handle: "ada"})
	bob := s.register(t, registration{handle: "bob"})
	s.register(t, registration{handle: "eve"})
	got, err := s.Views.Names(t.Context(), []uuid.UUID{bob, newID(), ada, bob})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]profilesapi.Name{
		ada: {Handle: "ada", DisplayName: "ada"}, bob: {Handle: "bob", DisplayName: "bob"},
	}, got)
	got, err = s.Views.Names(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, got)
}

func contactsTold(t *testing.T, s *subject) {
	ada := s.register(t, registration{handle: "ada"})
	bob := s.register(t, registration{handle: "bob", unverified: true})
	gone := s.register(t, registration{handle: "gone"})
	s.change(t, gone, func(a *domain.Account) error { return a.Delete(noon) })
	out := s.register(t, registration{handle: "out"})
	s.change(t, out, func(a *domain.Account) error { return a.Suspend(newID(), noon) })
	s.register(t, registration{handle: "eve"})
	got, err := s.Views.Contacts(t.Context(), []uuid.UUID{bob, newID(), gone, ada, bob, out})
	require.NoError(t, err)
	name := func(handle string) profilesapi.Name { return profilesapi.Name{Handle: handle, DisplayName: handle} }
	email := func(id uuid.UUID) string { return s.account(t, id).State().Email }
	require.Equal(t, map[uuid.UUID]profilesapi.Contact{
		ada: {Name: name("ada"), Email: email(ada)}, bob: {Name: name("bob")}, out: {Name: name("out"), Email: email(out)},
	}, got)
	require.NotEmpty(t, got[ada].Email)
	got, err = s.Views.Contacts(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, got)
}

func settingsShown(t *testing.T, s *subject) {
	id := s.register(t, registration{})
	got, err := s.Views.Settings(t.Context(), id)
	require.NoError(t, err)
	valuetest.RequireSame(t, app.SettingsRecord{Version: 1}, got, "new")
	s.must(t, func(ctx context.Context) error {
		settings, err := s.Settings.Get(ctx, id)
		if err != nil {
			return err
		}
		return settings.Mute([]domain.NoticeKind{domain.NoticeWon, domain.NoticeLost})
	})
	got, err = s.Views.Settings(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, app.SettingsRecord{Version: 2, Muted: []domain.NoticeKind{domain.NoticeLost, domain.NoticeWon}}, got)
	_, err = s.Views.Settings(t.Context(), newID())
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
}

func leavingTold(t *testing.T, s *subject) {
	leave := func(a *domain.Account) { must(a.Leave(noon)) }
	s.register(t, registration{})
	var want []uuid.UUID
	for range 5 {
		want = append(want, s.register(t, registration{}, leave)) // ids of version 7 rise
	}
	s.register(t, registration{}, leave, func(a *domain.Account) { must(a.Delete(noon)) })
	s.register(t, registration{}, leave, func(a *domain.Account) { must(a.Stay()) })

	ask := func(after uuid.UUID, limit int) []uuid.UUID {
		ids, err := s.Views.Leaving(t.Context(), after, limit)
		require.NoError(t, err)
		return ids
	}
	require.Equal(t, want, ask(uuid.Nil, 100))
	require.Equal(t, want[:2], ask(uuid.Nil, 2))
	require.Equal(t, want[2:4], ask(want[1], 2))
	require.Empty(t, ask(want[4], 2))
	require.Empty(t, ask(uuid.Nil, 0))
	require.Empty(t, ask(uuid.Nil, -1))
}
