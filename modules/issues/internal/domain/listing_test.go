package domain_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

func freeze(i *domain.Issue, by domain.Actor, reason string) error {
	_, err := i.FreezeListing(by, reason, noon)
	return err
}

func cancel(i *domain.Issue, by domain.Actor, reason string) error {
	_, err := i.CancelListing(by, reason, noon)
	return err
}

func TestStaffActOnTheListingOfAnIssue(t *testing.T) {
	t.Parallel()
	i := inState(t, domain.StateReported, 1)
	before := i.State()
	listing, err := i.FreezeListing(agent, "Is it stolen?", noon.Add(tick))
	require.NoError(t, err)
	require.Equal(t, uuid.UUID{1}, listing)
	e := happened(t, i, domain.KindListingFrozen)[0]
	require.Equal(t, domain.ListingFrozen{Reason: "Is it stolen?"}, e.Payload)
	require.Equal(t, agent.ID, e.Actor)
	require.Equal(t, domain.RoleStaff, e.Role)
	require.Equal(t, noon.Add(tick), e.At)
	require.Equal(t, before.Clocks, i.State().Clocks, "it is no answer to the reporter")

	listing, err = i.CancelListing(other, "It is stolen.", noon.Add(day))
	require.NoError(t, err)
	require.Equal(t, uuid.UUID{1}, listing)
	events := happened(t, i, domain.KindBreached, domain.KindListingCancelled)
	require.Equal(t, domain.ListingCancelled{Reason: "It is stolen."}, events[1].Payload)
}

func TestWhatHasNoListingToActOn(t *testing.T) {
	t.Parallel()
	placed := aboutBob(1).Subject
	bid, accused := placed, placed
	bid.Kind, bid.Bid, accused.Kind = domain.SubjectBid, 3, domain.SubjectMember
	for name, c := range map[string]struct {
		subject domain.Subject
		listing uuid.UUID
	}{
		"a listing":                   {placed, placed.Listing},
		"a bid":                       {bid, placed.Listing},
		"a member beside a listing":   {accused, uuid.Nil},
		"a member":                    {domain.Subject{Kind: domain.SubjectMember, Member: bob}, uuid.Nil},
		"about nothing in particular": {domain.Subject{}, uuid.Nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := aboutBob(1)
			report.Subject = c.subject
			if c.subject.Listing == uuid.Nil {
				report.Evidence = domain.Evidence{}
			}
			i, err := domain.ReportByMember(report, ada, targets, noon)
			require.NoError(t, err)
			i.Settle()
			before := i.State()
			require.Equal(t, c.listing, before.Subject.OnListing())
			for _, act := range []func(*domain.Issue, domain.Actor, string) error{freeze, cancel} {
				if c.listing != uuid.Nil {
					require.NoError(t, act(i, agent, "Is it stolen?"))
					continue
				}
				require.ErrorIs(t, act(i, agent, "Is it stolen?"), domain.ErrNoListing)
				requireUnchanged(t, i, before)
			}
		})
	}
}

func TestTheReasonOfAnActOnAListing(t *testing.T) {
	t.Parallel()
	for _, act := range []func(*domain.Issue, domain.Actor, string) error{freeze, cancel} {
		i := inState(t, domain.StateAssigned, 1)
		before := i.State()
		for _, bad := range []string{"", " \n", "a\x00b", "\xff", strings.Repeat("é", domain.MaxReason+1)} {
			require.ErrorIs(t, act(i, agent, bad), domain.ErrInvalidReason)
			requireUnchanged(t, i, before)
		}
		require.NoError(t, act(i, agent, strings.Repeat("é", domain.MaxReason)))
	}
}
