package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/listings/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func titled(title string) func(*domain.Content) {
	return func(c *domain.Content) { c.Title = title }
}

func TestWhatMayBePublished(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	describedBy := func(text string) func(*domain.Content) {
		return func(c *domain.Content) { c.Description = text }
	}
	none := func(c *domain.Content) { c.StartPrice = domain.Offer{} }
	both := func(changes ...func(*domain.Content)) func(*domain.Content) {
		return func(c *domain.Content) {
			for _, change := range changes {
				change(c)
			}
		}
	}
	tests := map[string]struct {
		change func(*domain.Content)
		want   error
	}{
		"no title":                      {change: titled(""), want: domain.ErrInvalidTitle},
		"a blank title":                 {change: titled(" \u00a0"), want: domain.ErrInvalidTitle},
		"one character":                 {change: titled("x")},
		"120 characters":                {change: titled(strings.Repeat("ü", 120))},
		"121 characters":                {change: titled(strings.Repeat("ü", 121)), want: domain.ErrInvalidTitle},
		"a title of two lines":          {change: titled("a\nb"), want: domain.ErrInvalidTitle},
		"a title with a return":         {change: titled("a\rb"), want: domain.ErrInvalidTitle},
		"no description":                {change: describedBy("")},
		"the longest description":       {change: describedBy(strings.Repeat("ü", 20_000))},
		"a longer one":                  {change: describedBy(strings.Repeat("ü", 20_001)), want: domain.ErrInvalidDescription},
		"a description of two lines":    {change: describedBy("a\r\n\tb")},
		"a description with a bell":     {change: describedBy("a\ab"), want: domain.ErrInvalidDescription},
		"no start price":                {change: none, want: domain.ErrInvalidStartPrice},
		"the lowest start price":        {change: startPrice("0.01")},
		"a reserve equal to the start":  {change: reserve("10.00"), want: domain.ErrInvalidReserve},
		"a reserve a cent above":        {change: reserve("10.01")},
		"buy now a cent below 1.3":      {change: buyNow("12.99"), want: domain.ErrInvalidBuyNow},
		"buy now at 1.3 times":          {change: buyNow("13.00")},
		"1.3 times, not rounded down":   {change: both(startPrice("0.01"), buyNow("0.01")), want: domain.ErrInvalidBuyNow},
		"1.3 times, rounded up":         {change: both(startPrice("0.01"), buyNow("0.02"))},
		"buy now below the reserve":     {change: both(reserve("20.00"), buyNow("19.99")), want: domain.ErrInvalidBuyNow},
		"buy now equal to the reserve":  {change: both(reserve("20.00"), buyNow("20.00"))},
		"starting a microsecond ago":    {change: startingAt(start.Add(-time.Microsecond)), want: domain.ErrInvalidStartsAt},
		"starting now":                  {change: startingAt(start)},
		"starting later":                {change: startingAt(start.Add(90 * day))},
		"an hour less a microsecond":    {change: lasting(time.Hour - time.Microsecond), want: domain.ErrInvalidDuration},
		"an hour":                       {change: lasting(time.Hour)},
		"30 days":                       {change: lasting(30 * day)},
		"30 days and a microsecond":     {change: lasting(30*day + time.Microsecond), want: domain.ErrInvalidDuration},
		"no duration":                   {change: lasting(0), want: domain.ErrInvalidDuration},
		"no window":                     {change: softClose(0, 1000, 1000), want: domain.ErrInvalidSoftClose},
		"a negative window":             {change: softClose(-1000, 1000, 1000), want: domain.ErrInvalidSoftClose},
		"no extension":                  {change: softClose(1000, 0, 1000), want: domain.ErrInvalidSoftClose},
		"the smallest":                  {change: softClose(1000, 1000, 1000)},
		"the largest window and cap":    {change: softClose(day, day, 7*day)},
		"a larger window":               {change: softClose(day+1000, day, 7*day), want: domain.ErrInvalidSoftClose},
		"a larger extension":            {change: softClose(day, day+1000, 7*day), want: domain.ErrInvalidSoftClose},
		"a larger cap":                  {change: softClose(day, day, 7*day+1000), want: domain.ErrInvalidSoftClose},
		"a cap equal to the extension":  {change: softClose(2000, 2000, 2000)},
		"a cap below the extension":     {change: softClose(2000, 2000, 1000), want: domain.ErrInvalidSoftClose},
		"the largest amounts there are": {change: both(startPrice("7000000000000"), reserve("7000000000000.01"), buyNow("10000000000000"))},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := drafted(t, tt.change)
			if tt.want == nil {
				require.NoError(t, a.publish(0))
				auditAll(t, a)
				return
			}
			a.refused(tt.want, func() error { return a.publish(0) })
			f := fault.Of(a.publish(0))
			require.Equal(t, fault.Invalid, f.Kind())
			require.Equal(t, f.Code(), "invalid_"+f.Fields()["field"].(string))
			require.Len(t, f.Fields()["errors"], 1)
		})
	}
}

