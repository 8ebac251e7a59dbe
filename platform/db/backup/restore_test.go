package backup_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
	"github.com/gavelhq/gavel/platform/db/backup"
	"github.com/gavelhq/gavel/platform/db/dbtest"
)

func TestFromEveryDatabaseIntoEveryOther(t *testing.T) {
	t.Parallel()
	animals := herd(1100)
	for _, from := range slices.Sorted(maps.Keys(kinds)) {
		t.Run(from, func(t *testing.T) {
			t.Parallel()
			pool := kinds[from](t, farm(1))
			require.NoError(t, store(t.Context(), pool, animals))
			path := save(t, pool)
			for _, to := range slices.Sorted(maps.Keys(kinds)) {
				t.Run("to "+to, func(t *testing.T) {
					t.Parallel()
					place := kinds[to](t)
					a := open(t, path)
					require.NoError(t, a.Restore(t.Context(), place, []db.Migrations{farm(2)}, nil))
					require.Equal(t, animals, stored(t, place))
					require.Equal(t, 1100, search(t, place, "animal"))
					require.Equal(t, 1, search(t, place, "no1034"))
					versions, err := db.SchemaVersions(t.Context(), place.Read())
					require.NoError(t, err)
					require.Equal(t, map[string]int64{"farm": 2}, versions, "migrated to the program's schema")

					err = place.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
						_, err := tx.Exec(ctx, "UPDATE animals SET mother = $1 WHERE id = $2", uuid.Must(uuid.NewV7()), animals[0].ID)
						return err
					})
					var violated *db.ConstraintError
					require.ErrorAs(t, err, &violated, "foreign keys work again")

					t.Run("and back", func(t *testing.T) {
						back := kinds[from](t)
						require.NoError(t, open(t, save(t, place)).Restore(t.Context(), back, []db.Migrations{farm(2)}, nil))
						require.Equal(t, animals, stored(t, back))
					})
				})
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(2))
	require.NoError(t, store(t.Context(), pool, herd(3)))
	path := save(t, pool)

	dbtest.Each(t, func(t *testing.T, place *db.Pool) {
		t.Run("a place that is not empty", func(t *testing.T) {
			occupied := kinds[string(place.Dialect())](t, farm(2))
			mine := herd(1)
			require.NoError(t, store(t.Context(), occupied, mine))
			require.ErrorIs(t, open(t, path).Restore(t.Context(), occupied, []db.Migrations{farm(2)}, nil), backup.ErrNotEmpty)
			require.Equal(t, mine, stored(t, occupied))
		})
		t.Run("a schema that it does not know", func(t *testing.T) {
			require.ErrorIs(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil), backup.ErrNewer)
			require.ErrorIs(t, open(t, path).Restore(t.Context(), place, nil, nil), backup.ErrNewer)
		})
		t.Run("and leaves nothing when the check at the end fails", func(t *testing.T) {
			broken := errors.New("a chain is broken")
			err := open(t, path).Restore(t.Context(), place, []db.Migrations{farm(2)}, func(context.Context) error {
				require.Len(t, stored(t, place), 3, "it sees the rows")
				return broken
			})
			require.ErrorIs(t, err, broken)
			require.NoError(t, open(t, path).Restore(t.Context(), place, []db.Migrations{farm(2)}, nil), "the place is empty again")
		})
	})
}

// TestInterruptedRestore stands for a process that was killed between the rows and the verdict on them.
func TestInterruptedRestore(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	animals := herd(3)
	require.NoError(t, store(t.Context(), pool, animals))
	path := save(t, pool)
	dbtest.Each(t, func(t *testing.T, place *db.Pool) {
		killed := db.NewMigrator(place, []db.Migrations{farm(1)}, nil)
		require.NoError(t, killed.BeginRestore(t.Context()))
		_, err := killed.Up(t.Context())
		require.NoError(t, err)
		require.NoError(t, store(t.Context(), place, herd(2)))

		program := db.NewMigrator(place, []db.Migrations{farm(1)}, nil)
		require.ErrorIs(t, program.Check(t.Context()), db.ErrRestoring)
		told := int64(0)
		a := open(t, path)
		a.Progress = func(rows int64) { told = rows }
		require.NoError(t, a.Restore(t.Context(), place, []db.Migrations{farm(1)}, func(ctx context.Context) error {
			require.ErrorIs(t, program.Check(ctx), db.ErrRestoring, "nobody uses it before it is verified")
			return nil
		}))
		require.NoError(t, program.Check(t.Context()))
		require.Equal(t, animals, stored(t, place))
		require.EqualValues(t, 6, told)
	})
}

func TestRestoreLeavesTablesOfOthersAlone(t *testing.T) {
	t.Parallel()
	pool := dbtest.SQLite(t, farm(1))
	path := save(t, pool)
	dbtest.Each(t, func(t *testing.T, place *db.Pool) {
		require.NoError(t, place.Transact(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "CREATE TABLE theirs (id integer)")
			return err
		}))
		err := open(t, path).Restore(t.Context(), place, []db.Migrations{farm(1)}, nil)
		require.ErrorIs(t, err, backup.ErrNotEmpty)
		require.ErrorContains(t, err, "theirs")
		require.NoError(t, place.Read().Get(t.Context(), new(int), "SELECT count(*) FROM theirs"))
	})
}
