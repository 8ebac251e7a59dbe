package app

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/events"
)

var publishedKinds = map[domain.EventKind]string{
	domain.EventRegistered: profilesapi.KindRegistered,
	domain.EventApproved:   profilesapi.KindApproved,
	domain.EventVerified:   profilesapi.KindVerified,
	domain.EventSuspended:  profilesapi.KindSuspended,
	domain.EventReinstated: profilesapi.KindReinstated,
	domain.EventSignedOut:  profilesapi.KindSignedOut,
	domain.EventRolesSet:   profilesapi.KindRolesSet,
	domain.EventDeleted:    profilesapi.KindDeleted,
}

// Message is the published form of an event that an account recorded: what other modules may know of it, which is no
// address and no reason. Every event is published. Its id follows from the account, the seq and the index, so that
// writing it twice is noticed, and two of one kind are two.
func Message(_ *domain.Account, e domain.Event) (events.Message, bool) {
	roles := make([]string, len(e.Roles))
	for i, role := range e.Roles {
		roles[i] = string(role)
	}
	published := profilesapi.Event{MemberID: e.Account, Seq: e.Seq, At: e.At, Roles: roles}
	if e.Actor != uuid.Nil {
		published.ActorID = &e.Actor
	}
	payload, err := json.Marshal(published)
	if err != nil {
		panic(fmt.Sprintf("write %s as JSON: %v", e.Kind, err)) // plain fields cannot fail
	}
	return events.Message{
		ID:        uuid.NewSHA1(e.Account, fmt.Appendf(nil, "event %d %d", e.Seq, e.Index)),
		Kind:      publishedKinds[e.Kind],
		Aggregate: e.Account,
		Seq:       e.Seq,
		At:        e.At,
		Payload:   payload,
	}, true
}
