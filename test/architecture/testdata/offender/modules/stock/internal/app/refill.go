// Package app calls the module that calls it.
package app

import _ "example.com/offender/modules/shop/shopapi"
