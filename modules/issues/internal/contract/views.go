package contract

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
	"github.com/gavelhq/gavel/platform/platformtest/valuetest"
)

// viewCases say how issues are shown and listed.
var viewCases = []testCase{
	{"a desk asked at random, 1", func(t *testing.T, s *subject) { deskAskedAtRandom(t, s, 1) }},
	{"a desk asked at random, 2", func(t *testing.T, s *subject) { deskAskedAtRandom(t, s, 2) }},
	{"a desk asked at random, 3", func(t *testing.T, s *subject) { deskAskedAtRandom(t, s, 3) }},
	{"the queue goes by priority, then by age", queueInOrder},
	{"what was resolved is closed from its instant on", closedAtItsInstant},
	{"words are found by how they begin, without case and accents", wordsFound},
	{"comments and notes are not searched", commentsNotSearched},
	{"every audience has its timeline", timelines},
	{"what a member must not know of is found", concealed},
	{"a cursor belongs to its list and order", cursorsChecked},
	{"what readers do to an answer changes nothing", readersOwnCopy},
}

// checker is a test, or one of many of a property.
type checker interface {
	require.TestingT
	Context() context.Context
}

// all returns all pages of a list.
func (s *subject) all(t checker, f app.Filter, viewer domain.Actor, now time.Time, limit int) []app.IssueSummary {
	all := []app.IssueSummary{}
	request := page.Request{Limit: limit}
	for {
		p, err := s.Views.Issues(t.Context(), f, viewer, now, request)
		require.NoError(t, err)
		all = append(all, p.Items...)
		if p.Next == "" {
			require.LessOrEqual(t, len(p.Items), limit)
			return all
		}
		require.Len(t, p.Items, limit)
		require.Equal(t, f.Order().Cursor(all[len(all)-1]), p.Next, "all stores make the same cursors")
		request.Cursor = p.Next
	}
}

// found returns the ids that a list shows a day after noon.
func (s *subject) found(t *testing.T, f app.Filter, viewer domain.Actor) []uuid.UUID {
	t.Helper()
	ids := []uuid.UUID{}
	for _, i := range s.all(t, f, viewer, noon.Add(day), 100) {
		ids = append(ids, i.ID)
	}
	return ids
}

// deskSize is how many issues a random desk has.
const deskSize = 40

// vocabulary is what random reports say, and random searches ask for.
var vocabulary = []string{"box", "Boxes", "empty", "emptied", "late", "LATER", "lamp"}

// randomDesk stores issues of all kinds. Few different instants make equal keys common; ids are random, so that their order
// is not that of the reports.
func (s *subject) randomDesk(t *testing.T, seed uint64) {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	word := func() string { return vocabulary[random.IntN(len(vocabulary))] }
	instant := func() time.Time { return noon.Add(time.Duration(random.IntN(4)) * microsecond) }
	for n := range deskSize {
		var id uuid.UUID
		binary.BigEndian.PutUint64(id[:8], random.Uint64())
		binary.BigEndian.PutUint64(id[8:], random.Uint64())
		report, at := domain.Report{ID: id, Title: word() + " " + word(), Text: word()}, instant()
		if random.IntN(2) == 0 {
			about := aboutBob(id)
			report.Subject, report.Evidence = about.Subject, about.Evidence
		}
		switch random.IntN(6) {
		case 0:
			s.add(t, func() (*domain.Issue, error) {
				return unconfirmed(report, "vera@example.org", at)
			})
		case 1:
			s.add(t, func() (*domain.Issue, error) {
				f := domain.Foreign{Origin: domain.Origin{Repository: "r", Number: int64(n + 1)}, Title: report.Title, Text: word(), ReportedAt: at}
				if random.IntN(2) == 0 {
					f.ClosedAt = at
				}
				return domain.Import(f, at)
			})
		default:
			reporter := []uuid.UUID{ada, bob, cleo, agent.ID}[random.IntN(4)]
			s.add(t, func() (*domain.Issue, error) { return domain.ReportByMember(report, reporter, targets, at) })
		}
	}
	for range 6 * deskSize {
		a, b := s.order[random.IntN(deskSize)], s.order[random.IntN(deskSize)]
		// Many are refused, which is as good.
		_ = s.change(t, s.randomCommand(random, noon.Add(time.Duration(random.IntN(10))*day)), a, b)
	}
}

// randomCommand draws one, for the first of two issues.
func (s *subject) randomCommand(random *rand.Rand, at time.Time) func([]*domain.Issue) error {
	by := []domain.Actor{agent, lead, accused}[random.IntN(3)]
	category := domain.Categories[random.IntN(3)]
	priority := domain.Priorities[random.IntN(4)]
	assignee := []uuid.UUID{agent.ID, lead.ID, bob}[random.IntN(3)]
	n := random.IntN(14)
	return func(i []*domain.Issue) error {
		switch n {
		case 0:
			return i[0].Confirm(secret(1), secret(2), at)
		case 1, 2, 3:
			return i[0].Triage(by, category, priority, targets, at)
		case 4, 5:
			return i[0].Assign(lead, assignee, at)
		case 6:
			return i[0].Reassign(lead, assignee, at)
		case 7:
			return i[0].Wait(lead, domain.AwaitedReporter, "When?", at)
		case 8:
			return i[0].Comment(domain.Actor{ID: i[0].State().Reporter.Member}, "Yesterday.", at)
		case 9:
			return i[0].Involve(agent, cleo, at)
		case 10, 11:
			return i[0].Resolve(lead, domain.ResolutionFixed, "Done.", at)
		case 12:
			return i[0].Reject(by, domain.RejectedSpam, "", at)
		default:
			return i[0].Merge(by, i[1], "", at)
		}
	}
}

