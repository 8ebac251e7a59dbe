package rest

import (
	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/httpserver"
	"github.com/gavelhq/gavel/platform/identity"
)

// Member is a member as others see him. Who may read the list of members sees the rest, too.
type Member struct {
	ID           uuid.UUID          `json:"id" format:"uuid"`
	Handle       string             `json:"handle" doc:"Unique and for life; that of a deleted member begins with deleted-."`
	DisplayName  string             `json:"display_name"`
	About        string             `json:"about,omitempty"`
	Location     string             `json:"location,omitempty"`
	RegisteredAt httpserver.Instant `json:"registered_at"`
	AuctionsWon  int                `json:"auctions_won" minimum:"0" doc:"How many auctions the member has won, or bought at once. It follows within seconds."`
	AuctionsSold int                `json:"auctions_sold" minimum:"0" doc:"How many auctions of the member have ended with a winner. It follows within seconds."`

	Email        string              `json:"email,omitempty" doc:"Absent for those who may not read it, and once deleted."`
	Status       string              `json:"status,omitempty" enum:"pending,active,suspended,deleted" doc:"Absent for those who may not read it."`
	VerifiedAt   *httpserver.Instant `json:"verified_at,omitempty" doc:"Since when the e-mail address is known to be the member's; absent before, and for those who may not read it."`
	Roles        []string            `json:"roles,omitempty" doc:"The granted roles; absent where there are none, and for those who may not read them."`
	LeavingSince *httpserver.Instant `json:"leaving_since,omitempty" doc:"When the member asked for the deletion of the account; absent for those who may not read it."`
}

func memberOf(r app.MemberRecord) Member {
	return Member{
		ID:           r.ID,
		Handle:       r.Handle,
		DisplayName:  r.DisplayName,
		About:        r.About,
		Location:     r.Location,
		RegisteredAt: httpserver.Instant(r.RegisteredAt),
		AuctionsWon:  r.AuctionsWon,
		AuctionsSold: r.AuctionsSold,
		Email:        r.Email,
		Status:       string(r.Status),
		VerifiedAt:   httpserver.SomeInstant(r.VerifiedAt),
		Roles:        rolesOf(r.Roles),
		LeavingSince: httpserver.SomeInstant(r.LeavingSince),
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
