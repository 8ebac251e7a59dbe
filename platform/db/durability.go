package db

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Durability is what the connection that writes says about when a commit is on disk.
type Durability struct {
	// Values are the settings by name: synchronous and journal_mode in SQLite; synchronous_commit, fsync and
	// full_page_writes in PostgreSQL.
	Values map[string]string
	weak   []string
}

// Durability asks the connection that writes. Errors: ErrUnavailable, or what the driver reports.
func (p *Pool) Durability(ctx context.Context) (Durability, error) {
	// The settings must have one of these values for a commit to survive a power cut; 2 is FULL, 3 EXTRA.
	safe := map[string][]string{"synchronous": {"2", "3"}, "journal_mode": {"wal", "delete"}}
	ask := "PRAGMA "
	if p.Dialect() == Postgres {
		safe = map[string][]string{
			"synchronous_commit": {"on", "remote_apply", "remote_write", "local"},
			"fsync":              {"on"}, "full_page_writes": {"on"},
		}
		ask = "SHOW "
	}
	d := Durability{Values: map[string]string{}}
	for _, setting := range slices.Sorted(maps.Keys(safe)) {
		var value string
		if err := p.write.GetContext(ctx, &value, ask+setting); err != nil {
			return Durability{}, fmt.Errorf("read %s: %w", setting, p.translate(ctx, err))
		}
		d.Values[setting] = value
		if !slices.Contains(safe[setting], value) {
			d.weak = append(d.weak, setting+" = "+value)
		}
	}
	return d, nil
}

// Check returns an error that names the settings under which a power cut can lose an acknowledged write; nil if none
// can.
func (d Durability) Check() error {
	if len(d.weak) > 0 {
		return fmt.Errorf("a power cut can lose acknowledged writes: %s", strings.Join(d.weak, ", "))
	}
	return nil
}
