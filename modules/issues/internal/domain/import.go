package domain

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// MaxRepository is the longest name of a repository, in characters.
const MaxRepository = 200

// Origin is where an issue was imported from. Repository and number together are unique.
type Origin struct {
	// Repository is of 1 to MaxRepository characters; empty for an issue that was reported here.
	Repository string
	// Number is above zero.
	Number int64
}

// originNamespace makes ids of origins. It must never change: ids in databases were made with it.
var originNamespace = uuid.MustParse("c1e4f5a2-6d0b-5b7e-8f43-2a9d71c60e58")

// ID returns the identity of the issue from there, always the same, so that importing it again finds it.
func (o Origin) ID() uuid.UUID {
	return uuid.NewSHA1(originNamespace, []byte(o.Repository+"\x00"+strconv.FormatInt(o.Number, 10)))
}

// valid reports whether the origin names an issue.
func (o Origin) valid() bool {
	n := utf8.RuneCountInString(o.Repository)
	return n > 0 && n <= MaxRepository && utf8.ValidString(o.Repository) && !strings.ContainsRune(o.Repository, 0) && o.Number > 0
}

// Foreign is an issue that was reported elsewhere.
type Foreign struct {
	// Origin is where; it gives the issue its identity.
	Origin Origin
	// Title is of 1 to MaxTitle characters and kept byte for byte, line breaks and blanks at its edges included.
	Title string
	// Text may be empty.
	Text string
	// ReportedAt is when it was reported there, ClosedAt when it was closed; zero while it is open.
	ReportedAt, ClosedAt time.Time
	// Comments is how many comments it has there; they do not come along.
	Comments int64
}

// Import returns an issue that was reported elsewhere: reported, or closed. Staff alone can read it, because nobody here
// reported it; its clocks run from the triage on, because nobody here has promised anything before. Errors:
// ErrInvalidOrigin, ErrInvalidTitle, ErrInvalidText, ErrInvalidTimes, ErrInvalidComments; all that apply.
func Import(f Foreign, now time.Time) (*Issue, error) {
	reported, closed := micros(f.ReportedAt), micros(f.ClosedAt)
	var refused fieldErrors
	refused.check(f.Origin.valid(), ErrInvalidOrigin)
	refused.check(importableTitle(f.Title), ErrInvalidTitle.Detailf("The title must have 1 to 1,000 characters of valid UTF-8."))
	refused.check(validText(f.Text), ErrInvalidText)
	refused.check(!reported.IsZero() && (closed.IsZero() || !closed.Before(reported)), ErrInvalidTimes)
	refused.check(f.Comments >= 0, ErrInvalidComments)
	if err := refused.err(); err != nil {
		return nil, err
	}
	i := &Issue{state: IssueState{
		ID: f.Origin.ID(), Origin: f.Origin, Title: f.Title, Priority: PriorityNormal, State: StateReported,
		ReportedAt: reported, ResolvedAt: closed, EndedAt: closed, Comments: f.Comments,
	}}
	if !closed.IsZero() {
		i.state.State = StateClosed
	}
	i.record(byHouse, micros(now), Imported{Text: f.Text})
	return i, nil
}
