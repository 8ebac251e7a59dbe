package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
)

// OwnSchema creates a schema with a name of its own in a PostgreSQL database and returns settings that live in it, for
// work on a throw-away store; the rest of the database is not touched. drop removes it with all that it holds; pools on
// it must be closed first. Errors: an address that is not PostgreSQL's, ErrUnavailable, or what the server reports.
func OwnSchema(ctx context.Context, s Settings) (own Settings, drop func(context.Context) error, err error) {
	pool, err := Open(s)
	if err != nil {
		return Settings{}, nil, err
	}
	if pool.Dialect() != Postgres {
		return Settings{}, nil, fmt.Errorf("%s has no schemas: only PostgreSQL has", pool)
	}
	name := "gavel_" + strings.ToLower(rand.Text())
	if _, err := pool.write.ExecContext(ctx, "CREATE SCHEMA "+name); err != nil {
		err = fmt.Errorf("create schema %s: %w", name, pool.translate(ctx, err))
		return Settings{}, nil, errors.Join(err, pool.Close())
	}
	drop = func(ctx context.Context) error {
		_, err := pool.write.ExecContext(ctx, "DROP SCHEMA "+name+" CASCADE")
		if err != nil {
			err = fmt.Errorf("drop schema %s: %w", name, pool.translate(ctx, err))
		}
		return errors.Join(err, pool.Close())
	}
	u := *pool.target.url
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	own = s
	own.URL = u.String()
	return own, drop, nil
}
