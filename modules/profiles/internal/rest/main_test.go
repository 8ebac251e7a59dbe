package rest_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/gavelhq/gavel/modules/profiles/sitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = sitetest.Map

// password is everybody's.
const password = sitetest.Password
