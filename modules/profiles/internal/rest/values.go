package rest

import (
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/identity"
)

// instant is a time in RFC 3339, UTC, always with six digits after the seconds.
type instant time.Time

// MarshalText implements encoding.TextMarshaler. Errors: none.
func (t instant) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000000Z07:00"), nil
}

// Schema describes an instant to the readers of the API.
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Examples: []any{"2026-03-01T12:00:00.000000Z"}}
}

// someInstant is nil for the zero time, which means none.
func someInstant(t time.Time) *instant {
	if t.IsZero() {
		return nil
	}
	at := instant(t)
	return &at
}

// someID is nil for the zero id, which means none.
func someID(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

// Member is a member as others see him. Who may read the list of members sees the rest, too.
type Member struct {
	ID           uuid.UUID `json:"id" format:"uuid"`
	Handle       string    `json:"handle" doc:"Unique and for life; that of a deleted member begins with deleted-."`
	DisplayName  string    `json:"display_name"`
	About        string    `json:"about,omitempty"`
	Location     string    `json:"location,omitempty"`
	RegisteredAt instant   `json:"registered_at"`
	AuctionsWon  int       `json:"auctions_won" minimum:"0" doc:"How many auctions the member has won, or bought at once. It follows within seconds."`
	AuctionsSold int       `json:"auctions_sold" minimum:"0" doc:"How many auctions of the member have ended with a winner. It follows within seconds."`

	Email        string   `json:"email,omitempty" doc:"Absent for those who may not read it, and once deleted."`
	Status       string   `json:"status,omitempty" enum:"pending,active,suspended,deleted" doc:"Absent for those who may not read it."`
	VerifiedAt   *instant `json:"verified_at,omitempty" doc:"Since when the e-mail address is known to be the member's; absent before, and for those who may not read it."`
	Roles        []string `json:"roles,omitempty" doc:"The granted roles; absent where there are none, and for those who may not read them."`
	LeavingSince *instant `json:"leaving_since,omitempty" doc:"When the member asked for the deletion of the account; absent for those who may not read it."`
}

func memberOf(r app.MemberRecord) Member {
	return Member{
		ID:           r.ID,
		Handle:       r.Handle,
		DisplayName:  r.DisplayName,
		About:        r.About,
		Location:     r.Location,
		RegisteredAt: instant(r.RegisteredAt),
		AuctionsWon:  r.AuctionsWon,
		AuctionsSold: r.AuctionsSold,
		Email:        r.Email,
		Status:       string(r.Status),
		VerifiedAt:   someInstant(r.VerifiedAt),
		Roles:        rolesOf(r.Roles),
		LeavingSince: someInstant(r.LeavingSince),
	}
}

func rolesOf(roles []identity.Role) []string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return names
}

// MemberPath names a member. It is exported because huma looks into no other embedded struct.
type MemberPath struct {
	ID uuid.UUID `path:"id" format:"uuid" doc:"The member."`
}

// MailedToken is the body of what a mailed link asks for.
type MailedToken struct {
	Token string `json:"token" maxLength:"1000" doc:"From the link in the letter."`
}

// Reason is the body of an act that goes into the audit log.
type Reason struct {
	Reason string `json:"reason" maxLength:"5000" doc:"Why; at most 1,000 characters on one line. It is kept in the audit log, and the member is told where it is against him."`
}
