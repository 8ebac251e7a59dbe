// Package uow uses test code in the product.
package uow

import _ "testing"
