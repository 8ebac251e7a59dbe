// Package fault knows a module.
package fault

import _ "example.com/offender/modules/shop/shopapi"
