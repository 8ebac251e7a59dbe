package db

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Settings say where the database is and how much of it to use. Zero values mean the defaults.
type Settings struct {
	// URL is "sqlite:" (gavel.db in DataDir), "sqlite:PATH" or "postgres://…". For PostgreSQL the parameter search_path
	// names a schema of its own; sslmode, if not given, is "disable" on this machine and "require" elsewhere.
	URL string
	// DataDir is the folder of the default SQLite file.
	DataDir string
	// MaxConnections bounds PostgreSQL's connections (default 20, at least 3), half of which write, or SQLite's readers
	// (default 4).
	MaxConnections int
	// ConnectTimeout bounds the making of one connection to PostgreSQL. Default 5 s.
	ConnectTimeout time.Duration
	// BusyTimeout is how long SQLite waits for another process's write. Default 5 s.
	BusyTimeout time.Duration
	// Unprepared turns off the statements that each connection keeps prepared, for poolers that cannot carry them
	// (pgbouncer before 1.21).
	Unprepared bool
}

// target is a database address, understood.
type target struct {
	dialect Dialect
	path    string   // SQLite: the file
	url     *url.URL // PostgreSQL
	shown   string   // without a password
}

func (s Settings) target() (target, error) {
	scheme, rest, ok := strings.Cut(s.URL, ":")
	switch {
	case ok && scheme == "sqlite":
		return s.sqliteTarget(strings.TrimPrefix(rest, "//"))
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return s.postgresTarget()
	default:
		// The text is not repeated: it may hold a password.
		return target{}, errors.New(`the database URL must be "sqlite:", "sqlite:PATH" or "postgres://…"`)
	}
}

func (s Settings) sqliteTarget(path string) (target, error) {
	if path == "" {
		if s.DataDir == "" {
			return target{}, errors.New(`the database URL "sqlite:" needs a data folder`)
		}
		path = filepath.Join(s.DataDir, "gavel.db")
	}
	if strings.HasPrefix(path, ":") {
		return target{}, errors.New("SQLite in memory is not supported: its connections would not share it")
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return target{}, fmt.Errorf("find %s: %w", path, err)
	}
	return target{dialect: SQLite, path: absolute, shown: "sqlite:" + path}, nil
}

// sqliteURI returns the address of the file with options, as SQLite's URI syntax wants it.
func sqliteURI(path string, options url.Values) string {
	u := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + u.EscapedPath() + "?" + options.Encode()
}

func (s Settings) postgresTarget() (target, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		// url.Error repeats the address, password included; its cause does not.
		var parsing *url.Error
		if errors.As(err, &parsing) {
			err = parsing.Err
		}
		return target{}, fmt.Errorf("the database URL: %w", err)
	}
	query := u.Query()
	defaults := map[string]string{
		"sslmode":                   sslMode(u.Hostname(), query.Get("host")),
		"connect_timeout":           strconv.Itoa(int(max(1, cmp.Or(s.ConnectTimeout, 5*time.Second)/time.Second))),
		"binary_parameters":         "yes", // saves a round trip with every query that is not prepared
		"fallback_application_name": "gavel",
	}
	for name, value := range defaults {
		if !query.Has(name) {
			query.Set(name, value)
		}
	}
	u.RawQuery = query.Encode()
	shown := "postgres://" + cmp.Or(u.Host, query.Get("host")) + u.Path
	return target{dialect: Postgres, url: u, shown: shown}, nil
}

// sslMode is what is used when the URL does not say: encryption wherever the bytes leave the machine.
func sslMode(hosts ...string) string {
	for _, host := range hosts {
		ip := net.ParseIP(host)
		if host != "" && host != "localhost" && !strings.HasPrefix(host, "/") && (ip == nil || !ip.IsLoopback()) {
			return "require"
		}
	}
	return "disable"
}
