package domain

// EncodeState returns the canonical bytes of a state, field by field as EncodeEntry writes them. Two states are equal
// exactly when their bytes are.
func EncodeState(s State) []byte {
	var all []byte
	for _, field := range stateFields(s) {
		all = append(all, field.bytes...)
	}
	return all
}

// stateField is one field of a state in canonical form.
type stateField struct {
	name  string
	bytes []byte
}

// stateFields returns every field of a state, named as people know it.
func stateFields(s State) []stateField {
	var all []stateField
	field := func(name string, write func(w *writer)) {
		w := writer{}
		write(&w)
		all = append(all, stateField{name: name, bytes: w.buf})
	}
	field("id", func(w *writer) { w.id(s.ID) })
	field("version", func(w *writer) { w.int(s.Version) })
	field("seller", func(w *writer) { w.id(s.Seller) })
	field("relisted from", func(w *writer) { w.id(s.RelistedFrom) })
	field("created at", func(w *writer) { w.time(s.CreatedAt) })
	field("ruleset", func(w *writer) { w.text(s.Ruleset) })
	field("currency", func(w *writer) { w.text(s.Currency.Code); w.int(int64(s.Currency.Digits)) })
	field("title", func(w *writer) { w.text(s.Title) })
	field("description", func(w *writer) { w.text(s.Description) })
	field("additions", func(w *writer) {
		w.list(len(s.Additions), func(w *writer, i int) { w.time(s.Additions[i].At); w.text(s.Additions[i].Text) })
	})
	field("increment table", func(w *writer) { w.table(s.Terms.Table) })
	field("start price", func(w *writer) { w.int(s.Terms.StartPrice) })
	field("reserve", func(w *writer) { w.int(s.Terms.Reserve) })
	field("buy now", func(w *writer) { w.int(s.Terms.BuyNow) })
	field("start", func(w *writer) { w.time(s.Terms.StartsAt) })
	field("duration", func(w *writer) { w.int(s.Terms.Duration.Microseconds()) })
	field("soft close", func(w *writer) { w.softClose(s.Terms.SoftClose) })
	field("status", func(w *writer) { w.text(string(s.Status)) })
	field("frozen", func(w *writer) { w.flag(s.Frozen) })
	field("end", func(w *writer) { w.time(s.EndsAt) })
	field("published end", func(w *writer) { w.time(s.PublishedEnd) })
	field("leader", func(w *writer) { w.bid(s.Standing.Leader) })
	field("runner-up", func(w *writer) { w.bid(s.Standing.RunnerUp) })
	field("price", func(w *writer) { w.int(s.Standing.Price); w.int(s.Standing.NextMinimum) })
	field("reserve met", func(w *writer) { w.flag(s.Standing.ReserveMet) })
	field("number of bids", func(w *writer) { w.int(s.Bids) })
	field("excluded members", func(w *writer) {
		w.list(len(s.Excluded), func(w *writer, i int) { w.id(s.Excluded[i]) })
	})
	field("winner", func(w *writer) { w.id(s.Winner); w.int(s.FinalPrice) })
	field("secret", func(w *writer) { w.hash(Hash(s.Secret)) })
	field("head", func(w *writer) { w.int(s.Head.Seq); w.hash(s.Head.Hash); w.time(s.Head.At) })
	return all
}

func (w *writer) bid(b Bid) {
	w.int(b.Seq)
	w.id(b.Bidder)
	w.int(b.Max)
}
