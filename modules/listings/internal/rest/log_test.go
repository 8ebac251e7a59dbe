package rest_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
)

func TestLogIsWhatVerifyReads(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{Title: "A chair"})
	const bids = 1200 // more than are read at once
	for i := range bids {
		s.bid(id, uuid.New(), domain.Money{Minor: int64(1000 + 1000*i), Currency: domain.Currency{Code: "USD", Digits: 2}}.Decimal())
	}
	got := s.get("/api/v1/listings/" + id.String() + "/log")
	require.NoError(t, got.broken)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "application/x-ndjson", got.header.Get("Content-Type"))
	require.Regexp(t, `^\{"format":"gavel-log-1","listing":"`+id.String()+`"`, got.body)

	verified, err := publiclog.Verify(strings.NewReader(got.body), nil)
	require.NoError(t, err)
	require.EqualValues(t, bids+2, verified.Events)
	require.Equal(t, id, verified.Header.Listing)

	_, err = publiclog.Verify(strings.NewReader(strings.Replace(got.body, `"amount":"10.00"`, `"amount":"10.01"`, 1)), nil)
	var flaw *domain.Flaw
	require.ErrorAs(t, err, &flaw, "an amount that was edited is found")
}

func TestLogThatBreaksOffIsNotWhole(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	id := s.publish(uuid.New(), domain.Content{})
	for i := range 600 {
		s.bid(id, uuid.New(), domain.Money{Minor: int64(1000 + 1000*i), Currency: domain.Currency{Code: "USD", Digits: 2}}.Decimal())
	}
	s.ledger.failAfter.Store(500)
	got := s.get("/api/v1/listings/" + id.String() + "/log")
	require.Error(t, got.broken, "the client must notice")
	_, err := publiclog.Verify(strings.NewReader(got.body), nil)
	require.Error(t, err)
}

// TestNothingSecretLeaves puts every kind of secret into a listing and looks for it in every byte of every answer.
func TestNothingSecretLeaves(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	seller, moderator := uuid.New(), domain.Actor{ID: uuid.New(), Moderator: true}
	loser, retractor, cancelled, leader := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	key := app.Key("a key that was chosen by a client")
	id := s.publish(seller, domain.Content{Title: "A chair", Reserve: usd("27.65")})
	s.bid(id, retractor, "2.31")
	s.bid(id, cancelled, "4.32")
	s.bid(id, loser, "6.53")
	s.bid(id, leader, "9.87")
	_, err := app.NewPlaceBid(s.market, app.Everyone{}).Do(t.Context(), app.PlaceBidCommand{
		Listing: id, Bidder: leader, Maximum: usd("18.76"), Key: key,
	})
	require.NoError(t, err)
	_, err = app.NewRetractBids(s.market, s.allowances).Do(t.Context(), app.RetractBidsCommand{
		Listing: id, Bidder: retractor, Reason: domain.ReasonWrongAmount,
	})
	require.NoError(t, err)
	_, err = app.NewCancelBids(s.market).Do(t.Context(), app.CancelBidsCommand{
		Listing: id, Bidder: cancelled, By: domain.Actor{ID: seller}, Reason: "a secret reason",
	})
	require.NoError(t, err)
	require.NoError(t, app.NewFreezeListing(s.market).Do(t.Context(), app.FreezeListingCommand{
		Listing: id, By: moderator, Reason: "another secret reason",
	}))

	secrets := map[string]string{
		"the leader's maximum":            "18.76",
		"the leader's earlier maximum":    "9.87",
		"the reserve":                     "27.65",
		"a retracted maximum":             "2.31",
		"a cancelled maximum":             "4.32",
		"the leader":                      leader.String(),
		"the loser":                       loser.String(),
		"who retracted":                   retractor.String(),
		"who was cancelled":               cancelled.String(),
		"the moderator":                   moderator.ID.String(),
		"why bids were cancelled":         "a secret reason",
		"why the listing was frozen":      "another secret reason",
		"a client's key":                  string(key),
		"the secret of the aliases":       secretOf(t, s, id),
		"the leader's id without hyphens": strings.ReplaceAll(leader.String(), "-", ""),
	}
	frozen := everything(s, id)
	for name, secret := range secrets {
		require.NotContains(t, frozen, secret, name)
	}
	bare := regexp.MustCompile(`[0-9a-f-]{36,}`).ReplaceAllString(frozen, "") // ids may have such a part
	require.NotRegexp(t, `\b(1876|987|2765)\b`, bare, "in cents")
	require.Contains(t, frozen, "6.53", "what lost is public")

	require.NoError(t, app.NewUnfreezeListing(s.market).Do(t.Context(), app.UnfreezeListingCommand{
		Listing: id, By: moderator, Reason: "another secret reason",
	}))
	require.NotContains(t, everything(s, id), "18.76")
	guess(t, s, id)

	s.clock.Advance(30 * 24 * time.Hour)
	unwritten := everything(s, id)
	require.NotContains(t, unwritten, "18.76", "as long as the log does not say that the listing is over")
	for _, member := range []uuid.UUID{leader, loser, retractor, cancelled, moderator.ID} {
		require.NotContains(t, unwritten, member.String())
	}
}

// everything returns all that can be read about a listing, headers included.
func everything(s *site, id uuid.UUID) string {
	var b strings.Builder
	path := "/api/v1/listings/" + id.String()
	for _, p := range []string{"/api/v1/listings", path, path + "/bids", path + "/log"} {
		a := s.get(p)
		require.Equal(s.t, http.StatusOK, a.status, p)
		require.NoError(s.t, a.header.Write(&b))
		b.WriteString(a.body)
	}
	return b.String()
}

func secretOf(t *testing.T, s *site, id uuid.UUID) string {
	t.Helper()
	state, err := s.ledger.State(t.Context(), id)
	require.NoError(t, err)
	return hex.EncodeToString(state.Secret[:])
}

// guess tries every amount with everything in the public log that might be a nonce, to open the commitments to the
// leader's maxima and to the reserve.
func guess(t *testing.T, s *site, id uuid.UUID) {
	t.Helper()
	log := s.get("/api/v1/listings/" + id.String() + "/log").body
	closed := map[[32]byte]string{}
	events, err := s.ledger.Events(t.Context(), id, app.EventRange{})
	require.NoError(t, err)
	opened := [32]byte{}
	for _, e := range events {
		switch {
		case e.Terms != nil:
			closed[e.Terms.Reserve] = "the reserve"
		case e.Kind == domain.KindBidPlaced && (e.Sealed.Maximum == 1876 || e.Sealed.Maximum == 987):
			closed[e.Maximum] = "a maximum of the leader's"
		case e.Kind == domain.KindBidPlaced && e.Sealed.Maximum == 653:
			opened = e.Maximum
		}
	}
	require.Len(t, closed, 3)

	guessed := false
	for _, text := range regexp.MustCompile(`[0-9a-f]{64}`).FindAllString(log, -1) {
		nonce, err := hex.DecodeString(text)
		require.NoError(t, err)
		for amount := range uint64(3_000) {
			sum := sha256.Sum256(binary.BigEndian.AppendUint64(nonce[:32:32], amount))
			require.NotContains(t, closed, sum, "%d opens %s", amount, closed[sum])
			guessed = guessed || sum == opened
		}
	}
	require.True(t, guessed, "the guessing works: it opens what is open")
}
