package app

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gavelhq/gavel/modules/profiles/internal/domain"
	"github.com/gavelhq/gavel/modules/profiles/profilesapi"
	"github.com/gavelhq/gavel/platform/identity"
)

// portable is what this module keeps of one member.
type portable struct {
	member   MemberRecord
	settings SettingsRecord
	sessions []SessionRecord
	tokens   []TokenRecord
	blocks   []BlockRecord
	notices  []NoticeRecord // those in his list
}

// inFiles writes each part as a file of its own. The names of its members are promised: people keep their archives.
func inFiles(p portable) ([]profilesapi.PortableData, error) {
	parts := []struct {
		file  string
		value any
	}{
		{"account.json", accountOf(p.member)},
		{"profile.json", profileOf(p.member)},
		{"settings.json", settingsOf(p.settings)},
		{"sessions.json", eachOf(p.sessions, sessionOf)},
		{"tokens.json", eachOf(p.tokens, tokenOf)},
		{"blocks.json", eachOf(p.blocks, blockOf)},
		{"notices.json", eachOf(p.notices, noticeOf)},
	}
	files := make([]profilesapi.PortableData, len(parts))
	for i, part := range parts {
		text, err := json.MarshalIndent(part.value, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", part.file, err)
		}
		files[i] = profilesapi.PortableData{File: part.file, JSON: append(text, '\n')}
	}
	return files, nil
}

type portableAccount struct {
	ID           uuid.UUID       `json:"id"`
	Email        string          `json:"email"`
	Status       string          `json:"status"`
	Roles        []identity.Role `json:"roles"`
	RegisteredAt time.Time       `json:"registered_at"`
	VerifiedAt   *time.Time      `json:"verified_at"`
	LeavingSince *time.Time      `json:"leaving_since"`
}

func accountOf(m MemberRecord) portableAccount {
	return portableAccount{
		ID: m.ID, Email: m.Email, Status: string(m.Status), Roles: append([]identity.Role{identity.Member}, m.Roles...),
		RegisteredAt: m.RegisteredAt, VerifiedAt: instant(m.VerifiedAt), LeavingSince: instant(m.LeavingSince),
	}
}

type portableProfile struct {
	Handle      string `json:"handle"`
	DisplayName string `json:"display_name"`
	About       string `json:"about"`
	Location    string `json:"location"`
}

func profileOf(m MemberRecord) portableProfile {
	return portableProfile{Handle: m.Handle, DisplayName: m.DisplayName, About: m.About, Location: m.Location}
}

type portableSettings struct {
	Muted    []domain.NoticeKind `json:"muted"`
	Unlisted []domain.NoticeKind `json:"unlisted"`
}

func settingsOf(s SettingsRecord) portableSettings {
	same := func(kind domain.NoticeKind) domain.NoticeKind { return kind }
	return portableSettings{Muted: eachOf(s.Muted, same), Unlisted: eachOf(s.Unlisted, same)}
}

type portableSession struct {
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Client    string    `json:"client"`
	UserAgent string    `json:"user_agent"`
}

func sessionOf(s SessionRecord) portableSession {
	return portableSession{
		CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt, Client: s.Client, UserAgent: s.UserAgent,
	}
}

type portableToken struct {
	Name      string     `json:"name"`
	Scopes    []string   `json:"scopes"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
	SeenAt    *time.Time `json:"seen_at"`
}

func tokenOf(t TokenRecord) portableToken {
	return portableToken{
		Name: t.Name, Scopes: t.Scopes, CreatedAt: t.CreatedAt, ExpiresAt: instant(t.ExpiresAt), SeenAt: instant(t.SeenAt),
	}
}

type portableBlock struct {
	Member uuid.UUID `json:"member_id"`
	Handle string    `json:"handle"`
	At     time.Time `json:"at"`
}

func blockOf(b BlockRecord) portableBlock { return portableBlock(b) }

type portableNotice struct {
	Kind    domain.NoticeKind `json:"kind"`
	Subject string            `json:"subject"`
	Text    string            `json:"text"`
	Path    string            `json:"path"`
	At      time.Time         `json:"at"`
	ReadAt  *time.Time        `json:"read_at"`
}

func noticeOf(n NoticeRecord) portableNotice {
	return portableNotice{
		Kind: n.News.Kind, Subject: n.News.Subject, Text: n.News.Text, Path: n.News.Path, At: n.News.At, ReadAt: instant(n.ReadAt),
	}
}

// eachOf never returns nil, which would be null.
func eachOf[R, P any](records []R, convert func(R) P) []P {
	all := make([]P, len(records))
	for i, r := range records {
		all[i] = convert(r)
	}
	return all
}

// instant returns nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
