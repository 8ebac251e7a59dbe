// Package canary searches for secrets where they must not be: a test plays with passwords, amounts and tokens that occur
// nowhere else, captures what leaves the program on every channel, and asks what was seen.
package canary

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Sight is a secret that was seen.
type Sight struct {
	// Secret is its name.
	Secret string
	// Channel and Place say where: "answers", "GET /api/v1/me to ada".
	Channel, Place string
	// Form says how it was written there; the first that was found, if there were several.
	Form string
}

// Scanner searches what was captured for secrets. It is safe for concurrent use.
type Scanner struct {
	mu       sync.Mutex
	secrets  map[string]Secret
	allowed  []allowance
	captured map[string][]piece // by channel
}

// piece is what was captured at one place.
type piece struct {
	place   string
	content []byte
}

// allowance lets a secret be seen.
type allowance struct {
	secret, channel string
	place           string                  // empty for any place of the channel
	where           func(place string) bool // nil for any, too
	expected        bool
}

func (a allowance) fits(s Sight) bool {
	return a.secret == s.Secret && a.channel == s.Channel && (a.place == "" || a.place == s.Place) &&
		(a.where == nil || a.where(s.Place))
}

// NewScanner returns a scanner that knows no secret.
func NewScanner() *Scanner {
	return &Scanner{secrets: map[string]Secret{}, captured: map[string][]piece{}}
}

// Watch searches for the secret from now on, also in what was captured before. A secret of the same name is replaced.
func (s *Scanner) Watch(secrets ...Secret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		s.secrets[secret.Name] = secret
	}
}

// Permit says that the secret of that name may be seen at the place of the channel; no place stands for all.
func (s *Scanner) Permit(secret, channel, place string) {
	s.allow(allowance{secret: secret, channel: channel, place: place})
}

// PermitWhere says that the secret of that name may be seen at those places of the channel.
func (s *Scanner) PermitWhere(secret, channel string, where func(place string) bool) {
	s.allow(allowance{secret: secret, channel: channel, where: where})
}

// Expect says that the secret of that name must be seen at the place of the channel: whom it belongs to is shown it there.
func (s *Scanner) Expect(secret, channel, place string) {
	s.allow(allowance{secret: secret, channel: channel, place: place, expected: true})
}

func (s *Scanner) allow(a allowance) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed = append(s.allowed, a)
}

// Capture keeps bytes that left on a channel. What is compressed in them is searched unpacked, too.
func (s *Scanner) Capture(channel, place string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.captured[channel] = append(s.captured[channel], piece{place: place, content: bytes.Clone(content)})
}

// Blank returns a scanner that knows the same secrets, and where they may be seen, and has captured nothing: what is captured
// there tells whether these rules find it.
func (s *Scanner) Blank() *Scanner {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Scanner{secrets: maps.Clone(s.secrets), allowed: slices.Clone(s.allowed), captured: map[string][]piece{}}
}

// Report is what a scanner found.
type Report struct {
	// Leaks are the secrets that were seen where they may not be.
	Leaks []Sight
	// Missing are the sights that were expected and did not come: then the search is not to be trusted.
	Missing []Sight
	// Secrets is how many were searched for, Forms in how many forms.
	Secrets, Forms int
	// Channels is how many bytes each channel brought, unpacked.
	Channels map[string]int
}

// Scan searches everything that was captured. Errors: what looks compressed cannot be unpacked.
func (s *Scanner) Scan() (Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	report := Report{Secrets: len(s.secrets), Channels: map[string]int{}}
	for _, secret := range s.secrets {
		report.Forms += len(secret.forms)
	}
	forms, met := newIndex(s.secrets), make([]bool, len(s.allowed))
	for channel, pieces := range s.captured {
		for _, p := range pieces {
			content, err := unpacked(p.content)
			if err != nil {
				return Report{}, fmt.Errorf("unpack %s, %s: %w", channel, p.place, err)
			}
			report.Channels[channel] += len(content)
			for secret, form := range forms.search(content) {
				sight, allowed := Sight{Secret: secret, Channel: channel, Place: p.place, Form: form}, false
				for i, a := range s.allowed {
					if a.fits(sight) {
						allowed, met[i] = true, true
					}
				}
				if !allowed {
					report.Leaks = append(report.Leaks, sight)
				}
			}
		}
	}
	for i, a := range s.allowed {
		if a.expected && !met[i] {
			report.Missing = append(report.Missing, Sight{Secret: a.secret, Channel: a.channel, Place: a.place})
		}
	}
	slices.SortFunc(report.Leaks, func(a, b Sight) int {
		return cmp.Or(strings.Compare(a.Secret, b.Secret), strings.Compare(a.Channel, b.Channel), strings.Compare(a.Place, b.Place))
	})
	return report, nil
}

// most is how much is unpacked from one piece, so that a test never fills the memory.
const most = 64 << 20

// unpacked returns the content and, after it, what is compressed in it: a gzip stream, or the files of a ZIP archive
// wherever it begins.
func unpacked(content []byte) ([]byte, error) {
	all := bytes.Clone(content)
	if bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		stream, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		inside, err := io.ReadAll(io.LimitReader(stream, most))
		return append(all, inside...), err
	}
	begin := bytes.Index(content, []byte("PK\x03\x04"))
	if begin < 0 {
		return all, nil
	}
	archive, err := zip.NewReader(bytes.NewReader(content[begin:]), int64(len(content)-begin))
	if errors.Is(err, zip.ErrFormat) {
		return all, nil // it only looks like one
	}
	if err != nil {
		return nil, err
	}
	for _, file := range archive.File {
		inside, err := read(file)
		if err != nil {
			return nil, err
		}
		all = append(append(all, file.Name...), inside...)
	}
	return all, nil
}

func read(file *zip.File) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(io.LimitReader(r, most))
	return content, errors.Join(err, r.Close())
}
