package domain

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/platform/characters"
)

// What of a notice is kept, in characters. What is longer is cut, for a notice that is too long is better than none.
const (
	MaxNoticeSubject = 200
	MaxNoticeText    = 4000
	maxNoticePath    = 200
)

// News is what a notice tells.
type News struct {
	// Kind is what it is about.
	Kind NoticeKind
	// Subject is one line, Text some paragraphs, parted by empty lines; may be empty.
	Subject, Text string
	// About is what it is about; zero for nothing. Path is its page, from the site's root on; empty for none.
	About uuid.UUID
	Path  string
	// At is when it happened.
	At time.Time
}

// Channels are the ways on which a notice reaches its member.
type Channels struct {
	// Mailed and Listed say whether it is to be mailed and in the list.
	Mailed, Listed bool
}

// Notice is news for one member: an entry in the list of his notices, a mail, or both. Its words can be replaced until the
// mail may have left.
type Notice struct {
	record
	state NoticeState
}

// NoticeState is a notice as plain data for mappers.
type NoticeState struct {
	ID      uuid.UUID
	Version int64
	// Member is who is told.
	Member uuid.UUID
	News
	// Listed says whether it is in the list, ReadAt when it was read; zero for not yet.
	Listed bool
	ReadAt time.Time
	// DueAt is when the mail is tried next; zero if there is nothing to be mailed, any more or ever.
	DueAt time.Time
	// Attempts counts how often the mail was tried.
	Attempts int
	// SentAt is when a mail server took it, GivenUpAt when it was tried for the last time; both zero before.
	SentAt, GivenUpAt time.Time
	// Failure is what the last attempt failed with, without an address; empty for none.
	Failure string
}

// NewNotice returns news for the member, with a mail that is due at mailAt, or at once for the zero time. Errors:
// ErrInvalidNews.
func NewNotice(id, member uuid.UUID, news News, to Channels, mailAt, now time.Time) (*Notice, error) {
	news, err := news.checked()
	if err != nil || id == uuid.Nil || member == uuid.Nil {
		return nil, ErrInvalidNews
	}
	n := &Notice{
		record: record{id: id, changed: true},
		state:  NoticeState{ID: id, Member: member, News: news, Listed: to.Listed},
	}
	if to.Mailed {
		n.state.DueAt = due(mailAt, now)
	}
	return n, nil
}

// RestoreNotice returns the notice as it was stored, unchecked.
func RestoreNotice(s NoticeState) *Notice {
	return &Notice{record: record{id: s.ID, version: s.Version}, state: s}
}

// State returns the notice as plain data.
func (n *Notice) State() NoticeState {
	state := n.state
	state.Version = n.version
	return state
}

// Snapshot returns an independent copy.
func (n *Notice) Snapshot() *Notice { c := *n; return &c }

// Member returns who is told.
func (n *Notice) Member() uuid.UUID { return n.state.Member }

// Retell replaces what the notice tells, unless its mail was tried already or it tells something later. A mail that is due
// does not become due later by it; an entry that was read is unread again, since it says something else. Errors:
// ErrInvalidNews, also for another member's.
func (n *Notice) Retell(member uuid.UUID, news News, mailAt, now time.Time) error {
	news, err := news.checked()
	switch {
	case err != nil, member != n.state.Member:
		return ErrInvalidNews
	case n.state.Attempts > 0, news.At.Before(n.state.At), news.same(n.state.News):
		return nil
	}
	n.state.News = news
	n.state.ReadAt = time.Time{}
	if at := due(mailAt, now); n.state.DueAt.After(at) {
		n.state.DueAt = at
	}
	n.changed = true
	return nil
}

// Overtaken reports whether news of the instant at comes too late for this notice: its mail was tried already, and told
// something earlier.
func (n *Notice) Overtaken(at time.Time) bool {
	return n.state.Attempts > 0 && micros(at).After(n.state.At)
}

// Seen reports whether the member can know what it tells: he has read it, or its mail was tried.
func (n *Notice) Seen() bool { return n.state.Attempts > 0 || !n.state.ReadAt.IsZero() }

