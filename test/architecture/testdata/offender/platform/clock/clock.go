// Package clock pulls sqlx into the core.
package clock

import _ "example.com/offender/platform/utils"
