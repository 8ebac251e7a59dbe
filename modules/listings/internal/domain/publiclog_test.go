package domain_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// openMaxima returns the amounts that a public log opens, by seq.
func openMaxima(log []domain.PublicEvent) map[int64]int64 {
	amounts := map[int64]int64{}
	for _, e := range log {
		if e.Opened.Maximum != nil {
			amounts[e.Seq] = e.Opened.Maximum.Amount
		}
	}
	return amounts
}

func TestWhatThePublicLogOpens(t *testing.T) {
	t.Parallel()
	public := func(a *auction) map[int64]int64 { return openMaxima(domain.PublicLog(a.state(), a.log)) }

	t.Run("of a running listing not the leader's amounts, early ones neither", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "15.00", "B", "30.00")
		require.Equal(t, map[int64]int64{3: 2000}, public(a))
		a.bids(time.Minute, "A", "50.00")
		require.Equal(t, map[int64]int64{4: 1500, 5: 3000}, public(a), "B lost, A leads")
	})

	t.Run("nor withdrawn ones", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00", "C", "40.00")
		require.NoError(t, second(a.retract("C", time.Minute)))
		require.NoError(t, second(a.cancelBids(seller, "B", time.Minute)))
		require.Empty(t, public(a))
		a.bids(time.Hour, "D", "50.00")
		require.Equal(t, map[int64]int64{3: 2000}, public(a))
		require.NoError(t, a.freeze(2*time.Hour))
		require.Equal(t, map[int64]int64{3: 2000}, public(a))
	})

	t.Run("past the end, not yet closed, no more than before", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		require.Empty(t, public(a))
	})

	t.Run("of a sold one everything but the winner's", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00", "C", "40.00")
		require.NoError(t, second(a.retract("C", time.Minute)))
		require.True(t, a.close(end))
		require.Equal(t, map[int64]int64{3: 2000, 5: 4000}, public(a))
	})

	t.Run("of one that was bought, the bids that lost", func(t *testing.T) {
		t.Parallel()
		a := published(t, reserve("90.00"), buyNow("99.00"))
		a.bids(0, "A", "20.00", "B", "30.00")
		require.NoError(t, second(a.buyNow("A", time.Hour)))
		require.Equal(t, map[int64]int64{4: 3000}, public(a))
	})

	t.Run("of an unsold one everything", func(t *testing.T) {
		t.Parallel()
		a := published(t, reserve("90.00"))
		a.bids(0, "A", "20.00", "B", "30.00")
		require.True(t, a.close(end))
		require.Equal(t, map[int64]int64{3: 2000, 4: 3000}, public(a))
	})

	t.Run("of a cancelled one no more than while it ran", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00", "B", "30.00", "C", "40.00")
		require.NoError(t, second(a.retract("C", time.Minute)))
		require.NoError(t, a.cancel(seller, time.Hour))
		require.Equal(t, map[int64]int64{3: 2000}, public(a))
	})

	t.Run("texts, but reasons only when it is over", func(t *testing.T) {
		t.Parallel()
		a := published(t)
		a.bids(0, "A", "20.00")
		require.NoError(t, second(a.cancelBids(seller, "A", time.Minute)))
		require.NoError(t, a.describe("It has a case.", time.Minute))
		log := domain.PublicLog(a.state(), a.log)
		require.Equal(t, "A violin", log[0].Opened.Title.Text)
		require.Equal(t, "Made in Mittenwald.", log[0].Opened.Description.Text)
		require.Nil(t, log[3].Opened.Text)
		require.Equal(t, "It has a case.", log[4].Opened.Text.Text)
		require.True(t, a.close(end))
		require.Equal(t, "bids for fun", domain.PublicLog(a.state(), a.log)[3].Opened.Text.Text)
	})
}

// The attack: whoever has the public log of an open listing tries every amount with everything in the log that could
// be a nonce, and every member id with everything that could be a key.
func TestNoSecretFollowsFromThePublicLogOfAnOpenListing(t *testing.T) {
	t.Parallel()
	a := published(t, reserve("60.00"), buyNow("99.00"))
	a.bids(0, "A", "20.00", "B", "30.00", "C", "40.00", "B", "55.00")
	require.NoError(t, second(a.retract("C", time.Minute)))
	log := domain.PublicLog(a.state(), a.log)

	values := map[domain.Hash]bool{{}: true} // every 32 bytes that the log gives away
	for _, e := range log {
		for _, v := range []domain.Hash{
			e.Hash, e.Command, domain.Hash(e.Actor), domain.Hash(e.Bidder), domain.Hash(e.After.Leader), e.Maximum, e.Text,
		} {
			values[v] = true
		}
		if e.Terms != nil {
			values[e.Terms.Reserve], values[e.Terms.Title], values[e.Terms.Description] = true, true, true
			values[e.Opened.Title.Nonce], values[e.Opened.Description.Nonce] = true, true
		}
		if e.Opened.Maximum != nil {
			values[e.Opened.Maximum.Nonce] = true
		}
	}
	require.Greater(t, len(values), 20)

	found := guessAmounts(values, 10_000)
	require.Equal(t, int64(2000), found[a.log[2].Maximum], "what is open can be found, so the search works")
	require.Len(t, found, 1)
	require.NotContains(t, found, log[0].Terms.Reserve)

	commands := guessMembers(values, []string{seller, "A", "B", "C"})
	for _, e := range log {
		require.NotContains(t, commands, domain.Hash(e.Actor))
		require.NotContains(t, commands, domain.Hash(e.Bidder))
		require.NotContains(t, commands, e.Command)
	}
	text := fmt.Sprintf("%#v", log)
	for _, name := range []string{seller, "A", "B", "C"} {
		id := member(name)
		require.NotContains(t, text, id.String())
		require.NotContains(t, text, fmt.Sprintf("%#v", id))
	}
}

