package httpserver

import "context"

// ClientNetwork returns whom the client of ctx stands for when its attempts are counted: its IPv4 address, or the /64 of
// its IPv6 address, all of which one subscriber has. It is empty outside a request.
func ClientNetwork(ctx context.Context) string {
	addr := ClientAddr(ctx)
	switch {
	case !addr.IsValid():
		return ""
	case addr.Is4():
		return addr.String()
	default:
		return network(addr).String()
	}
}
