package app

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/issues/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/clock"
	"github.com/gavelhq/gavel/platform/page"
)

// PortableData is the profilesapi.DataSource: what a member reported, and what he said in public about that and about the
// issues in which he takes part. It has nothing of the issues that are about him: they would tell who reported him. What he
// said as staff is the house's.
type PortableData struct {
	views Views
	clock clock.Clock
}

var _ profilesapi.DataSource = (*PortableData)(nil)

// NewPortableData returns the source.
func NewPortableData(views Views, c clock.Clock) *PortableData {
	return &PortableData{views: views, clock: c}
}

// portableIssue is an issue in issues.json. Only the comments are there if somebody else reported it.
type portableIssue struct {
	ID         uuid.UUID         `json:"id"`
	Reported   bool              `json:"reported"`
	Title      string            `json:"title,omitempty"`
	Text       string            `json:"text,omitempty"`
	State      domain.State      `json:"state,omitempty"`
	ReportedAt time.Time         `json:"reported_at,omitzero"`
	EndedAt    time.Time         `json:"ended_at,omitzero"`
	ListingID  uuid.UUID         `json:"listing_id,omitzero"`
	Bid        int64             `json:"bid,omitempty"`
	Comments   []portableComment `json:"comments"`
}

// portableComment is something that he said, also when he reopened the issue.
type portableComment struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Export returns issues.json. Errors: what the store reports.
func (p *PortableData) Export(ctx context.Context, member uuid.UUID) ([]profilesapi.PortableData, error) {
	all := []portableIssue{}
	himself := domain.Actor{ID: member} // not as staff
	request := page.Request{Limit: page.MaxLimit}
	for more := true; more; more = request.Cursor != "" {
		issues, err := p.views.Issues(ctx, Filter{}, himself, p.clock.Now(), request)
		if err != nil {
			return nil, fmt.Errorf("export the issues of %s: %w", member, err)
		}
		for _, i := range issues.Items {
			issue, err := p.issue(ctx, himself, i.ID)
			if err != nil {
				return nil, fmt.Errorf("export the issues of %s: %w", member, err)
			}
			if issue.Reported || len(issue.Comments) > 0 {
				all = append(all, issue)
			}
		}
		request.Cursor = issues.Next
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write issues.json: %w", err)
	}
	return []profilesapi.PortableData{{File: "issues.json", JSON: text}}, nil
}

// issue returns what is his of one issue. Errors: what the store reports.
func (p *PortableData) issue(ctx context.Context, himself domain.Actor, id uuid.UUID) (portableIssue, error) {
	s, err := p.views.Head(ctx, id)
	if err != nil {
		return portableIssue{}, err
	}
	audience, err := s.Readers().Audience(himself)
	if err != nil {
		return portableIssue{}, err
	}
	issue := portableIssue{ID: id, Comments: []portableComment{}}
	if audience == domain.AudienceReporter {
		now := p.clock.Now()
		issue = portableIssue{
			ID: id, Reported: true, Title: s.Title, State: s.Phase().At(now), ReportedAt: s.ReportedAt, EndedAt: s.EndAt(now),
			ListingID: s.Subject.Listing, Bid: s.Subject.Bid, Comments: issue.Comments,
		}
	}
	request := page.Request{Limit: page.MaxLimit}
	for more := true; more; more = request.Cursor != "" {
		events, err := p.views.Timeline(ctx, id, audience, request)
		if err != nil {
			return portableIssue{}, err
		}
		for _, e := range events.Items {
			if e.Actor == himself.ID && e.Role != domain.RoleStaff {
				issue.add(e)
			}
		}
		request.Cursor = events.Next
	}
	return issue, nil
}

// add adds what he said.
func (i *portableIssue) add(e domain.Event) {
	switch said := e.Payload.(type) {
	case domain.Reported:
		i.Text = said.Text
	case domain.Commented:
		i.Comments = append(i.Comments, portableComment{e.At, said.Text})
	case domain.Reopened:
		if said.Text != "" {
			i.Comments = append(i.Comments, portableComment{e.At, said.Text})
		}
	}
}
