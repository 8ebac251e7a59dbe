package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/page"
)

var noticeList = timeList[noticeRow, app.NoticeRecord]{
	name: app.ListNotices,
	query: `
		SELECT id, kind, subject, text, about, path, at, read_at
		FROM notices`,
	at: "at", id: "id",
	item: func(r noticeRow) (app.NoticeRecord, app.TimeKey) {
		return app.NoticeRecord{ID: r.ID, News: r.news(), ReadAt: time.Time(r.ReadAt)}, app.TimeKeyOf(r.At.Time(), r.ID)
	},
}

// Notices returns one page of the member's notices. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Notices(
	ctx context.Context, member uuid.UUID, unread bool, request page.Request,
) (page.Of[app.NoticeRecord], error) {
	var c conditions
	c.where("member = " + c.add(member))
	c.where("listed")
	if unread {
		c.where("read_at IS NULL")
	}
	return noticeList.page(ctx, v.pool, c, request)
}

const selectUnread = `
		SELECT id
		FROM notices
		WHERE member = $1 AND listed AND read_at IS NULL
		ORDER BY at DESC, id DESC
		LIMIT $2`

// CountUnread returns how many notices are not read. Errors: db.ErrUnavailable.
func (v *Views) CountUnread(ctx context.Context, member uuid.UUID) (n int, err error) {
	if err := v.pool.Read().Get(ctx, &n, `
		SELECT count(*)
		FROM (`+selectUnread+`) AS unread`, member, app.MaxUnread); err != nil {
		return 0, fmt.Errorf("count the unread notices of %s: %w", member, err)
	}
	return n, nil
}

// UnreadNotices returns the newest notices that are not read. Errors: db.ErrUnavailable.
func (v *Views) UnreadNotices(ctx context.Context, member uuid.UUID, limit int) (ids []uuid.UUID, err error) {
	if err := v.pool.Read().Select(ctx, &ids, selectUnread, member, max(limit, 0)); err != nil {
		return nil, fmt.Errorf("list the unread notices of %s: %w", member, err)
	}
	return ids, nil
}

const selectMailDue = `
		SELECT id, due_at
		FROM notices
		WHERE due_at IS NOT NULL
		ORDER BY due_at, id
		LIMIT $1`

// MailDue returns the notices whose mails are to be tried next. Errors: db.ErrUnavailable.
func (v *Views) MailDue(ctx context.Context, limit int) ([]app.MailDue, error) {
	var rows []struct {
		ID    uuid.UUID `db:"id"`
		DueAt db.Micros `db:"due_at"`
	}
	if err := v.pool.Read().Select(ctx, &rows, selectMailDue, max(limit, 0)); err != nil {
		return nil, fmt.Errorf("list the notices to be mailed: %w", err)
	}
	var due []app.MailDue
	for _, r := range rows {
		due = append(due, app.MailDue{ID: r.ID, At: r.DueAt.Time()})
	}
	return due, nil
}
