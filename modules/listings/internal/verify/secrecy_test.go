package verify_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/modules/listings/internal/publiclog"
)

// attack is what somebody can try who has nothing but a public log, time, and the ids of all members.
type attack struct {
	file   string
	hashes map[[32]byte]bool
	keys   [][]byte // every 32-byte value in the file, and none
}

var hash32 = regexp.MustCompile(`[0-9a-f]{64}`)

func newAttack(t testing.TB, file string) attack {
	t.Helper()
	a := attack{file: file, hashes: map[[32]byte]bool{}, keys: [][]byte{nil}}
	for _, text := range hash32.FindAllString(file, -1) {
		value, err := hex.DecodeString(text)
		require.NoError(t, err)
		if !a.hashes[[32]byte(value)] {
			a.hashes[[32]byte(value)] = true
			a.keys = append(a.keys, value)
		}
	}
	return a
}

// opens reports whether something is what a hash of the file was made of, alone or with any value of the file as nonce or
// key.
func (a attack) opens(guess []byte) bool {
	for _, key := range a.keys {
		mac := hmac.New(sha256.New, key)
		mac.Write(guess)
		if a.hashes[sha256.Sum256(append(key[:len(key):len(key)], guess...))] || a.hashes[[32]byte(mac.Sum(nil))] ||
			a.hashes[sha256.Sum256(append(guess[:len(guess):len(guess)], key...))] {
			return true
		}
	}
	return false
}

// amounts guesses every amount up to twice the price and returns those that open a hash.
func (a attack) amounts(price int64) []int64 {
	var found []int64
	for minor := int64(1); minor <= 2*price; minor++ {
		if a.finds(minor) {
			found = append(found, minor)
		}
	}
	return found
}

// finds reports whether an amount, in any usual spelling, opens a hash.
func (a attack) finds(minor int64) bool {
	big, little := make([]byte, 8), make([]byte, 8)
	binary.BigEndian.PutUint64(big, uint64(minor))
	binary.LittleEndian.PutUint64(little, uint64(minor))
	return a.opens(big) || a.opens(little) || a.opens([]byte(usd.Money(minor).Decimal())) ||
		a.opens([]byte(strconv.FormatInt(minor, 10)))
}

// names reports whether the file gives a member away: in any usual spelling, or as what a hash was made of.
func (a attack) names(member uuid.UUID) bool {
	plain := strings.ReplaceAll(member.String(), "-", "")
	for _, spelling := range []string{
		member.String(), plain, base64.StdEncoding.EncodeToString(member[:]), base64.RawURLEncoding.EncodeToString(member[:]),
	} {
		if strings.Contains(strings.ToLower(a.file), strings.ToLower(spelling)) {
			return true
		}
	}
	return strings.Contains(a.file, string(member[:])) ||
		a.opens(member[:]) || a.opens([]byte(member.String())) || a.opens([]byte(plain))
}

var usd = domain.Currency{Code: "USD", Digits: 2}

// The amounts that nobody may learn, and those that the losers' bids have made public.
const (
	leadersMaximum = 57_31
	withdrawnMax   = 61_17
	reserve        = 68_43
)

var losers = []int64{20_77, 40_03}

// contest plays an open listing whose leader is below the reserve. One bidder took his bids back.
func contest(t testing.TB) (state domain.State, events []domain.Event) {
	t.Helper()
	p := onMemory()
	id, err := p.Publish(t.Context(), app.CreateDraftCommand{
		Seller: member("seller"),
		Content: domain.Content{
			Title: "A lamp", StartPrice: dollars("10"), Reserve: dollars(usd.Money(reserve).Decimal()), Duration: 48 * time.Hour,
		},
	})
	require.NoError(t, err)
	for _, b := range []struct {
		bidder string
		minor  int64
	}{{"anna", losers[0]}, {"bert", losers[1]}, {"carl", leadersMaximum}, {"dora", withdrawnMax}} {
		require.NoError(t, p.bid(t.Context(), id, b.bidder, usd.Money(b.minor).Decimal()))
	}
	_, err = p.RetractBids.Do(t.Context(), app.RetractBidsCommand{Listing: id, Bidder: member("dora"), Reason: domain.ReasonWrongAmount})
	require.NoError(t, err)
	return p.log(t, id)
}

