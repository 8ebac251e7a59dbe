package oracle

import (
	"fmt"
	"strings"
)

// Subject is something that claims to keep the rules: the product's domain by itself, or behind its use cases.
type Subject interface {
	// Do carries out a command. A refusal is an answer; an error is what no rule explains.
	Do(Command) (Answer, error)
	// View shows a listing at an instant. An error is what no rule explains.
	View(listing int, at int64) (View, error)
	// Audit checks what the subject promises beyond the rules once a history is over: that replaying each log
	// gives the stored state, say. It returns what is broken.
	Audit() error
}

// Disagreement is the first step at which a subject and the rules part.
type Disagreement struct {
	History History
	Step    int // of History.Commands; as many as there are for the audit
	What    string
}

// Error tells the whole history up to the step, so that it can be read, and repeated from its seed and index.
func (d *Disagreement) Error() string {
	return fmt.Sprintf("the rules and the subject disagree after step %d: %s\n%s", d.Step, d.What, d.History)
}

// Play puts a history to the rules and to a subject, command by command, and compares the answer and the view after
// each. It gives what happened in the history, and the first disagreement or nil.
func Play(h History, s Subject) (map[Mark]bool, *Disagreement) {
	world := NewWorld()
	var now int64
	for i, c := range h.Commands {
		now = max(now, c.At)
		if what := step(world, s, c, now); what != "" {
			h.Commands = h.Commands[:i+1]
			return world.marks, &Disagreement{History: h, Step: i, What: what}
		}
	}
	if err := s.Audit(); err != nil {
		return world.marks, &Disagreement{History: h, Step: len(h.Commands), What: err.Error()}
	}
	return world.marks, nil
}

// step does one command on both sides and says what differs, if anything.
func step(world *World, s Subject, c Command, now int64) string {
	wanted := world.Do(c)
	got, err := s.Do(c)
	if err != nil {
		return fmt.Sprintf("%s: %v", c, err)
	}
	if strings.HasPrefix(got.Result, Invalid+"_") {
		got.Result = Invalid
	}
	if got != wanted {
		return fmt.Sprintf("%s: the answer\n  by the rules    %+v\n  by the subject  %+v", c, wanted, got)
	}
	seen, err := s.View(c.Listing, now)
	if err != nil {
		return fmt.Sprintf("view after %s: %v", c, err)
	}
	if right := world.View(c.Listing, now); seen != right {
		return fmt.Sprintf("%s: the view\n  by the rules    %+v\n  by the subject  %+v", c, right, seen)
	}
	return ""
}
