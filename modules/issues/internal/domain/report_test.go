package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/fault"
)

func TestAMemberReports(t *testing.T) {
	t.Parallel()
	i, err := domain.ReportByMember(aboutBob(1), ada, targets, noon.Add(999*time.Nanosecond))
	require.NoError(t, err)
	events := happened(t, i, domain.KindReported)
	require.Equal(t, domain.Event{
		Issue: issueID(1), Seq: 1, At: noon, Role: domain.RoleReporter, Actor: ada, State: domain.StateReported,
		Payload: domain.Reported{Text: "The box was empty.", Evidence: domain.Evidence{Extract: "the log"}},
	}, events[0])
	require.Equal(t, domain.IssueState{
		ID: issueID(1), Version: 1, State: domain.StateReported, Title: "Not as described", Priority: domain.PriorityNormal,
		Reporter: domain.Reporter{Member: ada}, Subject: aboutBob(1).Subject, ReportedAt: noon,
		Clocks: domain.Clocks{
			Target: targets.For(domain.PriorityNormal), RunningSince: noon, FirstResponseDue: noon.Add(day), ResolutionDue: noon.Add(7 * day),
		},
		Seq: 1, LastAt: noon,
	}, i.State())
	require.Equal(t, noon.Add(day), i.State().Due())
}

func TestAVisitorConfirmsHisAddress(t *testing.T) {
	t.Parallel()
	end := noon.Add(domain.ConfirmLifetime)
	require.Equal(t, noon.Add(24*time.Hour), end)

	t.Run("before that no clock runs", func(t *testing.T) {
		t.Parallel()
		s := unconfirmed(t, 1).State()
		require.Equal(t, "vera@example.org", s.Reporter.Email)
		require.Equal(t, []domain.Hash{secret(1).Hash()}, s.Reporter.Confirmations, "only the hash is kept")
		require.Zero(t, s.Due())
		require.Zero(t, s.ReportedAt)
	})

	t.Run("and follows the issue by another token", func(t *testing.T) {
		t.Parallel()
		i := unconfirmed(t, 1)
		at := noon.Add(time.Hour)
		require.NoError(t, i.Confirm(secret(1), secret(2), at))
		events := happened(t, i, domain.KindConfirmed)
		require.Equal(t, at, events[0].At)
		s := i.State()
		require.Equal(t, at, s.ReportedAt)
		require.Equal(t, at.Add(day), s.Clocks.FirstResponseDue, "nobody could answer before")
		require.Equal(t, domain.Reporter{
			Email: "vera@example.org", Confirmations: []domain.Hash{secret(1).Hash()}, Follow: []domain.Hash{secret(2).Hash()},
		}, s.Reporter)
		_, err := i.Follower(secret(1))
		require.ErrorIs(t, err, domain.ErrIssueNotFound)
		_, err = i.Follower(secret(2))
		require.NoError(t, err)
	})

	for name, c := range map[string]struct {
		token domain.Secret
		at    time.Time
		want  error
	}{
		"in time":                        {secret(1), end.Add(-tick), nil},
		"too late":                       {secret(1), end, domain.ErrInvalidConfirmation},
		"by another token":               {secret(2), noon, domain.ErrInvalidConfirmation},
		"by the token that says nothing": {domain.Secret{}, noon, domain.ErrInvalidConfirmation},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := unconfirmed(t, 1)
			before := i.State()
			err := i.Confirm(c.token, secret(3), c.at)
			require.ErrorIs(t, err, c.want)
			if err != nil {
				requireUnchanged(t, i, before)
			}
		})
	}

	t.Run("once", func(t *testing.T) {
		t.Parallel()
		i := visited(t, 1)
		before := i.State()
		for _, at := range []time.Time{noon, end, end.AddDate(1, 0, 0)} {
			require.ErrorIs(t, i.Confirm(secret(1), secret(3), at), domain.ErrAlreadyConfirmed, "and told so kindly")
			require.ErrorIs(t, i.Confirm(secret(2), secret(3), at), domain.ErrInvalidConfirmation, "a link that follows is none")
			require.ErrorIs(t, i.Confirm(secret(9), secret(3), at), domain.ErrInvalidConfirmation)
		}
		requireUnchanged(t, i, before)
	})

	t.Run("by any of the newest links", func(t *testing.T) {
		t.Parallel()
		i := unconfirmed(t, 1)
		for n := range byte(domain.MaxConfirmTokens) {
			for range 2 {
				require.NoError(t, i.SendConfirmation(secret(2+n), end.Add(-tick)))
			}
		}
		happened(t, i) // changed, without an event
		require.Len(t, i.State().Reporter.Confirmations, domain.MaxConfirmTokens)
		require.ErrorIs(t, i.Confirm(secret(1), secret(9), noon), domain.ErrInvalidConfirmation, "too many came after it")
		before := i.State()
		require.NoError(t, i.SendConfirmation(secret(2), noon))
		require.ErrorIs(t, i.SendConfirmation(secret(99), end), domain.ErrIssueNotFound, "there is no time left")
		requireUnchanged(t, i, before)
		require.NoError(t, i.Confirm(secret(2), secret(9), noon))
		require.ErrorIs(t, i.Confirm(secret(3), secret(10), noon), domain.ErrAlreadyConfirmed, "by any of them")
		require.ErrorIs(t, i.SendConfirmation(secret(99), noon), domain.ErrIssueNotFound)
	})

	t.Run("or the issue may be removed", func(t *testing.T) {
		t.Parallel()
		require.False(t, unconfirmed(t, 1).Expired(end.Add(-tick)))
		require.True(t, unconfirmed(t, 1).Expired(end))
		require.False(t, visited(t, 1).Expired(end))
		require.False(t, reported(t, 1).Expired(end))
	})
}

