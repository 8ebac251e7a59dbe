package mail

import "strings"

// Sender is who letters come from.
type Sender struct {
	// Name is shown beside the address.
	Name string
	// Address takes the answers.
	Address string
}

// Domain returns the host of the sender's address: letters are numbered in its name.
func (s Sender) Domain() string { return Domain(s.Address) }

// Domain returns the part of an address behind the @, which may be logged. It is empty if there is none.
func Domain(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return address[at+1:]
}
