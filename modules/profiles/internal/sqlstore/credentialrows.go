package sqlstore

import (
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
)

// sessionRow is a row of sessions.
type sessionRow struct {
	ID        uuid.UUID `db:"id"`
	Version   int64     `db:"version"`
	Account   uuid.UUID `db:"account"`
	Hash      digest    `db:"hash"`
	Epoch     int64     `db:"epoch"`
	CreatedAt db.Micros `db:"created_at"`
	SeenAt    db.Micros `db:"seen_at"`
	ExpiresAt db.Micros `db:"expires_at"` // follows from the two above
	Client    string    `db:"client"`
	UserAgent string    `db:"user_agent"`
}

func sessionRowOf(session *domain.Session) sessionRow {
	s := session.State()
	return sessionRow{
		ID: s.ID, Version: s.Version, Account: s.Account, Hash: digest(s.Hash), Epoch: s.Epoch, CreatedAt: db.Micros(s.CreatedAt),
		SeenAt: db.Micros(s.SeenAt), ExpiresAt: db.Micros(s.ExpiresAt()), Client: s.Client, UserAgent: s.UserAgent,
	}
}

func (r sessionRow) state() domain.SessionState {
	return domain.SessionState{
		ID: r.ID, Version: r.Version, Account: r.Account, Hash: domain.Hash(r.Hash), Epoch: r.Epoch,
		CreatedAt: r.CreatedAt.Time(), SeenAt: r.SeenAt.Time(), Client: r.Client, UserAgent: r.UserAgent,
	}
}

func (r sessionRow) session() *domain.Session { return domain.RestoreSession(r.state()) }

// tokenRow is a row of api_tokens.
type tokenRow struct {
	ID        uuid.UUID    `db:"id"`
	Version   int64        `db:"version"`
	Account   uuid.UUID    `db:"account"`
	Name      string       `db:"name"`
	Hash      digest       `db:"hash"`
	Epoch     int64        `db:"epoch"`
	Scopes    list[string] `db:"scopes"`
	CreatedAt db.Micros    `db:"created_at"`
	ExpiresAt db.MaybeTime `db:"expires_at"`
	SeenAt    db.MaybeTime `db:"seen_at"`
}

func tokenRowOf(token *domain.APIToken) tokenRow {
	s := token.State()
	return tokenRow{
		ID: s.ID, Version: s.Version, Account: s.Account, Name: s.Name, Hash: digest(s.Hash), Epoch: s.Epoch, Scopes: s.Scopes,
		CreatedAt: db.Micros(s.CreatedAt), ExpiresAt: db.MaybeTime(s.ExpiresAt), SeenAt: db.MaybeTime(s.SeenAt),
	}
}

func (r tokenRow) state() domain.APITokenState {
	return domain.APITokenState{
		ID: r.ID, Version: r.Version, Account: r.Account, Name: r.Name, Hash: domain.Hash(r.Hash), Epoch: r.Epoch,
		Scopes: r.Scopes, CreatedAt: r.CreatedAt.Time(), ExpiresAt: time.Time(r.ExpiresAt), SeenAt: time.Time(r.SeenAt),
	}
}

func (r tokenRow) token() *domain.APIToken { return domain.RestoreAPIToken(r.state()) }

// deviceRow is a row of devices.
type deviceRow struct {
	ID      uuid.UUID `db:"id"`
	Version int64     `db:"version"`
	Account uuid.UUID `db:"account"`
	SeenAt  db.Micros `db:"seen_at"`
}

func deviceRowOf(d *domain.Device) deviceRow {
	s := d.State()
	return deviceRow{ID: s.ID, Version: s.Version, Account: s.Account, SeenAt: db.Micros(s.SeenAt)}
}

func (r deviceRow) device() *domain.Device {
	return domain.RestoreDevice(domain.DeviceState{ID: r.ID, Version: r.Version, Account: r.Account, SeenAt: r.SeenAt.Time()})
}

// throttleRow is a row of throttles.
type throttleRow struct {
	ID       uuid.UUID    `db:"id"`
	Version  int64        `db:"version"`
	Attempts int          `db:"attempts"`
	LastAt   db.MaybeTime `db:"last_at"`
	Until    db.MaybeTime `db:"until"`
}

func throttleRowOf(t *domain.Throttle) throttleRow {
	s := t.State()
	return throttleRow{
		ID: s.ID, Version: s.Version, Attempts: s.Attempts, LastAt: db.MaybeTime(s.LastAt), Until: db.MaybeTime(s.Until),
	}
}

func (r throttleRow) throttle() *domain.Throttle {
	return domain.RestoreThrottle(domain.ThrottleState{
		ID: r.ID, Version: r.Version, Attempts: r.Attempts, LastAt: time.Time(r.LastAt), Until: time.Time(r.Until),
	})
}
