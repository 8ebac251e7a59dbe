package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/app"
	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/platform/identity"
)

func TestTwoEventsOfOneKindInOneCommandAreTwoMessages(t *testing.T) {
	t.Parallel()
	account := domain.RestoreAccount(domain.AccountState{ID: uuid.New(), Version: 3, Status: domain.StatusActive})
	for _, role := range []identity.Role{identity.Agent, identity.Lead} {
		require.NoError(t, account.Grant(role, uuid.Nil, noon))
	}
	recorded, _ := account.Settle()
	require.Len(t, recorded, 2)
	first, published := app.Message(account, recorded[0])
	require.True(t, published)
	second, _ := app.Message(account, recorded[1])
	require.Equal(t, first.Kind, second.Kind)
	require.Equal(t, first.Seq, second.Seq)
	require.NotEqual(t, first.ID, second.ID)
	again, _ := app.Message(account, recorded[1])
	require.Equal(t, second, again, "written twice it is noticed")
}
