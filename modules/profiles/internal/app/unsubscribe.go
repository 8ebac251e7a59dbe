package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// Unsubscribe ends mails by the link in one of them. Whoever has the link may do so: nobody has to sign in for it.
type Unsubscribe struct{ house *House }

// NewUnsubscribe returns the use case.
func NewUnsubscribe(house *House) *Unsubscribe { return &Unsubscribe{house: house} }

// Do ends the mails that the link is good for; ended ones stay so. Errors: domain.ErrInvalidUnsubscription; uow.ErrBusy,
// uow.ErrOutcomeUnknown.
func (u *Unsubscribe) Do(ctx context.Context, token string) error {
	link, err := domain.ParseUnsubscription(token)
	if err != nil {
		return err
	}
	h := u.house
	return silently(ctx, h, request{operation: "unsubscribe", by: uuid.Nil},
		func(ctx context.Context, _ time.Time) (letter, error) {
			settings, err := h.Settings.Get(ctx, link.Member)
			if errors.Is(err, domain.ErrMemberNotFound) {
				return nil, domain.ErrInvalidUnsubscription
			}
			if err != nil {
				return nil, err
			}
			return nil, settings.Unsubscribe(link)
		})
}
