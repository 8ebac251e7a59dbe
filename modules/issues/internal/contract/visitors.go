package contract

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// visitorCases say what is found by a visitor's address.
var visitorCases = []testCase{
	{"what was confirmed is found by its address, the newest first", visitorsFound},
	{"what is over is found for a while", endedFound},
}

// from stores an issue that a visitor with the address reported and confirmed.
func (s *subject) from(t *testing.T, address string, at time.Time) uuid.UUID {
	t.Helper()
	id := s.unconfirmedFrom(t, address, at)
	s.must(t, id, func(i *domain.Issue) error { return i.Confirm(secret(1), secret(2), at) })
	return id
}

func (s *subject) unconfirmedFrom(t *testing.T, address string, at time.Time) uuid.UUID {
	t.Helper()
	return s.add(t, func() (*domain.Issue, error) {
		return unconfirmed(domain.Report{ID: newID(), Title: "A question"}, address, at)
	})
}

func (s *subject) reportedFrom(t *testing.T, address string, since time.Time, limit int) []uuid.UUID {
	t.Helper()
	found, err := s.Visitors.ReportedFrom(t.Context(), domain.RestoreEmail(address), since, limit)
	require.NoError(t, err)
	return found
}

func visitorsFound(t *testing.T, s *subject) {
	const vera = "vera@example.org"
	require.Empty(t, s.reportedFrom(t, vera, noon, 10))
	second := s.from(t, "Vera@Example.org", noon.Add(microsecond))
	first, third := s.from(t, vera, noon), s.from(t, vera, noon.Add(2*microsecond))
	s.unconfirmedFrom(t, vera, noon)
	other := s.from(t, "vera@example.com", noon)
	s.add(t, plain(newID(), noon))
	all := []uuid.UUID{third, second, first}
	require.Equal(t, all, s.reportedFrom(t, "VERA@example.org", noon, 10))
	for limit := range 3 {
		require.Equal(t, all[:limit], append([]uuid.UUID{}, s.reportedFrom(t, vera, noon, limit)...))
	}
	require.Equal(t, []uuid.UUID{other}, s.reportedFrom(t, "vera@example.com", noon, 10))
	require.Empty(t, s.reportedFrom(t, "", noon, 10), "what members reported has no address")
	require.Empty(t, s.reportedFrom(t, "%", noon, 10))
}

func endedFound(t *testing.T, s *subject) {
	const vera = "vera@example.org"
	id := s.from(t, vera, noon)
	s.must(t, id, func(i *domain.Issue) error { return i.Reject(agent, domain.RejectedNotOurs, "", noon.Add(day)) })
	require.Equal(t, []uuid.UUID{id}, s.reportedFrom(t, vera, noon.Add(day), 10))
	require.Empty(t, s.reportedFrom(t, vera, noon.Add(day+microsecond), 10))
}
