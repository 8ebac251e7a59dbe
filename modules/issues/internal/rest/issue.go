package rest

import (
	"encoding/hex"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/httpserver"
)

// Summary is an issue in a list. What is for staff is absent for everybody else.
type Summary struct {
	ID         uuid.UUID           `json:"id" format:"uuid"`
	Title      string              `json:"title" doc:"Plain text; that of an imported issue is as it was, line breaks included."`
	State      string              `json:"state" enum:"reported,triaged,assigned,waiting,resolved,closed,rejected,merged"`
	Awaited    string              `json:"awaited,omitempty" enum:"reporter,third_party" doc:"For whom it waits; absent unless it does."`
	Comments   int64               `json:"comments" minimum:"0" doc:"How many public comments there are."`
	ReportedAt httpserver.Instant  `json:"reported_at" doc:"When the help desk could first see it."`
	EndedAt    *httpserver.Instant `json:"ended_at,omitempty" doc:"When it was closed, rejected or merged."`

	Category            string              `json:"category,omitempty" enum:"account,listing,bidding,payment,delivery,abuse,site,other" doc:"For staff; absent before the triage."`
	Priority            string              `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"For staff."`
	AssigneeID          *uuid.UUID          `json:"assignee_id,omitempty" format:"uuid" doc:"Who works on it; for staff."`
	FirstResponseDue    *httpserver.Instant `json:"first_response_due,omitempty" doc:"When the target for the first answer will be missed; for staff. Absent while no clock runs, and once there was an answer."`
	ResolutionDue       *httpserver.Instant `json:"resolution_due,omitempty" doc:"When the target for the resolution will be missed; for staff. Absent while no clock runs."`
	FirstResponseMissed *bool               `json:"first_response_missed,omitempty" doc:"Whether the first answer came too late, or has not come in time; for staff."`
	ResolutionMissed    *bool               `json:"resolution_missed,omitempty" doc:"Whether the resolution came too late, or has not come in time; for staff."`
}

func summaryOf(s app.IssueSummary) Summary {
	summary := Summary{
		ID:         s.ID,
		Title:      s.Title,
		State:      string(s.State),
		Awaited:    string(s.Awaited),
		Comments:   s.Comments,
		ReportedAt: httpserver.Instant(s.ReportedAt),
		EndedAt:    httpserver.SomeInstant(s.EndedAt),
	}
	if s.Priority == "" { // it is not for staff
		return summary
	}
	summary.Category, summary.Priority, summary.AssigneeID = string(s.Category), string(s.Priority), httpserver.SomeID(s.Assignee)
	summary.FirstResponseDue, summary.ResolutionDue = httpserver.SomeInstant(s.FirstResponseDue), httpserver.SomeInstant(s.ResolutionDue)
	summary.FirstResponseMissed, summary.ResolutionMissed = &s.FirstResponseMissed, &s.ResolutionMissed
	return summary
}

// Issue is one issue with all that its reader may see. What happened to it, the report among that, is in its timeline.
type Issue struct {
	Summary

	ReadAs       string              `json:"read_as" enum:"staff,reporter,participant" doc:"As what you read it."`
	ReporterID   *uuid.UUID          `json:"reporter_id,omitempty" format:"uuid" doc:"The member who reported it; for staff and himself."`
	Email        string              `json:"email,omitempty" doc:"The address of the visitor who reported it; for staff and himself."`
	About        *About              `json:"about,omitempty" doc:"What it is about; absent for nothing in particular."`
	Origin       *Origin             `json:"origin,omitempty" doc:"Where it was imported from; absent for what was reported here."`
	Participants []uuid.UUID         `json:"participants" doc:"Members who were involved."`
	Resolution   string              `json:"resolution,omitempty" enum:"fixed,answered,action_taken,no_action" doc:"How it was resolved."`
	ResolvedAt   *httpserver.Instant `json:"resolved_at,omitempty"`
	ClosesAt     *httpserver.Instant `json:"closes_at,omitempty" doc:"Until when a resolved issue can be reopened."`
	Rejection    string              `json:"rejection,omitempty" enum:"spam,duplicate,not_ours,no_answer" doc:"Why it was rejected."`

	Links         []uuid.UUID `json:"links,omitempty" doc:"Issues that it is linked with; for staff, but for those that are about you."`
	DuplicateOfID *uuid.UUID  `json:"duplicate_of_id,omitempty" format:"uuid" doc:"The issue that it is a duplicate of; for staff."`
	MergedIntoID  *uuid.UUID  `json:"merged_into_id,omitempty" format:"uuid" doc:"The issue that goes on in its place; for staff."`
	Clocks        *Clocks     `json:"clocks,omitempty" doc:"How long it has taken; for staff."`
}

