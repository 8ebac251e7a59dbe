package sqlstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// issueRow is a row of issues.
//
// Participants and links are in the row rather than in a table beside it: whoever waits for the row's lock reads the row
// anew, but what a query takes from another table is what was there before it waited.
type issueRow struct {
	ID                  uuid.UUID       `db:"id"`
	Version             int64           `db:"version"`
	State               string          `db:"state"`
	Title               string          `db:"title"`
	Category            string          `db:"category"`
	Priority            string          `db:"priority"`
	QueueRank           int             `db:"queue_rank"`
	Reporter            db.MaybeID      `db:"reporter"`
	Email               db.MaybeText    `db:"email"`
	EmailKey            db.MaybeText    `db:"email_key"`
	Confirmations       hashes          `db:"confirmation"`
	ConfirmBy           db.MaybeTime    `db:"confirm_by"`
	Follow              list[hexHash]   `db:"follow"`
	SubjectKind         string          `db:"subject_kind"`
	Listing             db.MaybeID      `db:"listing"`
	Bid                 int64           `db:"bid"`
	Accused             db.MaybeID      `db:"accused"`
	PositionSeq         int64           `db:"position_seq"`
	PositionHash        maybeHash       `db:"position_hash"`
	Repository          db.MaybeText    `db:"repository"`
	Number              int64           `db:"number"`
	Assignee            db.MaybeID      `db:"assignee"`
	Awaited             string          `db:"awaited"`
	Participants        list[uuid.UUID] `db:"participants"`
	Links               list[uuid.UUID] `db:"links"`
	TargetResponse      int64           `db:"target_first_response"` // microseconds, like all durations here
	TargetResolution    int64           `db:"target_resolution"`
	Used                int64           `db:"used"`
	RunningSince        db.MaybeTime    `db:"running_since"`
	RespondedAt         db.MaybeTime    `db:"responded_at"`
	FirstResponseDue    db.MaybeTime    `db:"first_response_due"`
	ResolutionDue       db.MaybeTime    `db:"resolution_due"`
	FirstResponseMissed db.MaybeTime    `db:"first_response_missed"`
	ResolutionMissed    db.MaybeTime    `db:"resolution_missed"`
	Resolution          string          `db:"resolution"`
	ResolvedAt          db.MaybeTime    `db:"resolved_at"`
	ClosesAt            db.MaybeTime    `db:"closes_at"`
	Rejection           string          `db:"rejection"`
	DuplicateOf         db.MaybeID      `db:"duplicate_of"`
	MergedInto          db.MaybeID      `db:"merged_into"`
	ReportedAt          db.MaybeTime    `db:"reported_at"`
	EndedAt             db.MaybeTime    `db:"ended_at"`
	Comments            int64           `db:"comments"`
	Seq                 int64           `db:"seq"`
	LastAt              db.Micros       `db:"last_at"`
	ImportedSeq         int64           `db:"imported_seq"`
	DueAt               db.MaybeTime    `db:"due_at"`
}

// queueRank is where a priority of that rank stands in the queue, 0 for the most pressing, so that rank, age and id rise
// together.
func queueRank(rank int) int { return len(domain.Priorities) - rank }

