package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

const (
	// maxLinksAgain is how many letters one request brings at most: those about the newest issues.
	maxLinksAgain = 5
	// recently is for how long after its end a visitor still gets a link to an issue.
	recently = 30 * 24 * time.Hour
)

// RequestIssueLink mails a visitor who has lost his links another one to each issue that he follows.
type RequestIssueLink struct {
	desk     *Desk
	visitors Visitors
}

// NewRequestIssueLink returns the use case.
func NewRequestIssueLink(desk *Desk, visitors Visitors) *RequestIssueLink {
	return &RequestIssueLink{desk: desk, visitors: visitors}
}

// RequestIssueLinkCommand asks to do so.
type RequestIssueLinkCommand struct {
	// Email is where the links are mailed to, if anything was reported from there.
	Email string
	// Network is where whoever asks is: an IPv4 address or an IPv6 /64.
	Network string
}

// Do posts the links, or a letter that says that there is nothing to link to. Whoever asks need not be the owner of the
// address, and learns nothing: neither whether anything was reported, nor whether a letter went out, because an address to
// which too many were asked for gets none. One request counts as one letter; earlier links stay good. There is no key: what
// is asked twice is mailed twice.
//
// Errors: domain.ErrInvalidEmail; a fault of kind limited from a network that asks for too many letters; uow.ErrBusy,
// uow.ErrOutcomeUnknown; what the stores report.
func (u *RequestIssueLink) Do(ctx context.Context, cmd RequestIssueLinkCommand) error {
	r := request{operation: "ask for a link to an issue"}
	email, err := domain.NewEmail(cmd.Email)
	if err != nil {
		return fmt.Errorf("%s: %w", r.operation, err)
	}
	ids, err := u.visitors.ReportedFrom(ctx, email, u.desk.clock.Now().Add(-recently), maxLinksAgain)
	if err != nil {
		return fmt.Errorf("%s: %w", r.operation, err)
	}
	_, err = do(ctx, u.desk, r, func(ctx context.Context, _ time.Time) (nothing, letter, error) {
		posting, err := u.desk.throttles.Letter(ctx, email.String(), cmd.Network)
		if err != nil || !posting {
			return nothing{}, nil, err
		}
		post, err := u.write(ctx, email, ids)
		return nothing{}, post, err
	}, u.desk.issues.Loads(ids...))
	return err
}

// write makes a link to each of the issues and returns what posts them.
func (u *RequestIssueLink) write(ctx context.Context, email domain.Email, ids []uuid.UUID) (letter, error) {
	var posts []letter
	for _, id := range ids {
		post, err := u.linkTo(ctx, id)
		switch {
		case errors.Is(err, domain.ErrIssueNotFound): // it is gone since
		case err != nil:
			return nil, err
		default:
			posts = append(posts, post)
		}
	}
	if len(posts) == 0 {
		return func() { u.desk.letters.NothingReported(email.String()) }, nil
	}
	return func() {
		for _, post := range posts {
			post()
		}
	}, nil
}

// linkTo makes one more link to the issue. It goes to the address as it was confirmed, however it was written this time.
// Errors: domain.ErrIssueNotFound, or what the store reports.
func (u *RequestIssueLink) linkTo(ctx context.Context, id uuid.UUID) (letter, error) {
	issue, err := u.desk.issues.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	follow, err := u.desk.secret()
	if err != nil {
		return nil, err
	}
	if err := issue.SendLink(follow); err != nil {
		return nil, err
	}
	s := issue.State()
	return func() { u.desk.letters.FollowAgain(s.Reporter.Email, s.Title, domain.MailedText(s.ID, follow)) }, nil
}