// deskAskedAtRandom compares what views list, page by page, with what they should list.
func deskAskedAtRandom(t *testing.T, s *subject, seed uint64) {
	s.randomDesk(t, seed)
	s.requireKept(t)
	viewers := []domain.Actor{agent, lead, accused, {ID: ada}, {ID: bob}, {ID: cleo}, {ID: person(99)}, {}}
	rapid.Check(t, func(r *rapid.T) {
		viewer := rapid.SampledFrom(viewers).Draw(r, "viewer")
		filter := anyFilter(r).For(viewer)
		now := noon.Add(time.Duration(rapid.IntRange(0, 20).Draw(r, "days")) * day)
		want := s.expected(filter, viewer, now)
		got := s.all(r, filter, viewer, now, rapid.IntRange(1, deskSize+1).Draw(r, "limit"))
		valuetest.RequireSame(r, want, got, "issues")
		counts, err := s.Views.Categories(r.Context(), filter, viewer, now)
		require.NoError(r, err)
		valuetest.RequireSame(r, counted(want), counts, "counts")
	})
}

func anyFilter(r *rapid.T) (f app.Filter) {
	sometimes := func(what string) bool { return rapid.IntRange(0, 3).Draw(r, what) == 0 }
	f.Sort = rapid.SampledFrom([]app.Sort{"", app.SortNewest, app.SortOldest, app.SortQueue}).Draw(r, "sort")
	if sometimes("by state") {
		f.States = rapid.SliceOfN(rapid.SampledFrom(domain.States()), 1, 4).Draw(r, "states")
	}
	if sometimes("by category") {
		f.Category = rapid.SampledFrom(domain.Categories[:4]).Draw(r, "category")
	}
	f.Untriaged = sometimes("untriaged")
	if sometimes("by assignee") {
		f.Assignee = rapid.SampledFrom([]uuid.UUID{agent.ID, lead.ID, bob, ada}).Draw(r, "assignee")
	}
	f.Unassigned = sometimes("unassigned")
	if sometimes("by reporter") {
		f.Reporter = rapid.SampledFrom([]uuid.UUID{ada, bob, cleo, agent.ID, person(99)}).Draw(r, "reporter")
	}
	if sometimes("by words") {
		f.Words = rapid.SampledFrom(append(vocabulary, "bo", "e", "lat box", "LAMP lamp", "nothing")).Draw(r, "words")
	}
	return f
}

func queueInOrder(t *testing.T, s *subject) {
	var want []uuid.UUID
	for n, priority := range []domain.Priority{
		domain.PriorityUrgent, domain.PriorityHigh, domain.PriorityHigh, domain.PriorityNormal, domain.PriorityLow,
	} {
		id := s.add(t, plain(newID(), noon.Add(time.Duration([]int{3, 1, 2, 0, 0}[n])*microsecond)))
		s.must(t, id, func(i *domain.Issue) error {
			return i.Triage(agent, domain.CategoryOther, priority, targets, noon.Add(day))
		})
		want = append(want, id)
	}
	untriaged, mine := s.add(t, plain(newID(), noon)), s.picked(t, noon)
	require.Equal(t, want, s.found(t, app.Queue(), lead))
	require.Equal(t, []uuid.UUID{want[0], want[1], want[2], want[3], untriaged, want[4]}, s.found(t, app.Unassigned(), lead))
	require.Equal(t, []uuid.UUID{mine}, s.found(t, app.Mine(agent.ID), agent))
	require.Empty(t, s.found(t, app.Mine(lead.ID), lead))
}

func closedAtItsInstant(t *testing.T, s *subject) {
	id := s.resolved(t, noon)
	end := noon.Add(domain.CloseAfter)
	in := func(state domain.State, now time.Time) int {
		return len(s.all(t, app.Filter{States: []domain.State{state}}, agent, now, 10))
	}
	require.Equal(t, 1, in(domain.StateResolved, end.Add(-microsecond)))
	require.Equal(t, 0, in(domain.StateClosed, end.Add(-microsecond)))
	require.Equal(t, 0, in(domain.StateResolved, end))
	require.Equal(t, 1, in(domain.StateClosed, end))
	summary := s.all(t, app.Filter{}, agent, end, 10)[0]
	require.Equal(t, end, summary.EndedAt)
	s.must(t, id, func(i *domain.Issue) error { return i.Close(end.Add(day)) })
	require.Equal(t, summary, s.all(t, app.Filter{}, agent, end, 10)[0], "the job changes nothing that is seen")
}

