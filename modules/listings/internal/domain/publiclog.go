package domain

// PublicEvent is an event as anybody may see it: the entry, its hash, and those commitments that are open. A member is
// an alias, and a maximum, the reserve or a text that is not open is a hash with a nonce that nobody can guess.
type PublicEvent struct {
	// Entry is what the chain covers.
	Entry
	// Hash is the event's.
	Hash Hash
	// Opened are the commitments that are open.
	Opened Openings
}

// Openings open commitments of an entry; nil leaves one closed. There is none for the reserve, for member ids and for
// command ids, which are never public.
type Openings struct {
	// Maximum opens Entry.Maximum.
	Maximum *OpenedAmount
	// Title and Description open those of Entry.Terms, Text opens Entry.Text.
	Title, Description, Text *OpenedText
}

// OpenedAmount opens a commitment to an amount: SHA-256(nonce ‖ amount as 8 bytes, big-endian).
type OpenedAmount struct {
	// Amount is in minor units of the entry's currency.
	Amount int64
	Nonce  Hash
}

// OpenedText opens a commitment to a text: SHA-256(nonce ‖ text).
type OpenedText struct {
	Text  string
	Nonce Hash
}

// Disclosure decides what of a listing's log is public, as the listing stands now.
//
// While it runs, frozen or not, the amounts of the present leader's bids stay closed, those of withdrawn bids (they
// may have led, and may lead again), and reasons. So they do for good when the listing is cancelled: a seller could
// otherwise cancel to learn what the leader would pay, and list again. Once it has ended, only the winner's amounts
// stay closed.
type Disclosure struct {
	secret Secret
	status Status
	hidden Alias // whose amounts stay closed
}

// NewDisclosure returns what is public of the log of a listing in that state.
func NewDisclosure(s State) Disclosure {
	d := Disclosure{secret: s.Secret, status: s.Status, hidden: s.Secret.AliasOf(s.Standing.Leader.Bidder)}
	if s.Status.Ended() {
		d.hidden = s.Secret.AliasOf(s.Winner)
	}
	return d
}

// Publish returns the public form of an event of the log. Withdrawn says whether a later event retracts or cancels it.
func (d Disclosure) Publish(e Event, withdrawn bool) PublicEvent {
	p := PublicEvent{Entry: e.Entry, Hash: e.Hash}
	if !e.Maximum.IsZero() && e.Bidder != d.hidden && (d.status.Ended() || !withdrawn) {
		p.Opened.Maximum = &OpenedAmount{Amount: e.Sealed.Maximum, Nonce: d.secret.key().nonce(ofMaximum, e.Seq)}
	}
	if e.Kind == KindDescribed || d.status.Final() {
		p.Opened.Text = d.text(ofText, e.Seq, e.Sealed.Text)
	}
	if e.Terms != nil {
		p.Opened.Title = d.text(ofTitle, e.Seq, e.Sealed.Title)
		p.Opened.Description = d.text(ofDescription, e.Seq, e.Sealed.Description)
	}
	return p
}

// text opens a text; none, or one that was erased, stays closed.
func (d Disclosure) text(of commitment, seq int64, text string) *OpenedText {
	if text == "" {
		return nil
	}
	return &OpenedText{Text: text, Nonce: d.secret.key().nonce(of, seq)}
}

// PublicLog returns the public form of a whole log.
func PublicLog(s State, events []Event) []PublicEvent {
	withdrawn := map[int64]bool{}
	for _, e := range events {
		for _, seq := range e.Withdrawn {
			withdrawn[seq] = true
		}
	}
	disclosure := NewDisclosure(s)
	public := make([]PublicEvent, len(events))
	for i, e := range events {
		public[i] = disclosure.Publish(e, withdrawn[e.Seq])
	}
	return public
}

// NextPublic checks the next event of a public log: the chain, and that what is open is what the entry commits to.
// Errors: *Flaw.
func (c *Chain) NextPublic(e PublicEvent) error {
	if err := c.Next(e.Entry, e.Hash); err != nil {
		return err
	}
	if field := e.misopened(); field != "" {
		return c.flaw(e.Seq, ProblemOpening, "the %s that was opened is not the one that it commits to", field)
	}
	return nil
}

// misopened names the first opening that does not fit its commitment; empty if all do.
func (e PublicEvent) misopened() string {
	terms := PublishedTerms{}
	if e.Terms != nil {
		terms = *e.Terms
	}
	switch o := e.Opened; {
	case o.Maximum != nil && commitAmount(o.Maximum.Nonce, o.Maximum.Amount) != e.Maximum:
		return "maximum"
	case !o.Title.opens(terms.Title):
		return "title"
	case !o.Description.opens(terms.Description):
		return "description"
	case !o.Text.opens(e.Text):
		return "text"
	default:
		return ""
	}
}

// opens reports whether o opens the commitment; nil contradicts nothing.
func (o *OpenedText) opens(commitment Hash) bool {
	return o == nil || commitText(o.Nonce, o.Text) == commitment
}
