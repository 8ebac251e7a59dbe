package app

import (
	"context"
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

// Do writes letters with the links, or one that says that there is nothing to link to. Whoever asks need not be the owner of the
// address, and learns nothing: neither whether anything was reported, nor whether a letter went out, because an address to
// which too many were asked for gets none. One request counts as one letter. Earlier links stay good as long as they are among
// the newest domain.MaxFollowTokens. There is no key: what is asked twice is mailed twice.
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
	_, err = do(ctx, u.desk, r, func(ctx context.Context, now time.Time) (nothing, error) {
		posting, err := u.desk.throttles.Letter(ctx, email.String(), cmd.Network)
		if err != nil || !posting {
			return nothing{}, err
		}
		return nothing{}, u.write(ctx, email, ids, now)
	})
	return err
}

// write writes a letter about each of the issues, or one that there are none.
func (u *RequestIssueLink) write(ctx context.Context, email domain.Email, ids []uuid.UUID, now time.Time) error {
	for _, id := range ids {
		if err := u.desk.writes(ctx, domain.LetterAgain, id, now); err != nil {
			return err
		}
	}
	if len(ids) > 0 {
		return nil
	}
	id, err := newID()
	if err != nil {
		return err
	}
	return u.desk.letters.Add(ctx, domain.NothingReported(id, email, now))
}
