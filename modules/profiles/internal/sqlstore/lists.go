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

// timeList is a list that begins with the newest: what a query finds that ends in its conditions.
type timeList[R, T any] struct {
	// name is the list's, in cursors.
	name string
	// query is the SELECT up to its conditions; at and id are the columns of its order.
	query, at, id string
	// item converts a row and tells its key.
	item func(R) (T, app.TimeKey)
}

// keyed is an item with its key.
type keyed[T any] struct {
	item T
	key  app.TimeKey
}

// page returns one page of the rows that fulfil the conditions. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (l timeList[R, T]) page(ctx context.Context, pool *db.Pool, c conditions, request page.Request) (page.Of[T], error) {
	after, resumed, err := page.Decode[app.TimeKey](l.name, request.Cursor)
	if err != nil {
		return page.Of[T]{}, err
	}
	if resumed {
		c.newestAfter(l.at, l.id, after)
	}
	query := l.query + c.clause() + `
		ORDER BY ` + l.at + ` DESC, ` + l.id + ` DESC
		LIMIT ` + c.add(request.Size()+1)
	var rows []R
	if err := pool.Read().Select(ctx, &rows, query, c.args...); err != nil {
		return page.Of[T]{}, fmt.Errorf("list %s: %w", l.name, err)
	}
	items := make([]keyed[T], len(rows))
	for i, row := range rows {
		items[i].item, items[i].key = l.item(row)
	}
	cut := page.Cut(request, items, func(k keyed[T]) page.Cursor { return page.Encode(l.name, k.key) })
	return page.Map(cut, func(k keyed[T]) T { return k.item }), nil
}

var sessionList = timeList[sessionRow, app.SessionRecord]{
	name: app.ListSessions,
	query: `
		SELECT sessions.id, sessions.created_at, sessions.seen_at, sessions.expires_at, sessions.client, sessions.user_agent
		FROM sessions
		JOIN accounts ON accounts.id = sessions.account AND accounts.session_epoch = sessions.epoch`,
	at: "sessions.created_at", id: "sessions.id",
	item: func(r sessionRow) (app.SessionRecord, app.TimeKey) {
		return app.SessionRecord{
			ID: r.ID, CreatedAt: r.CreatedAt.Time(), SeenAt: r.SeenAt.Time(), ExpiresAt: r.ExpiresAt.Time(), Client: r.Client,
			UserAgent: r.UserAgent,
		}, app.TimeKeyOf(r.CreatedAt.Time(), r.ID)
	},
}

// Sessions returns one page of the member's valid sessions. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Sessions(
	ctx context.Context, member uuid.UUID, now time.Time, request page.Request,
) (page.Of[app.SessionRecord], error) {
	var c conditions
	c.where("sessions.account = " + c.add(member))
	c.where("sessions.expires_at > " + c.add(db.Micros(now)))
	return sessionList.page(ctx, v.pool, c, request)
}

// fromTokens are the tokens of accounts' present epochs.
const fromTokens = `
		FROM api_tokens
		JOIN accounts ON accounts.id = api_tokens.account AND accounts.token_epoch = api_tokens.epoch`

var tokenList = timeList[tokenRow, app.TokenRecord]{
	name: app.ListTokens,
	query: `
		SELECT api_tokens.id, api_tokens.name, api_tokens.scopes, api_tokens.created_at, api_tokens.expires_at, api_tokens.seen_at` +
		fromTokens,
	at: "api_tokens.created_at", id: "api_tokens.id",
	item: func(r tokenRow) (app.TokenRecord, app.TimeKey) {
		return app.TokenRecord{
			ID: r.ID, Name: r.Name, Scopes: r.Scopes, CreatedAt: r.CreatedAt.Time(), ExpiresAt: time.Time(r.ExpiresAt),
			SeenAt: time.Time(r.SeenAt),
		}, app.TimeKeyOf(r.CreatedAt.Time(), r.ID)
	},
}

// Tokens returns one page of the member's API tokens. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Tokens(ctx context.Context, member uuid.UUID, request page.Request) (page.Of[app.TokenRecord], error) {
	var c conditions
	c.where("api_tokens.account = " + c.add(member))
	return tokenList.page(ctx, v.pool, c, request)
}

// CountTokens returns how many API tokens the member has. Errors: uow.ErrNoUnit, uow.ErrEnded, uow.ErrConflict,
// db.ErrUnavailable.
func (v *Views) CountTokens(ctx context.Context, member uuid.UUID) (int, error) {
	tx, err := v.pool.Tx(ctx)
	if err != nil {
		return 0, err
	}
	var n int
	if err := tx.Get(ctx, &n, `
		SELECT count(*)`+fromTokens+`
		WHERE api_tokens.account = $1`, member); err != nil {
		return 0, fmt.Errorf("count the tokens of %s: %w", member, err)
	}
	return n, nil
}

// namedBlockRow is a block with the handle of the blocked member.
type namedBlockRow struct {
	Blocked uuid.UUID `db:"blocked"`
	Handle  string    `db:"handle"`
	At      db.Micros `db:"at"`
}

var blockList = timeList[namedBlockRow, app.BlockRecord]{
	name: app.ListBlocks,
	query: `
		SELECT blocks.blocked, blocks.at, coalesce(profiles.handle, '') AS handle
		FROM blocks
		LEFT JOIN profiles ON profiles.id = blocks.blocked`,
	at: "blocks.at", id: "blocks.blocked",
	item: func(r namedBlockRow) (app.BlockRecord, app.TimeKey) {
		return app.BlockRecord{Member: r.Blocked, Handle: r.Handle, At: r.At.Time()}, app.TimeKeyOf(r.At.Time(), r.Blocked)
	},
}

// Blocks returns one page of the members that this one has blocked. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Blocks(ctx context.Context, owner uuid.UUID, request page.Request) (page.Of[app.BlockRecord], error) {
	var c conditions
	c.where("blocks.owner = " + c.add(owner))
	return blockList.page(ctx, v.pool, c, request)
}

var invitationList = timeList[invitationRow, app.InvitationRecord]{
	name: app.ListInvitations,
	query: `
		SELECT id, email, inviter, created_at, expires_at, used_by
		FROM invitations`,
	at: "created_at", id: "id",
	item: func(r invitationRow) (app.InvitationRecord, app.TimeKey) {
		return app.InvitationRecord{
			ID: r.ID, Email: r.Email, Inviter: uuid.UUID(r.Inviter), CreatedAt: r.CreatedAt.Time(), ExpiresAt: r.ExpiresAt.Time(),
			UsedBy: uuid.UUID(r.UsedBy),
		}, app.TimeKeyOf(r.CreatedAt.Time(), r.ID)
	},
}

// Invitations returns one page of the invitations. Errors: page.ErrInvalidCursor, db.ErrUnavailable.
func (v *Views) Invitations(ctx context.Context, request page.Request) (page.Of[app.InvitationRecord], error) {
	return invitationList.page(ctx, v.pool, conditions{}, request)
}
