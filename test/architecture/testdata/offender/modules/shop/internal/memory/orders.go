// Package memory is wired by itself instead of by its module.
package memory

import _ "go.uber.org/fx"
