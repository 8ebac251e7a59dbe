package oracle

// Shrink looks for a shorter and plainer history in which a subject disagrees with the rules still, and gives that
// disagreement, or nil when the history shows none. fresh makes a subject in which nothing has happened.
func Shrink(h History, fresh func() Subject) *Disagreement {
	_, found := Play(h, fresh())
	if found == nil {
		return nil
	}
	for {
		smaller := shrinkOnce(found, fresh)
		if smaller == nil {
			return found
		}
		found = smaller
	}
}

// shrinkOnce tries every simplification of a disagreement's history and gives the first that still disagrees.
func shrinkOnce(d *Disagreement, fresh func() Subject) *Disagreement {
	for _, candidate := range simplifications(d.History) {
		if _, found := Play(candidate, fresh()); found != nil {
			return found
		}
	}
	return nil
}

func simplifications(h History) []History {
	var simpler []History
	with := func(commands []Command) {
		simpler = append(simpler, History{Seed: h.Seed, Index: h.Index, Commands: commands})
	}
	// Long runs of commands first, then single ones: the last stays, for it is where the difference shows.
	for run := len(h.Commands) / 2; run > 0; run /= 2 {
		for from := 0; from+run < len(h.Commands); from += run {
			rest := append([]Command(nil), h.Commands[:from]...)
			with(append(rest, h.Commands[from+run:]...))
		}
	}
	for i, c := range h.Commands {
		for _, plainer := range plainerTerms(c.Terms) {
			commands := append([]Command(nil), h.Commands...)
			commands[i].Terms = plainer
			with(commands)
		}
	}
	return simpler
}

// plainerTerms drops one condition of a listing each time.
func plainerTerms(t Terms) []Terms {
	var plainer []Terms
	try := func(change func(*Terms)) {
		changed := t
		change(&changed)
		if changed.Reserve != t.Reserve || changed.BuyNow != t.BuyNow || changed.Soft != t.Soft {
			plainer = append(plainer, changed)
		}
	}
	try(func(t *Terms) { t.Reserve = 0 })
	try(func(t *Terms) { t.BuyNow = 0 })
	try(func(t *Terms) { t.Soft = SoftClose{} })
	return plainer
}
