package db

import (
	"context"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
)

// silence is how long a connection to PostgreSQL may be silent while we wait for it before it counts as lost. Without a
// bound, a cable that is pulled keeps a query, and its connection, for a quarter of an hour, whatever its context says.
const silence = 20 * time.Second

// dialer makes connections that notice when the other side is gone. pq wants both of its methods.
type dialer struct{ *net.Dialer }

var _ pq.DialerContext = dialer{}

func newDialer() dialer {
	return dialer{&net.Dialer{
		// For a request that has arrived and is not answered.
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silence / 2, Interval: silence / 8, Count: 4},
		// For one that does not arrive.
		Control: func(network, _ string, c syscall.RawConn) error {
			if !strings.HasPrefix(network, "tcp") {
				return nil
			}
			var set error
			if err := c.Control(func(fd uintptr) { set = limitRetransmission(fd, silence) }); err != nil {
				return err
			}
			return set
		},
	}}
}

// DialTimeout connects within a time. Errors: as net.Dialer.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}
