package domain_test

import (
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

func TestNothingSecretIsStoredButItsSHA256(t *testing.T) {
	t.Parallel()
	s := secret(7)
	require.Equal(t, domain.Hash(sha256.Sum256(s[:])), s.Hash())
	require.Equal(t, domain.Hash(sha256.Sum256([]byte("text"))), domain.HashOf("text"))

	a := sent(t, domain.PurposeVerify, s)
	require.Equal(t, s.Hash(), a.State().Mailed[0].Hash)
	session := domain.NewSession(ada, a, "text", domain.Client{}, noon)
	require.Equal(t, domain.HashOf("text"), session.State().Hash)
}
