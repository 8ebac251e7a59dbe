package app

import "example.com/offender/modules/shop/shopapi"

// Ask answers an event with a call.
func Ask(e shopapi.Event, orders shopapi.Orders) bool {
	return e.Kind == shopapi.KindOrdered && orders.Open() > 0
}
