package httpserver

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"

	"go.uber.org/zap"
)

// certificateFiles are a certificate and its key in two files. They are looked at with each new connection and read
// again when one has changed, so that who renews the certificate need not restart the server. While what they hold is
// no certificate (one file may be written before the other) the last good one serves on.
type certificateFiles struct {
	certificate, key string
	log              *zap.Logger

	mu      sync.Mutex
	seen    [2]os.FileInfo // what was read last, or tried to; nil where there was no file
	current *tls.Certificate
}

// load reads the files for the first time. Errors: files that cannot be read, or that do not hold a certificate and its
// key.
func (f *certificateFiles) load() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = f.look()
	return f.read()
}

// get returns the present certificate; it is a tls.Config's GetCertificate. It returns no error.
func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.look(); !same(now[0], f.seen[0]) || !same(now[1], f.seen[1]) {
		f.seen = now // however it ends: what is broken is told once
		if err := f.read(); err != nil {
			f.log.Error("the changed certificate cannot be used; the one before serves on", zap.Error(err))
		} else {
			f.log.Info("the certificate was read again", zap.Time("expires", f.current.Leaf.NotAfter))
		}
	}
	return f.current, nil
}

// read makes what the files hold the present certificate; f.mu is held.
func (f *certificateFiles) read() error {
	pair, err := tls.LoadX509KeyPair(f.certificate, f.key)
	if err != nil {
		return fmt.Errorf("read certificate %s and key %s: %w", f.certificate, f.key, err)
	}
	f.current = &pair
	return nil
}

// look returns what the files are now, without reading them.
func (f *certificateFiles) look() [2]os.FileInfo {
	var now [2]os.FileInfo
	for i, name := range []string{f.certificate, f.key} {
		if info, err := os.Stat(name); err == nil {
			now[i] = info
		}
	}
	return now
}

// same reports whether a file has not changed, as far as its name's entry tells.
func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}
