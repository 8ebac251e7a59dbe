package sqlstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/identity"
)

// accountRow is a row of accounts.
//
// The roles are in the row rather than in a table beside it: whoever waits for the row's lock reads the row anew, but what
// a query takes from another table is what was there before it waited.
type accountRow struct {
	ID             uuid.UUID           `db:"id"`
	Version        int64               `db:"version"`
	Email          string              `db:"email"`
	EmailKey       db.MaybeText        `db:"email_key"`
	PasswordHash   string              `db:"password_hash"`
	Status         string              `db:"status"`
	VerifiedAt     db.MaybeTime        `db:"verified_at"`
	Roles          list[identity.Role] `db:"roles"`
	SessionEpoch   int64               `db:"session_epoch"`
	TokenEpoch     int64               `db:"token_epoch"`
	Mailed         list[mailedToken]   `db:"mailed"`
	CreatedAt      db.Micros           `db:"created_at"`
	LeavingSince   db.MaybeTime        `db:"leaving_since"`
	GraceStartedAt db.MaybeTime        `db:"grace_started_at"`
}

// mailedToken is a domain.MailedToken in the JSON of an account.
type mailedToken struct {
	Purpose   domain.Purpose `json:"purpose"`
	Hash      []byte         `json:"hash"`
	Email     string         `json:"email"`
	ExpiresAt int64          `json:"expires_at"` // microseconds since 1970
}

func accountRowOf(a *domain.Account) accountRow {
	s := a.State()
	row := accountRow{
		ID: s.ID, Version: s.Version, Email: s.Email, EmailKey: db.MaybeText(a.Email().Key()), PasswordHash: s.PasswordHash,
		Status: string(s.Status), VerifiedAt: db.MaybeTime(s.VerifiedAt), Roles: s.Roles, SessionEpoch: s.SessionEpoch,
		TokenEpoch: s.TokenEpoch, CreatedAt: db.Micros(s.CreatedAt), LeavingSince: db.MaybeTime(s.LeavingSince),
		GraceStartedAt: db.MaybeTime(s.GraceStartedAt),
	}
	for _, m := range s.Mailed {
		row.Mailed = append(row.Mailed, mailedToken{
			Purpose: m.Purpose, Hash: m.Hash[:], Email: m.Email, ExpiresAt: m.ExpiresAt.UnixMicro(),
		})
	}
	return row
}

func (r accountRow) account() *domain.Account {
	s := domain.AccountState{
		ID: r.ID, Version: r.Version, Email: r.Email, PasswordHash: r.PasswordHash, Status: domain.Status(r.Status),
		VerifiedAt: time.Time(r.VerifiedAt), Roles: r.Roles, SessionEpoch: r.SessionEpoch, TokenEpoch: r.TokenEpoch,
		CreatedAt: r.CreatedAt.Time(), LeavingSince: time.Time(r.LeavingSince), GraceStartedAt: time.Time(r.GraceStartedAt),
	}
	for _, m := range r.Mailed {
		token := domain.MailedToken{Purpose: m.Purpose, Email: m.Email, ExpiresAt: time.UnixMicro(m.ExpiresAt).UTC()}
		copy(token.Hash[:], m.Hash)
		s.Mailed = append(s.Mailed, token)
	}
	return domain.RestoreAccount(s)
}
