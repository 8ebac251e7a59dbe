package domain

import "github.com/google/uuid"

// MustNotKnow returns the member who must not know that there is the issue, because it is about him and somebody else
// reported it; zero for nobody.
func (s IssueState) MustNotKnow() uuid.UUID {
	if s.Subject.Member == s.Reporter.Member {
		return uuid.Nil
	}
	return s.Subject.Member
}

// WouldLearn returns the members who must not know of one of two issues and would learn of it from the other one, if that
// named it, as soon as they may read that as staff. Whoever must not know of either learns nothing.
func WouldLearn(a, b IssueState) []uuid.UUID {
	one, two := a.MustNotKnow(), b.MustNotKnow()
	var members []uuid.UUID
	if one == two {
		return nil
	}
	if one != uuid.Nil {
		members = append(members, one)
	}
	if two != uuid.Nil {
		members = append(members, two)
	}
	return members
}

// Other returns the issue beside its own that the event names; zero for none.
func (e Event) Other() uuid.UUID {
	switch p := e.Payload.(type) {
	case Linked:
		return p.Other
	case Rejected:
		return p.DuplicateOf
	case Duplicated:
		return p.Other
	case Merged:
		return p.Into
	case Absorbed:
		return p.Other
	default:
		return uuid.Nil
	}
}

// Concealing returns the event as staff see it who must not know of the other issue that it names, and false when they must
// not know of the event: what is public remains, without that issue.
func (e Event) Concealing() (Event, bool) { return e.For(AudienceReporter) }