// About is what an issue is about.
type About struct {
	Kind      string     `json:"kind" enum:"listing,bid,member"`
	ListingID *uuid.UUID `json:"listing_id,omitempty" format:"uuid" doc:"The listing, that of the bid, or the one in connection with which a member was reported."`
	Bid       int64      `json:"bid,omitempty" doc:"The bid's seq in the listing's log."`
	MemberID  *uuid.UUID `json:"member_id,omitempty" format:"uuid" doc:"The seller, the bidder, or the member himself. Who bids is for staff."`
	Log       *LogHead   `json:"log,omitempty" doc:"Where the listing's log stood when it was reported. The extract that was verified then is at evidence."`
}

// LogHead is a position in a listing's log.
type LogHead struct {
	Events int64  `json:"events" doc:"How many events it had."`
	Hash   string `json:"hash" doc:"The hash of the last one, in hexadecimal."`
}

// Origin is where an issue was imported from.
type Origin struct {
	Repository string `json:"repository"`
	Number     int64  `json:"number"`
}

// Clocks tell how long an issue has taken.
type Clocks struct {
	FirstResponseTarget float64             `json:"first_response_target_seconds" doc:"Working time within which somebody should answer; 0 for none."`
	ResolutionTarget    float64             `json:"resolution_target_seconds" doc:"Working time within which it should be resolved; 0 for none."`
	Used                float64             `json:"used_seconds" doc:"Working time until running_since, or in all while the clocks stand still."`
	RunningSince        *httpserver.Instant `json:"running_since,omitempty" doc:"Absent while the clocks stand still: it waits, or is over."`
	RespondedAt         *httpserver.Instant `json:"responded_at,omitempty" doc:"When staff first said something to the reporter."`
	FirstResponseMissed *httpserver.Instant `json:"first_response_missed_at,omitempty"`
	ResolutionMissed    *httpserver.Instant `json:"resolution_missed_at,omitempty"`
}

func issueOf(r app.IssueRecord) Issue {
	issue := Issue{
		Summary:       summaryOf(r.IssueSummary),
		ReadAs:        string(r.Audience),
		ReporterID:    httpserver.SomeID(r.Reporter),
		Email:         r.Email,
		About:         aboutOf(r.Subject),
		Origin:        originOf(r.Origin),
		Participants:  append([]uuid.UUID{}, r.Participants...),
		Resolution:    string(r.Resolution),
		ResolvedAt:    httpserver.SomeInstant(r.ResolvedAt),
		ClosesAt:      httpserver.SomeInstant(r.ClosesAt),
		Rejection:     string(r.Rejection),
		Links:         r.Links,
		DuplicateOfID: httpserver.SomeID(r.DuplicateOf),
		MergedIntoID:  httpserver.SomeID(r.MergedInto),
	}
	if r.Audience == domain.AudienceStaff {
		issue.Clocks = clocksOf(r.Clocks)
	}
	return issue
}

func aboutOf(s domain.Subject) *About {
	if s.Kind == domain.SubjectNone {
		return nil
	}
	about := &About{Kind: string(s.Kind), ListingID: httpserver.SomeID(s.Listing), Bid: s.Bid, MemberID: httpserver.SomeID(s.Member)}
	if s.Listing != uuid.Nil {
		about.Log = &LogHead{Events: s.Position.Seq, Hash: hex.EncodeToString(s.Position.Hash[:])}
	}
	return about
}

func originOf(o domain.Origin) *Origin {
	if o == (domain.Origin{}) {
		return nil
	}
	return &Origin{Repository: o.Repository, Number: o.Number}
}

func clocksOf(c domain.Clocks) *Clocks {
	return &Clocks{
		FirstResponseTarget: c.Target.FirstResponse.Seconds(),
		ResolutionTarget:    c.Target.Resolution.Seconds(),
		Used:                c.Used.Seconds(),
		RunningSince:        httpserver.SomeInstant(c.RunningSince),
		RespondedAt:         httpserver.SomeInstant(c.RespondedAt),
		FirstResponseMissed: httpserver.SomeInstant(c.FirstResponseMissed),
		ResolutionMissed:    httpserver.SomeInstant(c.ResolutionMissed),
	}
}