func TestAnOpenLogGivesNoSecretAway(t *testing.T) {
	t.Parallel()
	state, events := contest(t)
	require.Less(t, int64(reserve), 2*state.Standing.Price, "every secret is among what is guessed")
	file := written(t, publiclog.HeaderOf(state), domain.PublicLog(state, events))
	a := newAttack(t, file)
	require.NoError(t, verifyFile(t, file, nil).Err())
	require.Greater(t, len(a.keys), 20)

	require.Equal(t, losers, a.amounts(state.Standing.Price), "what lost is open, and nothing else can be computed")
	for _, name := range []string{"seller", "anna", "bert", "carl", "dora"} {
		require.False(t, a.names(member(name)), name)
	}
	words := regexp.MustCompile(`[0-9a-f-]{36,}`).ReplaceAllString(file, "") // ids and hashes may end like an amount
	for _, secret := range []int64{leadersMaximum, withdrawnMax, reserve} {
		require.NotContains(t, words, usd.Money(secret).Decimal())
		require.NotContains(t, words, strconv.FormatInt(secret, 10)+`"`)
	}
	for _, e := range events {
		if e.Sealed.Command != uuid.Nil {
			require.False(t, a.names(e.Sealed.Command))
		}
	}
	require.NotContains(t, file, hex.EncodeToString(state.Secret[:]))
}

// TestTheAttackFindsLeaks plants what must not be there, so that the attack is known to work.
func TestTheAttackFindsLeaks(t *testing.T) {
	t.Parallel()
	state, events := contest(t)
	bare := func(minor int64) domain.Hash {
		return sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(minor)))
	}
	keyed := func(key, message []byte) domain.Hash {
		mac := hmac.New(sha256.New, key)
		mac.Write(message)
		return domain.Hash(mac.Sum(nil))
	}
	const leaders = 4 // the leader's bid
	amounts := map[string]struct {
		plant func(all []domain.PublicEvent)
		want  int64
	}{
		"the leader's maximum, opened": {func(all []domain.PublicEvent) {
			sealed := events[leaders]
			all[leaders].Opened.Maximum = &domain.OpenedAmount{
				Amount: 1, Nonce: keyed(state.Secret[:], binary.BigEndian.AppendUint64([]byte("maximum"), uint64(sealed.Seq))),
			}
		}, leadersMaximum},
		"the leader's maximum without a nonce": {func(all []domain.PublicEvent) { all[leaders].Maximum = bare(leadersMaximum) }, leadersMaximum},
		"a withdrawn maximum without a nonce":  {func(all []domain.PublicEvent) { all[5].Maximum = bare(withdrawnMax) }, withdrawnMax},
		"the reserve without a nonce":          {func(all []domain.PublicEvent) { all[0].Terms.Reserve = bare(reserve) }, reserve},
		"the reserve with a public nonce": {func(all []domain.PublicEvent) {
			nonce := all[0].Terms.Title
			all[0].Terms.Reserve = sha256.Sum256(binary.BigEndian.AppendUint64(nonce[:], uint64(reserve)))
		}, reserve},
	}
	for name, c := range amounts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, newAttack(t, planted(t, state, events, c.plant)).finds(c.want))
		})
	}
	members := map[string]func(all []domain.PublicEvent){
		"an alias without a key": func(all []domain.PublicEvent) {
			carl := member("carl")
			all[leaders].Bidder = sha256.Sum256(carl[:])
		},
		"an alias with a public key": func(all []domain.PublicEvent) {
			carl := member("carl")
			all[leaders].Bidder = domain.Alias(keyed(all[0].Hash[:], carl[:]))
		},
		"an id in a text": func(all []domain.PublicEvent) {
			all[0].Opened.Title = &domain.OpenedText{Text: "by " + member("carl").String()}
		},
	}
	for name, plant := range members {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, newAttack(t, planted(t, state, events, plant)).names(member("carl")))
		})
	}
}

// planted returns the public log with a leak.
func planted(t *testing.T, state domain.State, events []domain.Event, plant func([]domain.PublicEvent)) string {
	t.Helper()
	all := domain.PublicLog(state, events)
	for i, e := range all {
		if e.Terms != nil {
			terms := *e.Terms // the log's own
			all[i].Terms = &terms
		}
	}
	plant(all)
	file := written(t, publiclog.HeaderOf(state), all)
	require.NotEqual(t, file, written(t, publiclog.HeaderOf(state), domain.PublicLog(state, events)))
	return file
}
