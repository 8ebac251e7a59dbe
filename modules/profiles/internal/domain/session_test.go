package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	const idle, absolute = 24 * time.Hour, 30 * day
	tests := map[string]struct {
		seen time.Duration // the last request after the sign-in
		at   time.Duration
		want bool
	}{
		"at once":                          {0, 0, true},
		"just before a day without use":    {0, idle - tick, true},
		"after a day without use":          {0, idle, false},
		"a day after the last use, nearly": {5 * day, 5*day + idle - tick, true},
		"a day after the last use":         {5 * day, 5*day + idle, false},
		"just before thirty days":          {absolute - time.Hour, absolute - tick, true},
		"after thirty days":                {absolute - time.Hour, absolute, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := member(t, domain.StatusActive)
			s := domain.NewSession(uuid.New(), a, "text", domain.Client{}, noon)
			s.Touch(noon.Add(test.seen))
			require.Equal(t, test.want, s.State().ValidAt(a.SessionEpoch(), noon.Add(test.at)))
			require.False(t, s.State().ValidAt(a.SessionEpoch()+1, noon), "another epoch")
		})
	}
}

func TestARequestIsNotedEveryFiveMinutes(t *testing.T) {
	t.Parallel()
	s := domain.NewSession(uuid.New(), member(t, domain.StatusActive), "text", domain.Client{}, noon)
	s.Settle()
	s.Touch(noon.Add(5*time.Minute - tick))
	_, changed := s.Settle()
	require.False(t, changed)
	s.Touch(noon.Add(5 * time.Minute))
	_, changed = s.Settle()
	require.True(t, changed)
	require.Equal(t, noon.Add(5*time.Minute), s.State().SeenAt)
	require.Equal(t, noon, s.State().CreatedAt, "thirty days count from the sign-in")
}

func TestASessionKeepsOnlyTheHashOfItsText(t *testing.T) {
	t.Parallel()
	s := domain.NewSession(uuid.New(), member(t, domain.StatusActive), "text", domain.Client{Network: "192.0.2.1", UserAgent: "x"}, noon)
	require.True(t, s.State().Hash.Equal(domain.HashOf("text")))
	require.False(t, s.State().Hash.Equal(domain.HashOf("texu")))
}

func TestRenewKeepsASessionThroughTheEndOfAllOthers(t *testing.T) {
	t.Parallel()
	a := member(t, domain.StatusActive)
	kept := domain.NewSession(uuid.New(), a, "kept", domain.Client{}, noon)
	other := domain.NewSession(uuid.New(), a, "other", domain.Client{}, noon)
	require.NoError(t, a.ChangePassword("new", ada, noon))
	kept.Renew(a)
	require.True(t, kept.State().ValidAt(a.SessionEpoch(), noon))
	require.False(t, other.State().ValidAt(a.SessionEpoch(), noon))
}

func TestADeviceIsKnownForHalfAYear(t *testing.T) {
	t.Parallel()
	d := domain.NewDevice(ada, "cookie", noon)
	require.True(t, d.State().KnownAt(noon.Add(180*day-tick)))
	require.False(t, d.State().KnownAt(noon.Add(180*day)))
	d.Touch(noon.Add(day))
	require.True(t, d.State().KnownAt(noon.Add(181*day-tick)))
	require.NotEqual(t, domain.DeviceID(ada, "cookie"), domain.DeviceID(admin, "cookie"), "known to one account is not known to another")
}

func TestAnAPIToken(t *testing.T) {
	t.Parallel()
	good := domain.APITokenState{ID: uuid.New(), Account: ada, Name: "robot", Scopes: []string{"b", "a", "b"}, Epoch: 3}
	tests := map[string]struct {
		change func(*domain.APITokenState)
		want   error
	}{
		"a token":                          {func(*domain.APITokenState) {}, nil},
		"no name":                          {func(s *domain.APITokenState) { s.Name = "" }, domain.ErrInvalidTokenName},
		"a name of two lines":              {func(s *domain.APITokenState) { s.Name = "a\nb" }, domain.ErrInvalidTokenName},
		"no scope":                         {func(s *domain.APITokenState) { s.Scopes = nil }, domain.ErrInvalidScopes},
		"an end in the future":             {func(s *domain.APITokenState) { s.ExpiresAt = noon.Add(tick) }, nil},
		"an end now":                       {func(s *domain.APITokenState) { s.ExpiresAt = noon }, domain.ErrInvalidExpiry},
		"the last end that can be written": {func(s *domain.APITokenState) { s.ExpiresAt = time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC) }, nil},
		"an end after that": {func(s *domain.APITokenState) {
			s.ExpiresAt = time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("west", -3600))
		}, domain.ErrInvalidExpiry},
		"an end less than a tick away": {func(s *domain.APITokenState) { s.ExpiresAt = noon.Add(999) }, domain.ErrInvalidExpiry},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := good
			test.change(&state)
			token, err := domain.NewAPIToken(state, noon)
			if test.want != nil {
				require.ErrorIs(t, err, test.want)
				return
			}
			require.NoError(t, err)
			require.Equal(t, []string{"a", "b"}, token.State().Scopes)
			require.True(t, token.State().ValidAt(3, noon))
			require.False(t, token.State().ValidAt(4, noon))
			if end := token.State().ExpiresAt; !end.IsZero() {
				require.True(t, token.State().ValidAt(3, end.Add(-tick)))
				require.False(t, token.State().ValidAt(3, end))
			}
		})
	}
}
