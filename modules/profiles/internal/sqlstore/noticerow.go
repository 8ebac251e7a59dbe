package sqlstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// noticeRow is a row of notices.
type noticeRow struct {
	ID        uuid.UUID    `db:"id"`
	Version   int64        `db:"version"`
	Member    uuid.UUID    `db:"member"`
	Kind      string       `db:"kind"`
	Subject   string       `db:"subject"`
	Text      string       `db:"text"`
	About     db.MaybeID   `db:"about"`
	Path      string       `db:"path"`
	At        db.Micros    `db:"at"`
	Listed    bool         `db:"listed"`
	ReadAt    db.MaybeTime `db:"read_at"`
	DueAt     db.MaybeTime `db:"due_at"`
	Attempts  int          `db:"attempts"`
	SentAt    db.MaybeTime `db:"sent_at"`
	GivenUpAt db.MaybeTime `db:"given_up_at"`
	Failure   string       `db:"failure"`
}

func noticeRowOf(n *domain.Notice) noticeRow {
	s := n.State()
	return noticeRow{
		ID: s.ID, Version: s.Version, Member: s.Member, Kind: string(s.Kind), Subject: s.Subject, Text: s.Text,
		About: db.MaybeID(s.About), Path: s.Path, At: db.Micros(s.At), Listed: s.Listed, ReadAt: db.MaybeTime(s.ReadAt),
		DueAt: db.MaybeTime(s.DueAt), Attempts: s.Attempts, SentAt: db.MaybeTime(s.SentAt), GivenUpAt: db.MaybeTime(s.GivenUpAt),
		Failure: s.Failure,
	}
}

func (r noticeRow) notice() *domain.Notice {
	return domain.RestoreNotice(domain.NoticeState{
		ID: r.ID, Version: r.Version, Member: r.Member,
		News:   r.news(),
		Listed: r.Listed, ReadAt: time.Time(r.ReadAt), DueAt: time.Time(r.DueAt), Attempts: r.Attempts,
		SentAt: time.Time(r.SentAt), GivenUpAt: time.Time(r.GivenUpAt), Failure: r.Failure,
	})
}

func (r noticeRow) news() domain.News {
	return domain.News{
		Kind: domain.NoticeKind(r.Kind), Subject: r.Subject, Text: r.Text, About: uuid.UUID(r.About), Path: r.Path,
		At: r.At.Time(),
	}
}
