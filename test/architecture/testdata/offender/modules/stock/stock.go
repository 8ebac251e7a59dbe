// Package stock may import its own inside.
package stock

import _ "example.com/offender/modules/stock/internal/app"