func issueRowOf(i *domain.Issue) issueRow {
	s := i.State()
	c := s.Clocks
	row := issueRow{
		ID: s.ID, Version: s.Version, State: string(s.State), Title: s.Title, Category: string(s.Category),
		Priority: string(s.Priority), QueueRank: queueRank(s.Priority.Rank()),
		Reporter: db.MaybeID(s.Reporter.Member), Email: db.MaybeText(s.Reporter.Email),
		EmailKey: db.MaybeText(domain.RestoreEmail(s.Reporter.Email).Key()), Confirmations: s.Reporter.Confirmations,
		ConfirmBy: db.MaybeTime(s.Reporter.ConfirmBy), SubjectKind: string(s.Subject.Kind), Listing: db.MaybeID(s.Subject.Listing),
		Bid: s.Subject.Bid, Accused: db.MaybeID(s.Subject.Member), PositionSeq: s.Subject.Position.Seq,
		PositionHash: maybeHash(s.Subject.Position.Hash), Repository: db.MaybeText(s.Origin.Repository), Number: s.Origin.Number,
		Assignee: db.MaybeID(s.Assignee), Awaited: string(s.Awaited), Participants: s.Participants, Links: s.Links,
		TargetResponse: c.Target.FirstResponse.Microseconds(), TargetResolution: c.Target.Resolution.Microseconds(),
		Used: c.Used.Microseconds(), RunningSince: db.MaybeTime(c.RunningSince), RespondedAt: db.MaybeTime(c.RespondedAt),
		FirstResponseDue: db.MaybeTime(c.FirstResponseDue), ResolutionDue: db.MaybeTime(c.ResolutionDue),
		FirstResponseMissed: db.MaybeTime(c.FirstResponseMissed), ResolutionMissed: db.MaybeTime(c.ResolutionMissed),
		Resolution: string(s.Resolution), ResolvedAt: db.MaybeTime(s.ResolvedAt), ClosesAt: db.MaybeTime(s.ClosesAt),
		Rejection: string(s.Rejection), DuplicateOf: db.MaybeID(s.DuplicateOf), MergedInto: db.MaybeID(s.MergedInto),
		ReportedAt: db.MaybeTime(s.ReportedAt), EndedAt: db.MaybeTime(s.EndedAt), Comments: s.Comments, Seq: s.Seq,
		LastAt: db.Micros(s.LastAt), ImportedSeq: s.ImportedSeq, DueAt: db.MaybeTime(app.DueAt(s)),
	}
	for _, h := range s.Reporter.Follow {
		row.Follow = append(row.Follow, hexHash(h))
	}
	return row
}

func (r issueRow) issue() *domain.Issue { return domain.RestoreIssue(r.state()) }

func (r issueRow) state() domain.IssueState {
	return domain.IssueState{
		ID: r.ID, Version: r.Version, State: domain.State(r.State), Title: r.Title, Category: domain.Category(r.Category),
		Priority: domain.Priority(r.Priority), Reporter: r.reporter(), Subject: r.subject(),
		Origin: domain.Origin{Repository: string(r.Repository), Number: r.Number}, Assignee: uuid.UUID(r.Assignee),
		Awaited: domain.AwaitedParty(r.Awaited), Participants: r.Participants, Links: r.Links, Clocks: r.clocks(),
		Resolution: domain.Resolution(r.Resolution), ResolvedAt: time.Time(r.ResolvedAt), ClosesAt: time.Time(r.ClosesAt),
		Rejection: domain.RejectionReason(r.Rejection), DuplicateOf: uuid.UUID(r.DuplicateOf), MergedInto: uuid.UUID(r.MergedInto),
		ReportedAt: time.Time(r.ReportedAt), EndedAt: time.Time(r.EndedAt), Comments: r.Comments, Seq: r.Seq, LastAt: r.LastAt.Time(),
		ImportedSeq: r.ImportedSeq,
	}
}

func (r issueRow) reporter() domain.Reporter {
	reporter := domain.Reporter{
		Member: uuid.UUID(r.Reporter), Email: string(r.Email), Confirmations: r.Confirmations, ConfirmBy: time.Time(r.ConfirmBy),
	}
	for _, h := range r.Follow {
		reporter.Follow = append(reporter.Follow, domain.Hash(h))
	}
	return reporter
}

func (r issueRow) subject() domain.Subject {
	return domain.Subject{
		Kind: domain.SubjectKind(r.SubjectKind), Listing: uuid.UUID(r.Listing), Bid: r.Bid, Member: uuid.UUID(r.Accused),
		Position: domain.Position{Seq: r.PositionSeq, Hash: domain.Hash(r.PositionHash)},
	}
}

func (r issueRow) clocks() domain.Clocks {
	return domain.Clocks{
		Target: domain.Target{FirstResponse: microseconds(r.TargetResponse), Resolution: microseconds(r.TargetResolution)},
		Used:   microseconds(r.Used), RunningSince: time.Time(r.RunningSince), RespondedAt: time.Time(r.RespondedAt),
		FirstResponseDue: time.Time(r.FirstResponseDue), ResolutionDue: time.Time(r.ResolutionDue),
		FirstResponseMissed: time.Time(r.FirstResponseMissed), ResolutionMissed: time.Time(r.ResolutionMissed),
	}
}
