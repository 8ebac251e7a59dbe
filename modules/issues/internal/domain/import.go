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

// MaxNumber is the highest number, and the most comments, that an issue has: of 15 digits, which spreadsheets and JavaScript
// show as they are.
const MaxNumber = 999_999_999_999_999

// Origin is where an issue was imported from. Repository and number together are unique.
type Origin struct {
	// Repository is of 1 to MaxRepository characters; empty for an issue that was reported here.
	Repository string
	// Number is from 1 to MaxNumber.
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
	return n > 0 && n <= MaxRepository && utf8.ValidString(o.Repository) && !strings.ContainsRune(o.Repository, 0) &&
		o.Number > 0 && o.Number <= MaxNumber
}

// Foreign is an issue that was reported elsewhere.
type Foreign struct {
	// Origin is where; it gives the issue its identity.
	Origin Origin
	// Title is of 1 to MaxTitle characters and kept byte for byte, line breaks and blanks at its edges included.
	Title string
	// Text may be empty. It comes along once: a later change of it alone is none.
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
	if err := f.check(); err != nil {
		return nil, err
	}
	i := &Issue{state: IssueState{ID: f.Origin.ID(), Origin: f.Origin, Priority: PriorityNormal}}
	i.take(f, micros(now))
	return i, nil
}

// check returns what is wrong with it. Errors: as Import.
func (f Foreign) check() error {
	reported, closed := micros(f.ReportedAt), micros(f.ClosedAt)
	var refused fieldErrors
	refused.check(f.Origin.valid(), ErrInvalidOrigin)
	refused.check(importableTitle(f.Title), ErrInvalidTitle.Detailf("The title must have 1 to 1,000 characters of valid UTF-8."))
	refused.check(validText(f.Text), ErrInvalidText)
	refused.check(!reported.IsZero() && (closed.IsZero() || !closed.Before(reported)), ErrInvalidTimes)
	refused.check(f.Comments >= 0 && f.Comments <= MaxNumber, ErrInvalidComments)
	return refused.err()
}

// take makes the issue what it is elsewhere.
func (i *Issue) take(f Foreign, at time.Time) {
	s := &i.state
	s.Title, s.Comments, s.State = f.Title, f.Comments, StateReported
	s.ReportedAt, s.ResolvedAt, s.EndedAt = micros(f.ReportedAt), micros(f.ClosedAt), micros(f.ClosedAt)
	if !s.EndedAt.IsZero() {
		s.State = StateClosed
	}
	i.record(byHouse, at, Imported{Text: f.Text})
	s.ImportedSeq = s.Seq
}

// Reimport says what became of an issue that was imported again.
type Reimport string

// What can become of it.
const (
	ReimportUnchanged Reimport = "unchanged" // it is here as it is there
	ReimportUpdated   Reimport = "updated"   // it has changed there since, and nobody here has done anything with it
	ReimportKept      Reimport = "kept"      // it differs, and stays: somebody here has worked on it, or it was reported here
)

// ImportAgain makes an imported issue what it is elsewhere now, unless somebody here has done anything with it: then what was
// done here counts. It must be the same issue. Errors: as
// Import; the issue is unchanged then.
func (i *Issue) ImportAgain(f Foreign, now time.Time) (Reimport, error) {
	if err := f.check(); err != nil {
		return "", err
	}
	s := i.state
	switch {
	case s.sameAs(f, now):
		return ReimportUnchanged, nil
	case s.ImportedSeq == 0 || s.Seq != s.ImportedSeq || s.Origin != f.Origin:
		return ReimportKept, nil
	default:
		i.take(f, i.stamp(now))
		return ReimportUpdated, nil
	}
}

// sameAs reports whether the issue is at the instant now as f says. The text does not count.
func (s IssueState) sameAs(f Foreign, now time.Time) bool {
	return s.Title == f.Title && s.Comments == f.Comments && s.ReportedAt.Equal(micros(f.ReportedAt)) &&
		s.EndAt(now).Equal(micros(f.ClosedAt))
}

// EndAt returns when the issue was closed, rejected or merged, as it is at the instant now, whether or not the job has closed
// it; zero before.
func (s IssueState) EndAt(now time.Time) time.Time { return s.Phase().EndAt(s.EndedAt, now) }