func TestPublicationNamesEveryBadFieldAtOnce(t *testing.T) {
	t.Parallel()
	a := drafted(t, titled(""), reserve("1.00"), buyNow("1.00"), lasting(time.Minute), softClose(1, 1, 1),
		startingAt(start.Add(-time.Hour)))
	err := a.publish(0)
	require.ErrorIs(t, err, domain.ErrInvalidTitle)
	var fields []string
	for _, e := range fault.Of(err).Fields()["errors"].([]map[string]string) {
		require.Equal(t, "invalid_"+e["field"], e["code"])
		require.NotEmpty(t, e["detail"])
		fields = append(fields, e["field"])
	}
	// A soft close of nanoseconds is off: instants are microseconds.
	require.Equal(t, []string{"title", "reserve", "buy_now", "starts_at", "duration"}, fields)
}

func TestPublish(t *testing.T) {
	t.Parallel()

	t.Run("is the owner's, once", func(t *testing.T) {
		t.Parallel()
		a := drafted(t)
		a.refused(domain.ErrListingNotFound, func() error { return a.listing.Publish(a.by("A"), secret("x"), start) })
		a.refused(domain.ErrListingNotFound, func() error { return a.listing.Publish(a.by(moderator), secret("x"), start) })
		require.NoError(t, a.publish(0))
		a.refused(domain.ErrAlreadyPublished, func() error { return a.publish(0) })
		a.refused(domain.ErrNotOwner, func() error { return a.listing.Publish(a.by("A"), secret("x"), start) })
	})

	t.Run("starts when it is published, and opens at once", func(t *testing.T) {
		t.Parallel()
		a := drafted(t)
		require.NoError(t, a.publish(time.Hour))
		s := a.state()
		require.Equal(t, []domain.EventKind{domain.KindPublished, domain.KindOpened}, a.kinds())
		require.Equal(t, start.Add(time.Hour), s.Terms.StartsAt)
		require.Equal(t, start.Add(time.Hour+end), s.EndsAt)
		require.Equal(t, domain.StatusOpen, s.Status)
		require.NotEqual(t, uuid.Nil, a.log[0].Sealed.Command)
		require.Equal(t, uuid.Nil, a.log[1].Sealed.Command, "a command id stands in one event")
	})

	t.Run("later it is scheduled", func(t *testing.T) {
		t.Parallel()
		a := published(t, startingAt(start.Add(time.Microsecond)))
		require.Equal(t, []domain.EventKind{domain.KindPublished}, a.kinds())
		require.Equal(t, domain.StatusScheduled, a.state().Status)
	})

	t.Run("needs a secret", func(t *testing.T) {
		t.Parallel()
		a := drafted(t)
		err := a.listing.Publish(a.by(seller), domain.Secret{}, start)
		require.Equal(t, fault.Internal, fault.KindOf(err))
		require.Equal(t, domain.StatusDraft, a.state().Status)
	})

	t.Run("with every outcome-deciding term in the log", func(t *testing.T) {
		t.Parallel()
		a := published(t, reserve("20.00"), buyNow("50.00"), softClose(time.Minute, time.Minute, time.Hour))
		terms := a.log[0].Terms
		require.Equal(t, domain.Ruleset, terms.Ruleset)
		require.Equal(t, domain.DefaultTable, terms.Table.Name())
		require.Len(t, terms.Table.Rows(), 10)
		require.EqualValues(t, 1000, terms.StartPrice)
		require.EqualValues(t, 5000, terms.BuyNow)
		require.Equal(t, start, terms.StartsAt)
		require.Equal(t, end, terms.Duration)
		require.Equal(t, time.Minute, terms.SoftClose.Window)
		require.False(t, terms.Reserve.IsZero())
		require.False(t, terms.Title.IsZero())
		require.False(t, terms.Description.IsZero())
		require.Equal(t, a.state().Secret.AliasOf(member(seller)), terms.Seller)
		auditAll(t, a)
	})
}
