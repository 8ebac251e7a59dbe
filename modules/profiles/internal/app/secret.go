package app

import (
	"encoding/base64"
	"fmt"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
)

// secret draws a secret.
func (h *House) secret() (domain.Secret, error) {
	var s domain.Secret
	if err := h.secrets.Draw(s[:]); err != nil {
		return domain.Secret{}, fmt.Errorf("draw a secret: %w", err)
	}
	return s, nil
}

// secretText draws a secret and writes it in letters that need no escaping, for cookies and API tokens.
func (h *House) secretText() (string, error) {
	s, err := h.secret()
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s[:]), nil
}