// Read notes that the member has seen it; the first time counts.
func (n *Notice) Read(now time.Time) {
	if !n.state.ReadAt.IsZero() {
		return
	}
	n.state.ReadAt = micros(now)
	n.changed = true
}

// DueForMail reports whether the mail is to be tried at the instant now.
func (n *Notice) DueForMail(now time.Time) bool {
	return !n.state.DueAt.IsZero() && !micros(now).Before(n.state.DueAt)
}

// Attempt begins to mail the notice: from now on it keeps its words. Whoever does so has it for himself for as long as hold;
// if he does not say what became of it until then, it is tried again.
func (n *Notice) Attempt(hold time.Duration, now time.Time) {
	n.state.Attempts++
	n.state.DueAt = micros(now.Add(hold))
	n.changed = true
}

// DropMail notes that nothing is to be mailed any more, because the member does not want or cannot get it.
func (n *Notice) DropMail() {
	if n.state.DueAt.IsZero() {
		return
	}
	n.state.DueAt = time.Time{}
	n.changed = true
}

// Sent notes that a mail server took it.
func (n *Notice) Sent(now time.Time) {
	if !n.state.SentAt.IsZero() {
		return
	}
	n.state.SentAt, n.state.DueAt, n.state.GivenUpAt, n.state.Failure = micros(now), time.Time{}, time.Time{}, ""
	n.changed = true
}

// Failed notes why an attempt failed, and that the next one is after the wait; without a wait there is none. What was sent
// meanwhile stays sent.
func (n *Notice) Failed(failure string, wait time.Duration, now time.Time) {
	if !n.state.SentAt.IsZero() {
		return
	}
	n.state.Failure = cut(oneLine(failure), MaxNoticeSubject)
	n.state.DueAt = micros(now.Add(wait))
	if wait <= 0 {
		n.state.DueAt, n.state.GivenUpAt = time.Time{}, micros(now)
	}
	n.changed = true
}

// PutBack takes an attempt back of which nothing left the house: it does not count, and the mail is due as it was before.
// attempt is the count that it had; if somebody else has begun another one meanwhile, nothing changes.
func (n *Notice) PutBack(attempt int, dueAt time.Time) {
	if n.state.Attempts != attempt || attempt == 0 || n.state.DueAt.IsZero() {
		return
	}
	n.state.Attempts--
	n.state.DueAt = micros(dueAt)
	n.changed = true
}

// due returns when a mail is due that is to leave at mailAt.
func due(mailAt, now time.Time) time.Time {
	if mailAt.IsZero() {
		return micros(now)
	}
	return micros(mailAt)
}

// checked returns the news as they are kept. Errors: ErrInvalidNews.
func (n News) checked() (News, error) {
	n.Subject = cut(oneLine(n.Subject), MaxNoticeSubject)
	n.Text = cut(paragraphs(n.Text), MaxNoticeText)
	n.At = micros(n.At)
	if !slices.Contains(NoticeKinds, n.Kind) || n.Subject == "" || n.At.IsZero() || !isPath(n.Path) {
		return News{}, ErrInvalidNews
	}
	return n, nil
}

// same reports whether two tell the same.
func (n News) same(other News) bool {
	again := n.At.Equal(other.At)
	n.At, other.At = time.Time{}, time.Time{}
	return again && n == other
}

// isPath reports whether a text is empty or leads to a page of the own site.
func isPath(path string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' || r == '"' || r == '<' || r == '>' }
	return path == "" || len(path) <= maxNoticePath && strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "//") &&
		!strings.ContainsFunc(path, odd)
}

// oneLine makes one line of a text, of what can be seen.
func oneLine(text string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case characters.Unprintable(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(visible), " ")
}

// paragraphs makes paragraphs of one line each, parted by one empty line.
func paragraphs(text string) string {
	var all []string
	var lines []string
	for line := range strings.Lines(text + "\n\n") {
		if line = oneLine(line); line != "" {
			lines = append(lines, line)
			continue
		}
		if len(lines) > 0 {
			all = append(all, strings.Join(lines, " "))
		}
		lines = nil
	}
	return strings.Join(all, "\n\n")
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimRightFunc(string([]rune(text)[:most-1]), unicode.IsSpace) + "…"
}
