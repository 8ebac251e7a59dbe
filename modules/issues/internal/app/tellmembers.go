package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/issues/issuesapi"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
)

// TellMembers brings members news of issues: those in which they take part, and those that somebody gave them. Visitors are
// written to by the commands themselves, because only those have a secret for the link.
//
// A notice says that there is something new, and where. What was said is read on the issue's page, by who may.
type TellMembers struct {
	issues  domain.Repository
	staff   Staff
	notices profilesapi.Notices
}

// NewTellMembers returns the use case.
func NewTellMembers(issues domain.Repository, staff Staff, notices profilesapi.Notices) *TellMembers {
	return &TellMembers{issues: issues, staff: staff, notices: notices}
}

// news is what one kind of event means to members.
type news struct {
	kind profilesapi.NoticeKind
	// subject is what happened, before the title; text a sentence of it.
	subject, text string
	// all tells everybody who takes part; otherwise the assignee alone or, if somebody was involved, him.
	all bool
	// gathered news of some minutes is one notice.
	gathered bool
}

// gathering is for how long comments on one issue are one notice to each member.
const gathering = 5 * time.Minute

var newsOf = map[string]news{
	issuesapi.KindAssigned: {
		profilesapi.NoticeAssigned, "an issue for you", "Somebody gave you an issue to work on.", false, false,
	},
	issuesapi.KindBreached: {
		profilesapi.NoticeIssue, "a target was missed", "An issue that you work on has missed one of its targets.", false, false,
	},
	issuesapi.KindCommented: {profilesapi.NoticeIssue, "a new comment", "There is a new comment.", true, true},
	issuesapi.KindWaiting:   {profilesapi.NoticeIssue, "it waits", "The help desk waits for somebody before it goes on. It may be you.", true, false},
	issuesapi.KindResolved:  {profilesapi.NoticeIssue, "it is resolved", "The issue is resolved. For a week it can be reopened.", true, false},
	issuesapi.KindReopened:  {profilesapi.NoticeIssue, "it is open again", "The issue was reopened.", true, false},
	issuesapi.KindRejected:  {profilesapi.NoticeIssue, "it was rejected", "The help desk does not go on with the issue.", true, false},
	issuesapi.KindMerged:    {profilesapi.NoticeIssue, "it goes on elsewhere", "The issue is dealt with together with another one.", true, false},
	issuesapi.KindInvolved:  {profilesapi.NoticeIssue, "you can read it", "The help desk has let you take part in the issue.", false, false},
}

// Do tells the members whom a published event concerns, in the unit of work in ctx. Nobody is told what he did himself, nor
// whom the issue is about; whoever sent spam hears nothing, nor does an assignee who does not work here any more. Errors: a payload that is none; what the stores report.
func (u *TellMembers) Do(ctx context.Context, m events.Message) error {
	var e issuesapi.Event
	if err := json.Unmarshal(m.Payload, &e); err != nil {
		return fmt.Errorf("read %s: %w", m.Kind, err)
	}
	n, told := newsOf[m.Kind]
	if !told || e.IssueID == uuid.Nil {
		return fmt.Errorf("read %s: it is no news of an issue", m.Kind)
	}
	issue, err := u.issues.Get(ctx, e.IssueID)
	if errors.Is(err, domain.ErrIssueNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s := issue.State()
	if e.AssigneeID, err = u.working(ctx, e.AssigneeID); err != nil {
		return err
	}
	notices := make([]profilesapi.Notice, 0, 1)
	for _, member := range n.audience(e, s) {
		notices = append(notices, n.notice(m.ID, member, e, s))
	}
	if len(notices) == 0 {
		return nil
	}
	return u.notices.Notify(ctx, notices...)
}

// working returns the assignee, or nil if he does not work at the help desk any more.
func (u *TellMembers) working(ctx context.Context, assignee *uuid.UUID) (*uuid.UUID, error) {
	if assignee == nil {
		return nil, nil
	}
	works, err := u.staff.WorksHere(ctx, *assignee)
	if err != nil {
		return nil, fmt.Errorf("look up whether %s works at the help desk: %w", *assignee, err)
	}
	if !works {
		return nil, nil
	}
	return assignee, nil
}

// audience returns whom the news is for, each once.
func (n news) audience(e issuesapi.Event, s domain.IssueState) []uuid.UUID {
	var members []uuid.UUID
	switch {
	case e.InvolvedID != nil:
		members = append(members, *e.InvolvedID)
	case e.AssigneeID != nil:
		members = append(members, *e.AssigneeID)
	}
	if n.all {
		members = append(members, s.Participants...)
		if s.Rejection != domain.RejectedSpam {
			members = append(members, s.Reporter.Member)
		}
	}
	slices.SortFunc(members, func(a, b uuid.UUID) int { return strings.Compare(string(a[:]), string(b[:])) })
	members = slices.Compact(members)
	return slices.DeleteFunc(members, func(member uuid.UUID) bool {
		himself := e.ActorID != nil && member == *e.ActorID ||
			e.ActorRole == string(domain.RoleReporter) && member == s.Reporter.Member
		_, hidden := s.Readers().Audience(domain.Actor{ID: member, Staff: e.AssigneeID != nil && member == *e.AssigneeID})
		return member == uuid.Nil || himself || hidden != nil
	})
}

// notice is the news for one member. Its id is made of the event and the member, so that telling it again is noticed; of what
// is gathered, it is made of the issue, the minutes and the member, and the mail leaves when they are over.
func (n news) notice(event, member uuid.UUID, e issuesapi.Event, s domain.IssueState) profilesapi.Notice {
	title := shortened(s.Title)
	var mailAt time.Time
	if n.gathered {
		from := e.At.UTC().Truncate(gathering)
		mailAt = from.Add(gathering)
		event = uuid.NewSHA1(s.ID, fmt.Appendf(nil, "%s from %d", n.subject, from.Unix()))
	}
	return profilesapi.Notice{
		ID: uuid.NewSHA1(event, member[:]), Member: member, Kind: n.kind, Subject: fmt.Sprintf("%s: %s", n.subject, title),
		Text: n.text + "\n\nThe issue: " + title, About: s.ID, Path: "/issues/" + s.ID.String(), At: e.At, MailAt: mailAt,
	}
}

// maxNoticedTitle is how many characters of a title a notice repeats.
const maxNoticedTitle = 100

// shortened returns a title in one line.
func shortened(title string) string {
	runes := []rune(strings.Join(strings.Fields(title), " "))
	if len(runes) <= maxNoticedTitle {
		return string(runes)
	}
	return string(runes[:maxNoticedTitle-1]) + "…"
}
