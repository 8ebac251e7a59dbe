//go:build bench

package main

import (
	"fmt"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
)

// onWire shows what was counted between the program and a server.
func onWire(s *benchStore, turns float64) string {
	if s.cluster == nil {
		return "–"
	}
	return fmt.Sprintf("%.2f", turns)
}

// wireTurns counts, in a proxy before PostgreSQL, how often per bid the program speaks after the server has spoken. The
// pool's own count of round trips has no part in it.
func (s *benchStore) wireTurns(t *testing.T) float64 {
	t.Helper()
	if s.cluster == nil {
		return 0
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	var turns atomic.Int64
	go relayAll(listener, filepath.Join(s.cluster.Dir(), ".s.PGSQL.5432"), &turns)

	url := "postgres://postgres@" + listener.Addr().String() + "/postgres?sslmode=disable"
	through := &benchStore{name: s.name, flags: databaseFlags(url)}
	through.open(t, fx.Populate(&through.pool))
	const bids = 200
	listing := through.publish(t, shortHistory)
	through.bid(t, listing, shortHistory, false) // prepares the statements
	before := turns.Load()
	through.bid(t, listing, bids, false)
	return float64(turns.Load()-before) / bids
}

// relayAll relays connections until the listener is closed.
func relayAll(listener net.Listener, socket string, turns *atomic.Int64) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", socket)
		if err != nil {
			_ = client.Close() // who dialled will say so
			continue
		}
		var answered atomic.Bool
		answered.Store(true)
		go relay(server, client, func() {
			if answered.Swap(false) {
				turns.Add(1)
			}
		})
		go relay(client, server, func() { answered.Store(true) })
	}
}

// relay copies what comes from one end to the other until one of them is closed, telling spoke of each piece before it is
// passed on.
func relay(to, from net.Conn, spoke func()) {
	defer func() { _, _ = to.Close(), from.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			spoke()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
