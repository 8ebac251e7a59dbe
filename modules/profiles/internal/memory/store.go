// Package memory keeps members in memory, for tests and for trying things out. It makes the same promises as a database,
// but for one: nothing outlives the process.
package memory

import (
	"fmt"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/memory"
	"github.com/gavelhq/gavel/platform/uow"
)

// Store holds the data of the module. The repositories and the views of this package all work on one Store. It is safe for
// concurrent use.
type Store struct {
	db *memory.Database

	accounts       *table[*domain.Account]
	profiles       *table[*domain.Profile]
	settings       *table[*domain.NotificationSettings]
	takenHandles   *table[*domain.TakenHandle]
	sessions       *table[*domain.Session]
	tokens         *table[*domain.APIToken]
	devices        *table[*domain.Device]
	throttles      *table[*domain.Throttle]
	blocks         *table[*domain.Block]
	invitations    *table[*domain.Invitation]
	administrators *table[*domain.Administrators]
	sales          *table[*domain.Sale]
	notices        *table[*domain.Notice]
}

// errAddedMeanwhile makes the unit run again: it will find what was added meanwhile.
var errAddedMeanwhile = fmt.Errorf("%w: it is there already", uow.ErrConflict)

// NewStore returns an empty store whose units commit with everything else in db.
func NewStore(db *memory.Database) *Store {
	return &Store{
		db: db,
		accounts: newTable(db, errAddedMeanwhile, &uniqueKey[*domain.Account]{
			of:    func(a *domain.Account) string { return a.Email().Key() },
			taken: domain.ErrEmailTaken,
		}),
		profiles: newTable(db, errAddedMeanwhile, &uniqueKey[*domain.Profile]{
			of:    func(p *domain.Profile) string { return p.Handle().String() },
			taken: domain.ErrHandleTaken,
		}),
		settings:     newTable[*domain.NotificationSettings](db, errAddedMeanwhile, nil),
		takenHandles: newTable[*domain.TakenHandle](db, domain.ErrHandleTaken, nil),
		sessions: newTable(db, errAddedMeanwhile, &uniqueKey[*domain.Session]{
			of:    func(s *domain.Session) string { return hashKey(s.State().Hash) },
			taken: errAddedMeanwhile,
		}),
		tokens: newTable(db, errAddedMeanwhile, &uniqueKey[*domain.APIToken]{
			of:    func(t *domain.APIToken) string { return hashKey(t.State().Hash) },
			taken: errAddedMeanwhile,
		}),
		devices:        newTable[*domain.Device](db, errAddedMeanwhile, nil),
		throttles:      newTable[*domain.Throttle](db, errAddedMeanwhile, nil),
		blocks:         newTable[*domain.Block](db, domain.ErrAlreadyBlocked, nil),
		invitations:    newTable[*domain.Invitation](db, errAddedMeanwhile, nil),
		administrators: newTable[*domain.Administrators](db, errAddedMeanwhile, nil),
		sales:          newTable[*domain.Sale](db, errAddedMeanwhile, nil),
		notices:        newTable[*domain.Notice](db, errAddedMeanwhile, nil),
	}
}

func hashKey(hash domain.Hash) string { return string(hash[:]) }