// guessAmounts returns every commitment that some value opens to some amount.
func guessAmounts(values map[domain.Hash]bool, limit int64) map[domain.Hash]int64 {
	found := map[domain.Hash]int64{}
	for nonce := range values {
		for amount := range limit {
			guess := domain.Hash(sha256.Sum256(binary.BigEndian.AppendUint64(nonce[:], uint64(amount))))
			if values[guess] {
				found[guess] = amount
			}
		}
	}
	return found
}

// guessMembers returns everything that could be made of the member ids with the values, and of a command id that a
// client's key was made into.
func guessMembers(values map[domain.Hash]bool, names []string) map[domain.Hash]bool {
	guesses := map[domain.Hash]bool{}
	for _, name := range names {
		for _, id := range []uuid.UUID{member(name), uuid.NewSHA1(member(name), []byte("bid/1"))} {
			guesses[sha256.Sum256(id[:])] = true
			for v := range values {
				guesses[sha256.Sum256(append(v[:], id[:]...))] = true
				m := hmac.New(sha256.New, v[:])
				m.Write(id[:])
				guesses[domain.Hash(m.Sum(nil))] = true
			}
		}
	}
	return guesses
}

// Anybody who is given a nonce can check it, and an alias is keyed with the same secret as the nonces are: as member
// ids are chosen freely, no id may have an alias that is the nonce of a secret. So no nonce is made of 16 bytes.
func TestNoncesAreMadeOfWhatTheyAreForAndTheSeq(t *testing.T) {
	t.Parallel()
	a := published(t, reserve("60.00"))
	a.bids(0, "A", "20.00")
	require.NoError(t, a.describe("It has a case.", time.Minute))
	s := a.state()
	nonce := func(name string, seq uint64) []byte {
		message := binary.BigEndian.AppendUint64([]byte(name), seq)
		require.NotEqual(t, len(uuid.Nil), len(message))
		m := hmac.New(sha256.New, s.Secret[:])
		m.Write(message)
		return m.Sum(nil)
	}
	commit := func(nonce []byte, value []byte) domain.Hash { return sha256.Sum256(append(nonce, value...)) }
	amount := func(minor uint64) []byte { return binary.BigEndian.AppendUint64(nil, minor) }

	publication, bid, described := a.log[0], a.log[2], a.log[3]
	command := bid.Sealed.Command
	require.Equal(t, commit(nonce("reserve", 1), amount(6000)), publication.Terms.Reserve)
	require.Equal(t, commit(nonce("title", 1), []byte("A violin")), publication.Terms.Title)
	require.Equal(t, commit(nonce("description", 1), []byte("Made in Mittenwald.")), publication.Terms.Description)
	require.Equal(t, commit(nonce("maximum", 3), amount(2000)), bid.Maximum)
	require.Equal(t, commit(nonce("command", 3), command[:]), bid.Command)
	require.Equal(t, commit(nonce("text", 4), []byte("It has a case.")), described.Text)

	none := published(t)
	require.False(t, none.log[0].Terms.Reserve.IsZero(), "whether there is a reserve cannot be told")
}

func TestAliases(t *testing.T) {
	t.Parallel()
	one, two := secret("one"), secret("two")
	require.Equal(t, one.AliasOf(member("A")), one.AliasOf(member("A")), "stable within a listing")
	require.NotEqual(t, one.AliasOf(member("A")), one.AliasOf(member("B")))
	require.NotEqual(t, one.AliasOf(member("A")), two.AliasOf(member("A")), "unlinkable between listings")
	require.Len(t, one.AliasOf(member("A")).String(), 16)
	require.Zero(t, one.AliasOf(uuid.Nil))
	require.Empty(t, domain.Alias{}.String())

	m := hmac.New(sha256.New, one[:])
	id := member("A")
	m.Write(id[:])
	require.Equal(t, domain.Alias(m.Sum(nil)), one.AliasOf(id), "HMAC(secret, member id)")
}
