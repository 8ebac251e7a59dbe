package memory

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/page"
)

// listed returns the member's notices that are listed.
func (v *Views) listed(member uuid.UUID, unread bool) []domain.NoticeState {
	return states(v.store.notices, (*domain.Notice).State, func(s domain.NoticeState) bool {
		return s.Member == member && s.Listed && (!unread || s.ReadAt.IsZero())
	})
}

func noticeKey(s domain.NoticeState) app.TimeKey { return app.TimeKeyOf(s.At, s.ID) }

// Notices returns one page of the member's notices. Errors: page.ErrInvalidCursor.
func (v *Views) Notices(
	_ context.Context, member uuid.UUID, unread bool, request page.Request,
) (page.Of[app.NoticeRecord], error) {
	found, err := newest(app.ListNotices, v.listed(member, unread), noticeKey, request)
	return page.Map(found, func(s domain.NoticeState) app.NoticeRecord {
		return app.NoticeRecord{ID: s.ID, News: s.News, ReadAt: s.ReadAt}
	}), err
}

// CountUnread returns how many notices are not read. Errors: none.
func (v *Views) CountUnread(_ context.Context, member uuid.UUID) (int, error) {
	return min(len(v.listed(member, true)), app.MaxUnread), nil
}

// UnreadNotices returns the newest notices that are not read. Errors: none.
func (v *Views) UnreadNotices(_ context.Context, member uuid.UUID, limit int) ([]uuid.UUID, error) {
	unread := v.listed(member, true)
	slices.SortFunc(unread, func(a, b domain.NoticeState) int { return noticeKey(b).Compare(noticeKey(a)) })
	var ids []uuid.UUID
	for _, s := range unread[:min(len(unread), max(limit, 0))] {
		ids = append(ids, s.ID)
	}
	return ids, nil
}

// MailDue returns the notices whose mails are to be tried next. Errors: none.
func (v *Views) MailDue(_ context.Context, limit int) ([]app.MailDue, error) {
	due := states(v.store.notices, (*domain.Notice).State, func(s domain.NoticeState) bool { return !s.DueAt.IsZero() })
	slices.SortFunc(due, func(a, b domain.NoticeState) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), compareIDs(a.ID, b.ID))
	})
	var next []app.MailDue
	for _, s := range due[:min(len(due), max(limit, 0))] {
		next = append(next, app.MailDue{ID: s.ID, At: s.DueAt})
	}
	return next, nil
}
