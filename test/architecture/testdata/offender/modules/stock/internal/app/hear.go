package app

import heard "example.com/offender/modules/shop/shopapi"

// Hear knows nothing of shop but its events.
func Hear(e heard.Event) bool { return e.Kind == heard.KindOrdered }
