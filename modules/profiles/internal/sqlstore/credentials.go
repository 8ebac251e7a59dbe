package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/gather"
	"github.com/gavelhq/gavel/platform/identity"
)

// Credentials is the app.Credentials. Every request asks for one; in PostgreSQL those that come at the same time share queries.
type Credentials struct {
	pool     *db.Pool
	sessions *gather.Rows[domain.Hash, sessionHolderRow]
	tokens   *gather.Rows[domain.Hash, tokenHolderRow]
}

var _ app.Credentials = (*Credentials)(nil)

// NewCredentials returns the credentials over pool.
func NewCredentials(pool *db.Pool) *Credentials {
	return &Credentials{
		pool:     pool,
		sessions: gather.FromPool(pool, sessionQuery(pool.Dialect())),
		tokens:   gather.FromPool(pool, tokenQuery(pool.Dialect())),
	}
}

// hashColumn is what sessions and tokens are found by.
var hashColumn = db.Column{Name: "hash", Type: db.Bytes}

func sessionQuery(d db.Dialect) gather.Query[domain.Hash, sessionHolderRow] {
	return byHash(d, selectSession, "sessions.hash", func(r sessionHolderRow) domain.Hash { return domain.Hash(r.Hash) })
}

func tokenQuery(d db.Dialect) gather.Query[domain.Hash, tokenHolderRow] {
	return byHash(d, selectToken, "api_tokens.hash", func(r tokenHolderRow) domain.Hash { return domain.Hash(r.Hash) })
}

// byHash returns the query for those of the selected rows that have a hash in the column.
func byHash[R any](d db.Dialect, selected, column string, hashOf func(R) domain.Hash) gather.Query[domain.Hash, R] {
	return gather.Query[domain.Hash, R]{
		Key: hashColumn,
		One: selected + `
		WHERE ` + column + ` = $1`,
		Many: selected + `
		JOIN ` + gather.From(d, hashColumn) + ` ON asked.hash = ` + column,
		Parameter: func(hash domain.Hash) any { return digest(hash) },
		KeyOf:     hashOf,
	}
}

// The questions. Each is one query by a unique index, whether or not something is found. Sessions and tokens are also found
// several at a time.
const (
	selectByEmail = `
		SELECT accounts.id, profiles.handle, accounts.email, accounts.password_hash, accounts.status, accounts.verified_at
		FROM accounts
		JOIN profiles ON profiles.id = accounts.id
		WHERE accounts.email_key = $1`
	selectSession = `
		SELECT sessions.id, sessions.version, sessions.account, sessions.hash, sessions.epoch, sessions.created_at,
			sessions.seen_at, sessions.client, sessions.user_agent,
			` + holderColumns + `
		FROM sessions
		JOIN accounts ON accounts.id = sessions.account`
	selectToken = `
		SELECT api_tokens.id, api_tokens.version, api_tokens.account, api_tokens.name, api_tokens.hash, api_tokens.epoch,
			api_tokens.scopes, api_tokens.created_at, api_tokens.expires_at, api_tokens.seen_at,
			` + holderColumns + `
		FROM api_tokens
		JOIN accounts ON accounts.id = api_tokens.account`
)

// ByEmail returns the account with that key of an address. Errors: domain.ErrMemberNotFound, db.ErrUnavailable.
func (c *Credentials) ByEmail(ctx context.Context, key string) (app.CredentialRecord, error) {
	if !storable(key) {
		key = "" // the key of nobody, which is looked for all the same
	}
	var row struct {
		ID           uuid.UUID    `db:"id"`
		Handle       string       `db:"handle"`
		Email        string       `db:"email"`
		PasswordHash string       `db:"password_hash"`
		Status       string       `db:"status"`
		VerifiedAt   db.MaybeTime `db:"verified_at"`
	}
	err := c.pool.Read().Get(ctx, &row, selectByEmail, key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return app.CredentialRecord{}, domain.ErrMemberNotFound
	case err != nil:
		return app.CredentialRecord{}, fmt.Errorf("look for an address: %w", err)
	}
	return app.CredentialRecord{
		Account: row.ID, Handle: row.Handle, Email: row.Email, PasswordHash: row.PasswordHash, Status: domain.Status(row.Status),
		Verified: !time.Time(row.VerifiedAt).IsZero(),
	}, nil
}

// holderColumns are those of a holderRow.
const holderColumns = `accounts.id AS holder_id, accounts.status AS holder_status, accounts.roles AS holder_roles,
			accounts.session_epoch AS holder_session_epoch, accounts.token_epoch AS holder_token_epoch`

// holderRow is the account behind a session or token.
type holderRow struct {
	ID           uuid.UUID           `db:"holder_id"`
	Status       string              `db:"holder_status"`
	Roles        list[identity.Role] `db:"holder_roles"`
	SessionEpoch int64               `db:"holder_session_epoch"`
	TokenEpoch   int64               `db:"holder_token_epoch"`
}

func (r holderRow) holder() app.Holder {
	return app.Holder{
		Account: r.ID, Status: domain.Status(r.Status), Roles: slices.Clone(r.Roles), SessionEpoch: r.SessionEpoch, TokenEpoch: r.TokenEpoch,
	}
}

// sessionHolderRow is a session and its account.
type sessionHolderRow struct {
	sessionRow
	holderRow
}

// BySession returns the session with that hash and its account. Errors: domain.ErrSessionNotFound, db.ErrUnavailable.
func (c *Credentials) BySession(ctx context.Context, hash domain.Hash) (app.SessionHolder, error) {
	row, found, err := c.sessions.Get(ctx, hash)
	switch {
	case err != nil:
		return app.SessionHolder{}, fmt.Errorf("look for a session: %w", err)
	case !found:
		return app.SessionHolder{}, domain.ErrSessionNotFound
	}
	return app.SessionHolder{Holder: row.holder(), Session: row.state()}, nil
}

// tokenHolderRow is an API token and its account.
type tokenHolderRow struct {
	tokenRow
	holderRow
}

// ByToken returns the API token with that hash and its account. Errors: domain.ErrTokenNotFound, db.ErrUnavailable.
func (c *Credentials) ByToken(ctx context.Context, hash domain.Hash) (app.TokenHolder, error) {
	row, found, err := c.tokens.Get(ctx, hash)
	switch {
	case err != nil:
		return app.TokenHolder{}, fmt.Errorf("look for a token: %w", err)
	case !found:
		return app.TokenHolder{}, domain.ErrTokenNotFound
	}
	token := row.state()
	token.Scopes = slices.Clone(token.Scopes) // others may have been given the same row
	return app.TokenHolder{Holder: row.holder(), Token: token}, nil
}
