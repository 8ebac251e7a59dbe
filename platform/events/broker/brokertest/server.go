// Package brokertest runs a NATS server with JetStream inside the process of a test.
package brokertest

import (
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"
)

// Server is a NATS server that can be stopped and started again: what it has stored, and its address, stay.
type Server struct {
	t       testing.TB
	options server.Options

	mu      sync.Mutex
	running *server.Server
}

// Start starts a server on a port of its own of the loopback interface, and stops it when the test ends. change may set more
// options, or be nil.
func Start(t testing.TB, change func(*server.Options)) *Server {
	t.Helper()
	s := Stopped(t, change)
	s.Start()
	return s
}

// Stopped returns a server that has an address and does not run yet.
func Stopped(t testing.TB, change func(*server.Options)) *Server {
	t.Helper()
	s := &Server{t: t, options: server.Options{
		Host: "127.0.0.1", Port: freePort(t), NoSigs: true, NoLog: true, JetStream: true, StoreDir: t.TempDir(),
	}}
	if change != nil {
		change(&s.options)
	}
	t.Cleanup(s.Stop)
	return s
}

// Start starts the server and returns when it can be reached.
func (s *Server) Start() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	options := s.options
	running, err := server.NewServer(&options)
	require.NoError(s.t, err)
	running.Start()
	require.True(s.t, running.ReadyForConnections(30*time.Second), "NATS does not start")
	s.running = running
}

// Change sets options for the next start.
func (s *Server) Change(change func(*server.Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.options)
}

// Stop stops the server and returns when it has. It may be stopped already.
func (s *Server) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.Shutdown()
		s.running.WaitForShutdown()
		s.running = nil
	}
}

// URL returns the address, without a name and a password.
func (s *Server) URL() string { return "nats://" + s.Addr() }

// Addr returns host:port.
func (s *Server) Addr() string { return net.JoinHostPort(s.options.Host, strconv.Itoa(s.options.Port)) }

// freePort returns a port that nobody listens on at the moment.
func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	addr, ok := listener.Addr().(*net.TCPAddr)
	require.True(t, ok, fmt.Sprint(listener.Addr()))
	return addr.Port
}
