package sqlstore

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/gavelhq/gavel/modules/listings/internal/app"
	"github.com/gavelhq/gavel/modules/listings/internal/domain"
)

// maxTables bounds how many increment tables are kept parsed. A site has a handful; amounts of "flat:N" are free.
const maxTables = 256

// tables turns increment tables into the text that listings carry, and back. Nearly all listings share a few tables, so
// they are parsed once and kept. It is safe for concurrent use.
type tables struct {
	mu     sync.RWMutex
	parsed map[string]domain.IncrementTable
}

func newTables() *tables { return &tables{parsed: map[string]domain.IncrementTable{}} }

// storedTable is a table as JSON.
type storedTable struct {
	Name string     `json:"name"`
	Rows [][2]int64 `json:"rows"` // from, increment
}

func storeTable(t domain.IncrementTable) storedTable {
	stored := storedTable{Name: t.Name()}
	for _, row := range t.Rows() {
		stored.Rows = append(stored.Rows, [2]int64{row.From, row.Increment})
	}
	return stored
}

func (t storedTable) restore() domain.IncrementTable {
	rows := make([]domain.IncrementRow, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = domain.IncrementRow{From: row[0], Increment: row[1]}
	}
	return domain.RestoreIncrementTable(t.Name, rows)
}

// encodeTable returns the table as text.
func encodeTable(t domain.IncrementTable) (string, error) {
	text, err := json.Marshal(storeTable(t))
	if err != nil {
		return "", fmt.Errorf("encode increment table %q: %w", t.Name(), err)
	}
	return string(text), nil
}

// decode returns the table of a text. Errors: a text that encodeTable did not write.
func (t *tables) decode(text string) (domain.IncrementTable, error) {
	t.mu.RLock()
	table, ok := t.parsed[text]
	t.mu.RUnlock()
	if ok {
		return table, nil
	}
	var stored storedTable
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return domain.IncrementTable{}, fmt.Errorf("%w: decode an increment table: %w", app.ErrUnreadable, err)
	}
	table = stored.restore()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.parsed) >= maxTables {
		clear(t.parsed)
	}
	t.parsed[text] = table
	return table, nil
}
