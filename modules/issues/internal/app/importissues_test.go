package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/issues/internal/app"
	"github.com/gavelhq/gavel/modules/issues/internal/domain"
)

// behind is a register that was read after others had imported something that the unit of work had looked for in vain; the
// first times that it is asked.
type behind struct {
	app.Register
	times, asked int
}

func (b *behind) Numbered(ctx context.Context, origins []domain.Origin) (map[domain.Origin]uuid.UUID, error) {
	if b.asked++; b.asked <= b.times {
		return map[domain.Origin]uuid.UUID{origins[0]: person(90)}, nil
	}
	return b.Register.Numbered(ctx, origins)
}

func foreignIssues(numbers ...int64) []domain.Foreign {
	var all []domain.Foreign
	for _, n := range numbers {
		all = append(all, domain.Foreign{Origin: domain.Origin{Repository: "r", Number: n}, Title: "T", ReportedAt: noon})
	}
	return all
}

func TestAnImportThatOthersWereFasterThan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		behind int
		want   app.Imported
		err    error
	}{
		"finds theirs the next time":  {1, app.Imported{Added: 1, Unchanged: 2}, nil},
		"or the last time":            {4, app.Imported{Added: 1, Unchanged: 2}, nil},
		"gives up after the last one": {5, app.Imported{}, domain.ErrIssueNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			_, err := app.NewImportIssues(d.Desk, d.register).Do(t.Context(), foreignIssues(2, 3))
			require.NoError(t, err)
			register := &behind{Register: d.register, times: c.behind}
			counts, err := app.NewImportIssues(d.Desk, register).Do(t.Context(), foreignIssues(1, 2, 3))
			require.ErrorIs(t, err, c.err)
			if c.err == nil {
				require.Equal(t, c.want, counts)
			}
			require.Equal(t, min(c.behind+1, 5), register.asked)
		})
	}
}