func TestLinksToAVisitor(t *testing.T) {
	t.Parallel()
	i := visited(t, 1)
	for n := range byte(domain.MaxFollowTokens) {
		_, err := i.Follower(secret(2 + n))
		require.NoError(t, err)
		_, err = i.Follower(secret(2))
		require.NoError(t, err, "the first is good until there are too many")
		for range 2 { // the same one again is no other one
			require.NoError(t, i.SendLink(secret(3+n)))
		}
	}
	require.Len(t, i.State().Reporter.Follow, domain.MaxFollowTokens)
	_, err := i.Follower(secret(2))
	require.ErrorIs(t, err, domain.ErrIssueNotFound)
	_, err = i.Follower(secret(3))
	require.NoError(t, err)
	happened(t, i) // changed, without an event

	before := i.State()
	require.NoError(t, i.SendLink(secret(4)))
	requireUnchanged(t, i, before)

	for name, i := range map[string]*domain.Issue{"unconfirmed": unconfirmed(t, 2), "a member's": reported(t, 3)} {
		before := i.State()
		require.ErrorIs(t, i.SendLink(secret(9)), domain.ErrIssueNotFound, name)
		requireUnchanged(t, i, before)
	}
}

func TestWhatAReportNeeds(t *testing.T) {
	t.Parallel()
	long := func(n int) string { return strings.Repeat("ä", n) } // two bytes each
	listing, hash := uuid.UUID{1}, domain.Hash{9}
	at := func(seq int64) domain.Position { return domain.Position{Seq: seq, Hash: hash} }
	log := domain.Evidence{Extract: "the log"}
	about := func(s domain.Subject, e domain.Evidence) func(*domain.Report) {
		return func(r *domain.Report) { r.Subject, r.Evidence = s, e }
	}
	bid := func(seq int64) func(*domain.Report) {
		return about(domain.Subject{Kind: domain.SubjectBid, Listing: listing, Bid: seq, Member: bob, Position: at(7)}, log)
	}
	title := func(s string) func(*domain.Report) { return func(r *domain.Report) { r.Title = s } }
	text := func(s string) func(*domain.Report) { return func(r *domain.Report) { r.Text = s } }
	for name, c := range map[string]struct {
		change func(*domain.Report)
		want   error
	}{
		"no title":                          {title(""), domain.ErrInvalidTitle},
		"a blank title":                     {title(" \u00a0"), domain.ErrInvalidTitle},
		"a title of one character":          {title("x"), nil},
		"a title with blanks at its edges":  {title(" x "), nil},
		"the longest title":                 {title(long(domain.MaxTitle)), nil},
		"a title that is too long":          {title(long(domain.MaxTitle + 1)), domain.ErrInvalidTitle},
		"a title of two lines":              {title("a\nb"), domain.ErrInvalidTitle},
		"a title that turns":                {title("a\u202eb"), domain.ErrInvalidTitle},
		"a title that is not UTF-8":         {title("a\xff"), domain.ErrInvalidTitle},
		"no text":                           {text(""), nil},
		"the longest text":                  {text(long(domain.MaxText)), nil},
		"a text that is too long":           {text(long(domain.MaxText + 1)), domain.ErrInvalidText},
		"a text of two lines":               {text("a\n\tb"), nil},
		"a text with a control character":   {text("a\x00b"), domain.ErrInvalidText},
		"a text that is not UTF-8":          {text("a\xff"), domain.ErrInvalidText},
		"nothing in particular":             {about(domain.Subject{}, domain.Evidence{}), nil},
		"evidence about nothing":            {about(domain.Subject{}, log), domain.ErrInvalidEvidence},
		"nothing, by a member":              {about(domain.Subject{Member: bob}, domain.Evidence{}), domain.ErrInvalidSubject},
		"an unknown kind":                   {about(domain.Subject{Kind: "house"}, domain.Evidence{}), domain.ErrInvalidSubject},
		"a listing without a position":      {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob}, log), domain.ErrInvalidSubject},
		"a listing without a hash":          {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob, Position: domain.Position{Seq: 1}}, log), domain.ErrInvalidSubject},
		"a listing at position 1":           {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob, Position: at(1)}, log), nil},
		"a listing at position 0":           {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob, Position: at(0)}, log), domain.ErrInvalidSubject},
		"a listing without a seller":        {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Position: at(1)}, log), domain.ErrInvalidSubject},
		"a listing with a bid":              {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob, Bid: 1, Position: at(1)}, log), domain.ErrInvalidSubject},
		"a listing without evidence":        {about(domain.Subject{Kind: domain.SubjectListing, Listing: listing, Member: bob, Position: at(1)}, domain.Evidence{}), domain.ErrInvalidEvidence},
		"the longest evidence":              {func(r *domain.Report) { r.Evidence.Extract = strings.Repeat("x", domain.MaxExtract) }, nil},
		"evidence that is too long":         {func(r *domain.Report) { r.Evidence.Extract = strings.Repeat("x", domain.MaxExtract+1) }, domain.ErrInvalidEvidence},
		"the first bid":                     {bid(1), nil},
		"the last bid":                      {bid(7), nil},
		"a bid of no number":                {bid(0), domain.ErrInvalidSubject},
		"a bid after the position":          {bid(8), domain.ErrInvalidSubject},
		"a member":                          {about(domain.Subject{Kind: domain.SubjectMember, Member: bob}, domain.Evidence{}), nil},
		"nobody":                            {about(domain.Subject{Kind: domain.SubjectMember}, domain.Evidence{}), domain.ErrInvalidSubject},
		"a member on a listing":             {about(domain.Subject{Kind: domain.SubjectMember, Member: bob, Listing: listing, Position: at(1)}, log), nil},
		"a member at a position":            {about(domain.Subject{Kind: domain.SubjectMember, Member: bob, Position: at(1)}, domain.Evidence{}), domain.ErrInvalidSubject},
		"a member on a listing, unplaced":   {about(domain.Subject{Kind: domain.SubjectMember, Member: bob, Listing: listing}, log), domain.ErrInvalidSubject},
		"a member on a listing, unattested": {about(domain.Subject{Kind: domain.SubjectMember, Member: bob, Listing: listing, Position: at(1)}, domain.Evidence{}), domain.ErrInvalidEvidence},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := aboutBob(1)
			c.change(&r)
			i, err := domain.ReportByMember(r, ada, targets, noon)
			require.ErrorIs(t, err, c.want)
			_, visitorErr := domain.ReportByVisitor(r, email(t, "vera@example.org"), targets, noon)
			require.ErrorIs(t, visitorErr, c.want)
			if err == nil {
				require.Equal(t, r.Title, i.State().Title, "as it was written")
			}
		})
	}

	t.Run("all that is wrong is said at once", func(t *testing.T) {
		t.Parallel()
		_, err := domain.ReportByMember(domain.Report{Text: "\x00"}, uuid.Nil, targets, noon)
		require.ErrorIs(t, err, domain.ErrInvalidTitle)
		var codes []string
		for _, e := range fault.Of(err).Fields()["errors"].([]map[string]string) {
			codes = append(codes, e["code"])
		}
		require.Equal(t, []string{"invalid_title", "invalid_text", "invalid_reporter"}, codes)
		_, err = domain.ReportByVisitor(aboutBob(1), domain.Email{}, targets, noon)
		require.ErrorIs(t, err, domain.ErrInvalidEmail)
	})
}
