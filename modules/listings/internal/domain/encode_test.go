package domain_test

import (
	"encoding/hex"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// fullEntry has a value in every field, which is tested.
func fullEntry() domain.Entry {
	hash := func(name string) domain.Hash { return domain.Hash(secret(name)) }
	return domain.Entry{
		Listing:       member("listing"),
		Seq:           7,
		At:            start,
		Kind:          domain.KindBidPlaced,
		Version:       5,
		Currency:      usd,
		Command:       hash("command"),
		Role:          domain.RoleBidder,
		Actor:         domain.Alias(hash("actor")),
		Bidder:        domain.Alias(hash("bidder")),
		Maximum:       hash("maximum"),
		Withdrawn:     []int64{3, 4},
		RetractReason: domain.ReasonWrongAmount,
		Text:          hash("text"),
		Leading:       true,
		Why:           domain.WhyReserveNotMet,
		Terms: &domain.PublishedTerms{
			Ruleset:      domain.Ruleset,
			Seller:       domain.Alias(hash("seller")),
			RelistedFrom: member("old"),
			CreatedAt:    start.Add(-time.Hour),
			Title:        hash("title"),
			Description:  hash("description"),
			Table:        domain.RestoreIncrementTable("house", []domain.IncrementRow{{From: 1, Increment: 5}, {From: 9, Increment: 6}}),
			StartPrice:   1000,
			BuyNow:       5000,
			Reserve:      hash("reserve"),
			StartsAt:     start,
			Duration:     end,
			SoftClose:    domain.SoftClose{Window: time.Minute, Extension: time.Minute, Cap: time.Hour},
		},
		After: domain.After{
			Status:      domain.StatusOpen,
			Price:       1500,
			NextMinimum: 1550,
			Leader:      domain.Alias(hash("leader")),
			ReserveMet:  true,
			EndsAt:      start.Add(end),
			Winner:      domain.Alias(hash("winner")),
			FinalPrice:  1400,
		},
	}
}

func TestChangingAnyFieldChangesTheBytes(t *testing.T) {
	t.Parallel()
	original := domain.EncodeEntry(fullEntry())
	seen := map[string]string{string(original): "nothing"}
	count := 0
	changeEach(t, reflect.TypeFor[domain.Entry](), nil, func(path string, change func(root reflect.Value)) {
		e := fullEntry()
		terms := *e.Terms
		e.Terms = &terms
		change(reflect.ValueOf(&e).Elem())
		encoded := string(domain.EncodeEntry(e))
		require.NotContains(t, seen, encoded, "changing %s gives the bytes of changing %s", path, seen[encoded])
		seen[encoded] = path
		count++
	})
	require.Greater(t, count, 60, "every field was changed")
}

func TestChangingAnyFieldChangesTheStatesBytes(t *testing.T) {
	t.Parallel()
	a := published(t, reserve("30.00"), buyNow("90.00"), softClose(time.Minute, time.Minute, time.Hour))
	a.bids(0, "A", "20.00", "B", "30.00", "C", "40.00")
	require.NoError(t, second(a.cancelBids(seller, "C", time.Minute)))
	require.NoError(t, a.describe("more", time.Hour))
	original := a.state()
	changeEach(t, reflect.TypeFor[domain.State](), nil, func(path string, change func(root reflect.Value)) {
		s := original
		s.Additions = append([]domain.Addition(nil), s.Additions...)
		s.Excluded = append([]uuid.UUID(nil), s.Excluded...)
		change(reflect.ValueOf(&s).Elem())
		require.NotEqual(t, domain.EncodeState(original), domain.EncodeState(s), path)
	})
}

// changeEach calls try for every field below a type with a function that changes just that field of a root value: each
// array at its first and its last byte, each list in its first element and its length.
func changeEach(t *testing.T, of reflect.Type, path []int, try func(path string, change func(root reflect.Value))) {
	t.Helper()
	for i := range of.NumField() {
		field := of.Field(i)
		at := append(append([]int(nil), path...), i)
		kind := field.Type
		if kind.Kind() == reflect.Pointer {
			kind = kind.Elem()
		}
		if kind.Kind() == reflect.Struct && kind != reflect.TypeFor[time.Time]() && kind != reflect.TypeFor[domain.IncrementTable]() {
			changeEach(t, kind, at, func(name string, change func(reflect.Value)) { try(field.Name+"."+name, change) })
			continue
		}
		for variant := range variants(kind) {
			try(field.Name, func(root reflect.Value) { alter(t, follow(root, at), variant) })
		}
	}
}

// follow walks to a field, through pointers.
func follow(v reflect.Value, path []int) reflect.Value {
	for _, i := range path {
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

func variants(of reflect.Type) int {
	switch of.Kind() {
	case reflect.Array, reflect.Slice:
		return 3
	case reflect.Struct: // an instant, a table
		return 3
	case reflect.Int64, reflect.Int:
		return 2
	default:
		return 1
	}
}

func alter(t *testing.T, v reflect.Value, variant int) {
	t.Helper()
	switch value := v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf([]time.Time{value.Add(time.Microsecond), value.Add(time.Hour), {}}[variant]))
		return
	case time.Duration:
		v.SetInt(v.Int() + []int64{1000, 1_000_000}[variant])
		return
	case domain.IncrementTable:
		rows := value.Rows()
		last := rows[len(rows)-1]
		changed := [][]domain.IncrementRow{
			rows[:len(rows)-1],
			append(rows[:len(rows)-1:len(rows)-1], domain.IncrementRow{From: last.From + 1, Increment: last.Increment}),
			append(rows[:len(rows)-1:len(rows)-1], domain.IncrementRow{From: last.From, Increment: last.Increment + 1}),
		}[variant]
		v.Set(reflect.ValueOf(domain.RestoreIncrementTable(value.Name(), changed)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Int64, reflect.Int:
		v.SetInt(v.Int() + []int64{1, -1}[variant])
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Array:
		if variant == 2 {
			v.SetZero()
			v.Index(3).SetUint(1) // differs from whatever is empty
			return
		}
		i := []int{0, v.Len() - 1}[variant]
		v.Index(i).SetUint(v.Index(i).Uint() ^ 1)
	case reflect.Slice:
		alterList(v, variant)
	default:
		require.Fail(t, "no way to change a "+v.Kind().String())
	}
}

func alterList(v reflect.Value, variant int) {
	if v.Len() == 0 {
		v.Set(reflect.MakeSlice(v.Type(), variant+1, variant+1))
		return
	}
	c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	reflect.Copy(c, v)
	switch variant {
	case 0:
		v.Set(c.Slice(0, v.Len()-1))
	case 1:
		v.Set(reflect.Append(c, v.Index(0)))
	default:
		c.Index(0).SetZero()
		v.Set(c)
	}
}

func TestEntriesSurviveTheirCanonicalForm(t *testing.T) {
	t.Parallel()
	for _, e := range []domain.Entry{fullEntry(), {}, {At: time.UnixMicro(-1).UTC(), Seq: -1}, {Terms: &domain.PublishedTerms{}}} {
		got, err := domain.DecodeEntry(domain.EncodeEntry(e))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(e, got))
	}
	rapid.Check(t, func(t *rapid.T) {
		a := randomAuction(t)
		for range rapid.IntRange(0, 10).Draw(t, "steps") {
			_ = randomStep(t, a)
		}
		for _, e := range a.log {
			got, err := domain.DecodeEntry(domain.EncodeEntry(e.Entry))
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(e.Entry, got))
		}
	})
}

// The bytes are a promise: logs that were written once must verify for ever.
func TestTheCanonicalFormStays(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		"01"+ // format
			"10"+hex.EncodeToString(uuidBytes("listing"))+ // listing
			"080000000000000001"+ // seq
			"0800064bf535af1000"+ // at
			"066f70656e6564"+ // kind: opened
			"080000000000000002"+ // version
			"03555344"+"080000000000000002"+ // USD, 2 digits
			"00"+"05636c6f636b"+"00"+"00"+"00"+ // command; role: clock; actor, bidder, maximum
			"00"+"00"+"00"+"00"+ // withdrawn, reason, text, terms
			"0100"+"00"+ // leading, why
			"046f70656e"+ // status: open
			"0800000000000003e8"+"0800000000000003e8"+ // price, next minimum
			"00"+"0101"+"00"+"00"+ // leader; reserve met; end, winner
			"080000000000000000", // final price
		hex.EncodeToString(domain.EncodeEntry(domain.Entry{
			Listing: member("listing"), Seq: 1, At: start, Kind: domain.KindOpened, Version: 2, Currency: usd,
			Role:  domain.RoleClock,
			After: domain.After{Status: domain.StatusOpen, Price: 1000, NextMinimum: 1000, ReserveMet: true},
		})))
}

func uuidBytes(name string) []byte {
	id := member(name)
	return id[:]
}

func TestOtherBytesAreNoEntry(t *testing.T) {
	t.Parallel()
	good := domain.EncodeEntry(fullEntry())
	for n := range len(good) {
		_, err := domain.DecodeEntry(good[:n])
		require.ErrorIs(t, err, domain.ErrMalformedEntry, "cut to %d bytes", n)
	}
	_, err := domain.DecodeEntry(append(good[:len(good):len(good)], 0))
	require.ErrorIs(t, err, domain.ErrMalformedEntry)
	good[0]++
	_, err = domain.DecodeEntry(good)
	require.ErrorIs(t, err, domain.ErrMalformedEntry)
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add(domain.EncodeEntry(fullEntry()))
	f.Add(domain.EncodeEntry(domain.Entry{}))
	f.Add([]byte{})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := domain.DecodeEntry(b)
		if err != nil {
			require.ErrorIs(t, err, domain.ErrMalformedEntry)
			return
		}
		require.Equal(t, b, domain.EncodeEntry(e))
	})
}