func wordsFound(t *testing.T, s *subject) {
	id := s.add(t, func() (*domain.Issue, error) {
		return domain.ReportByMember(domain.Report{
			ID: newID(), Title: "Änderung am Gebot №7", Text: "The lamp's 100% broken; 日本語.",
		}, ada, targets, noon)
	})
	for words, found := range map[string]bool{
		"änd": true, "AND": true, "anderung gebot": true, "derung": false, "lamp": true, "lamps": false, "s": true,
		"100": true, "100%": true, "10 bro": true, "brokens": false, "日本": true, "本": false, "%": true, "": true, " ": true,
		"_": true, "lam lam": true, "gebot lost": false,
	} {
		want := []uuid.UUID{}
		if found {
			want = append(want, id)
		}
		require.Equal(t, want, s.found(t, app.Filter{Words: words}, agent), "%q", words)
	}
}

func commentsNotSearched(t *testing.T, s *subject) {
	id := s.add(t, plain(newID(), noon))
	s.must(t, id, func(i *domain.Issue) error { return i.Comment(agent, "Zebra", noon) })
	s.must(t, id, func(i *domain.Issue) error { return i.Note(agent, "Giraffe", noon) })
	require.Empty(t, s.found(t, app.Filter{Words: "zebra"}, agent))
	require.Empty(t, s.found(t, app.Filter{Words: "giraffe"}, agent))
	require.Len(t, s.found(t, app.Filter{Words: "question"}, agent), 1)
}

func timelines(t *testing.T, s *subject) {
	s.lives(t)
	for _, audience := range []domain.Audience{domain.AudienceStaff, domain.AudienceReporter, domain.AudienceParticipant} {
		for _, id := range s.order {
			want := []domain.Event{}
			for _, e := range s.kept[id].timeline {
				if seen, may := e.For(audience); may {
					want = append(want, seen)
				}
			}
			for limit := 1; limit <= len(want)+1; limit++ {
				valuetest.RequireSame(t, want, s.timeline(t, id, audience, limit), fmt.Sprintf("%s, %d at once", audience, limit))
			}
		}
	}
}

func cursorsChecked(t *testing.T, s *subject) {
	orders := []app.Sort{app.SortNewest, app.SortOldest, app.SortQueue}
	some := app.IssueSummary{ID: newID(), ReportedAt: noon, Priority: domain.PriorityHigh}
	for _, order := range orders {
		for _, other := range orders {
			_, err := s.Views.Issues(t.Context(), app.Filter{Sort: order}, agent, noon, page.Request{Cursor: other.Cursor(some)})
			if order == other {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, page.ErrInvalidCursor, "a cursor of %s for %s", other, order)
			}
		}
		for _, wrong := range []page.Cursor{"x", app.TimelineCursor(1), page.Encode("issues/"+string(order), "text")} {
			_, err := s.Views.Issues(t.Context(), app.Filter{Sort: order}, agent, noon, page.Request{Cursor: wrong})
			require.ErrorIs(t, err, page.ErrInvalidCursor)
		}
		_, err := s.Views.Timeline(t.Context(), newID(), domain.AudienceStaff, page.Request{Cursor: order.Cursor(some)})
		require.ErrorIs(t, err, page.ErrInvalidCursor)
	}
	_, err := s.Views.Timeline(t.Context(), newID(), domain.AudienceStaff, page.Request{Cursor: "x"})
	require.ErrorIs(t, err, page.ErrInvalidCursor)
}

func readersOwnCopy(t *testing.T, s *subject) {
	s.lives(t)
	for _, id := range s.order {
		head, err := s.Views.Head(t.Context(), id)
		require.NoError(t, err)
		for _, list := range [][]uuid.UUID{head.Participants, head.Links} {
			for i := range list {
				list[i] = uuid.Nil
			}
		}
		for i := range head.Reporter.Follow {
			head.Reporter.Follow[i] = domain.Hash{}
		}
		p, err := s.Views.Timeline(t.Context(), id, domain.AudienceStaff, page.Request{})
		require.NoError(t, err)
		clear(p.Items)
	}
	s.requireKept(t)
}

func concealed(t *testing.T, s *subject) {
	s.lives(t)
	for _, member := range []uuid.UUID{ada, bob, agent.ID, lead.ID, newID(), uuid.Nil} {
		want := map[uuid.UUID]bool{}
		for _, id := range s.order {
			if member != uuid.Nil && s.kept[id].state.MustNotKnow() == member {
				want[id] = true
			}
		}
		found, err := s.Views.Concealed(t.Context(), member, append([]uuid.UUID{newID()}, s.order...))
		require.NoError(t, err)
		got := map[uuid.UUID]bool{}
		for _, id := range found {
			got[id] = true
		}
		require.Equal(t, want, got)
		found, err = s.Views.Concealed(t.Context(), member, nil)
		require.NoError(t, err)
		require.Empty(t, found)
		for id := range want {
			found, err = s.Views.Concealed(t.Context(), member, []uuid.UUID{id})
			require.NoError(t, err)
			require.Equal(t, []uuid.UUID{id}, found)
		}
	}
}
