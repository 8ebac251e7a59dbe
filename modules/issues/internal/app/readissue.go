package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/page"
)

// ReadIssue shows one issue to those who may read it.
type ReadIssue struct {
	views Views
	clock clock.Clock
}

// NewReadIssue returns the use case.
func NewReadIssue(views Views, c clock.Clock) *ReadIssue { return &ReadIssue{views: views, clock: c} }

// IssueRecord is one issue as its reader may see it. What is not for him is zero.
type IssueRecord struct {
	IssueSummary
	// Audience is as what he reads it.
	Audience domain.Audience
	// Reporter is the member who reported it, for staff and himself; zero for a visitor. Email is a visitor's address, for
	// the same.
	Reporter uuid.UUID
	Email    string
	// Subject is what it is about; who bids is for staff.
	Subject domain.Subject
	// Origin is where it was imported from.
	Origin domain.Origin
	// Participants were involved; Links, for staff, are linked issues. No other issue is among those below of which the reader
	// must not know, even as staff.
	Participants, Links []uuid.UUID
	// Clocks measure the time that it takes, as last stored; for staff.
	Clocks domain.Clocks
	// Resolution and ResolvedAt are how and when it was resolved, ClosesAt is when it closes.
	Resolution           domain.Resolution
	ResolvedAt, ClosesAt time.Time
	// Rejection is why it was rejected. DuplicateOf and MergedInto are other issues, for staff.
	Rejection               domain.RejectionReason
	DuplicateOf, MergedInto uuid.UUID
}

// Do returns the issue as the asker may see it. Errors: domain.ErrIssueNotFound, also when he may not; what the store
// reports.
func (u *ReadIssue) Do(ctx context.Context, by Asker, id uuid.UUID) (IssueRecord, error) {
	s, audience, err := u.audience(ctx, by, id)
	if err != nil {
		return IssueRecord{}, err
	}
	record := recordOf(s, audience, u.clock.Now())
	if audience != domain.AudienceStaff {
		return record, nil
	}
	return u.withoutConcealed(ctx, by.Caller.ID, record)
}

// Timeline returns one page of what happened to the issue, oldest first, as the asker may see it. A page has less
// than was asked for where staff must not know of another issue. Errors: as Do; page.ErrInvalidCursor.
func (u *ReadIssue) Timeline(ctx context.Context, by Asker, id uuid.UUID, request page.Request) (page.Of[domain.Event], error) {
	_, audience, err := u.audience(ctx, by, id)
	if err != nil {
		return page.Of[domain.Event]{}, err
	}
	events, err := u.views.Timeline(ctx, id, audience, request)
	if err != nil || audience != domain.AudienceStaff {
		return events, err
	}
	events.Items, err = u.eventsWithoutConcealed(ctx, by.Caller.ID, events.Items)
	return events, err
}

// audience finds out as what the asker may read the issue. Errors: as Do.
func (u *ReadIssue) audience(ctx context.Context, by Asker, id uuid.UUID) (domain.IssueState, domain.Audience, error) {
	s, err := u.views.Head(ctx, id)
	if err != nil {
		return domain.IssueState{}, "", err
	}
	actor, err := by.actor(s)
	if err != nil {
		return domain.IssueState{}, "", err
	}
	audience, err := s.Readers().Audience(actor)
	return s, audience, err
}

// recordOf returns the issue as it is shown to the audience at the instant now.
func recordOf(s domain.IssueState, audience domain.Audience, now time.Time) IssueRecord {
	r := IssueRecord{
		IssueSummary: SummaryOf(s, audience, now), Audience: audience, Subject: s.Subject.For(audience), Origin: s.Origin,
		Participants: s.Participants, Resolution: s.Resolution, ResolvedAt: s.ResolvedAt, Rejection: s.Rejection,
	}
	if r.State == domain.StateResolved {
		r.ClosesAt = s.ClosesAt
	}
	switch audience {
	case domain.AudienceStaff:
		r.Reporter, r.Email, r.Links, r.Clocks = s.Reporter.Member, s.Reporter.Email, s.Links, s.Clocks
		r.DuplicateOf, r.MergedInto = s.DuplicateOf, s.MergedInto
	case domain.AudienceReporter:
		r.Reporter, r.Email = s.Reporter.Member, s.Reporter.Email
	case domain.AudienceParticipant:
	}
	return r
}
