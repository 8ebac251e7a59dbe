package db_test

import (
	"database/sql/driver"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/platform/db"
)

func TestNoneIsNullInATable(t *testing.T) {
	t.Parallel()

	for _, none := range []driver.Valuer{db.MaybeID{}, db.MaybeTime{}, db.MaybeText("")} {
		value, err := none.Value()
		require.NoError(t, err)
		require.Nil(t, value, "%T", none)
	}
}

func TestNullIsNoneInTheProgram(t *testing.T) {
	t.Parallel()

	id, instant, text := db.MaybeID(uuid.New()), db.MaybeTime(time.Now()), db.MaybeText("before")
	require.NoError(t, id.Scan(nil))
	require.NoError(t, instant.Scan(nil))
	require.NoError(t, text.Scan(nil))

	require.True(t, time.Time(instant).IsZero())
	require.Empty(t, text)
}

func TestWhatIsThereComesBack(t *testing.T) {
	t.Parallel()

	id, instant := uuid.New(), time.UnixMicro(1_700_000_000_123_456).UTC()
	for _, kept := range []struct {
		written driver.Valuer
		read    interface{ Scan(any) error }
		same    func(read any) bool
	}{
		{db.MaybeID(id), new(db.MaybeID), func(read any) bool { return uuid.UUID(*read.(*db.MaybeID)) == id }},
		{db.MaybeTime(instant), new(db.MaybeTime), func(read any) bool { return time.Time(*read.(*db.MaybeTime)).Equal(instant) }},
		{db.MaybeText("é"), new(db.MaybeText), func(read any) bool { return *read.(*db.MaybeText) == "é" }},
	} {
		value, err := kept.written.Value()
		require.NoError(t, err)
		require.NoError(t, kept.read.Scan(value))
		require.True(t, kept.same(kept.read), "%T", kept.written)
	}
}

func TestWhatNoProgramOfOursWroteIsRefused(t *testing.T) {
	t.Parallel()

	require.ErrorIs(t, new(db.MaybeID).Scan("no uuid"), db.ErrUnreadable)
	require.ErrorIs(t, new(db.MaybeText).Scan(7), db.ErrUnreadable)
	_, err := db.TextOf(1.5)
	require.ErrorIs(t, err, db.ErrUnreadable)
}
