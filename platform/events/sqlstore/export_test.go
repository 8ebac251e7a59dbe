package sqlstore

// ForgetQuery returns what deletes old events.
func (o *Outbox) ForgetQuery() string { return o.forget }
