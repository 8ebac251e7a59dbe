package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// payloads are one of each kind, and whether it leaves the help desk.
var payloads = []struct {
	payload domain.Payload
	public  bool
}{
	{domain.Reported{}, true},
	{domain.Imported{}, false},
	{domain.Confirmed{}, true},
	{domain.Triaged{}, false},
	{domain.Picked{}, false},
	{domain.Assigned{}, false},
	{domain.Reassigned{}, false},
	{domain.Returned{}, false},
	{domain.Waiting{}, true},
	{domain.Resumed{}, true},
	{domain.Commented{}, true},
	{domain.Noted{}, false},
	{domain.Involved{}, true},
	{domain.Linked{}, false},
	{domain.Resolved{}, true},
	{domain.Reopened{}, true},
	{domain.Rejected{}, true},
	{domain.Duplicated{}, false},
	{domain.Merged{}, true},
	{domain.Absorbed{}, false},
	{domain.Closed{}, true},
	{domain.ListingFrozen{}, true},
	{domain.ListingCancelled{}, true},
	{domain.Breached{}, false},
}

func TestWhatLeavesTheHelpDesk(t *testing.T) {
	t.Parallel()
	require.Len(t, payloads, len(domain.Kinds()))
	for _, p := range payloads {
		t.Run(string(p.payload.Kind()), func(t *testing.T) {
			t.Parallel()
			require.Contains(t, domain.Kinds(), p.payload.Kind())
			e := domain.Event{Role: domain.RoleStaff, Actor: agent.ID, Payload: p.payload}
			require.Equal(t, p.public, e.Visibility() == domain.VisiblePublic)
			require.Equal(t, !p.public, e.Visibility() == domain.VisibleStaff)
			seen, shown := e.For(domain.AudienceStaff)
			require.True(t, shown)
			require.Equal(t, e, seen)
			for _, a := range []domain.Audience{domain.AudienceReporter, domain.AudienceParticipant, "", "nobody"} {
				seen, shown := e.For(a)
				require.Equal(t, p.public, shown)
				if !p.public {
					require.Zero(t, seen)
				}
			}
		})
	}
}

func TestWhoReportedIsToldToNobodyButStaffAndTheReporter(t *testing.T) {
	t.Parallel()
	for role, hidden := range map[domain.Role]bool{
		domain.RoleReporter: true, domain.RoleParticipant: false, domain.RoleStaff: false,
	} {
		e := domain.Event{Role: role, Actor: ada, Payload: domain.Commented{Text: "Hello."}}
		for audience, sees := range map[domain.Audience]bool{
			domain.AudienceStaff: true, domain.AudienceReporter: true, domain.AudienceParticipant: !hidden, "": !hidden,
		} {
			seen, shown := e.For(audience)
			require.True(t, shown)
			require.Equal(t, sees, seen.Actor == ada, "%s by %s", audience, role)
			require.Equal(t, e.Payload, seen.Payload)
			require.Equal(t, ada, e.Actor, "the event stays as it is")
		}
	}
}

func TestOtherIssuesAreToldToStaffAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ whole, part domain.Payload }{
		{domain.Merged{Into: issueID(2), Text: "Sorry."}, domain.Merged{Text: "Sorry."}},
		{
			domain.Rejected{Reason: domain.RejectedDuplicate, DuplicateOf: issueID(2), Text: "Sorry."},
			domain.Rejected{Reason: domain.RejectedDuplicate, Text: "Sorry."},
		},
	} {
		e := domain.Event{Payload: c.whole}
		for _, audience := range []domain.Audience{domain.AudienceReporter, domain.AudienceParticipant} {
			seen, shown := e.For(audience)
			require.True(t, shown)
			require.Equal(t, c.part, seen.Payload)
		}
		seen, _ := e.For(domain.AudienceStaff)
		require.Equal(t, c.whole, seen.Payload)
	}
}

func TestWhyStaffActedOnAListingIsToldToStaffAlone(t *testing.T) {
	t.Parallel()
	for whole, part := range map[domain.Payload]domain.Payload{
		domain.ListingFrozen{Reason: "Is it stolen?"}:    domain.ListingFrozen{},
		domain.ListingCancelled{Reason: "It is stolen."}: domain.ListingCancelled{},
	} {
		e := domain.Event{Role: domain.RoleStaff, Actor: agent.ID, Payload: whole}
		for _, audience := range []domain.Audience{domain.AudienceReporter, domain.AudienceParticipant, ""} {
			seen, shown := e.For(audience)
			require.True(t, shown)
			require.Equal(t, part, seen.Payload)
		}
		seen, _ := e.For(domain.AudienceStaff)
		require.Equal(t, whole, seen.Payload)
	}
}

func TestWhoBidsIsToldToStaffAlone(t *testing.T) {
	t.Parallel()
	for kind, hidden := range map[domain.SubjectKind]bool{
		domain.SubjectBid: true, domain.SubjectListing: false, domain.SubjectMember: false,
	} {
		s := domain.Subject{Kind: kind, Listing: uuid.UUID{1}, Member: bob}
		require.Equal(t, s, s.For(domain.AudienceStaff))
		for _, audience := range []domain.Audience{domain.AudienceReporter, domain.AudienceParticipant, ""} {
			require.Equal(t, hidden, s.For(audience).Member == uuid.Nil, "%s to %s", kind, audience)
			require.Equal(t, s.Listing, s.For(audience).Listing)
		}
	}
}
