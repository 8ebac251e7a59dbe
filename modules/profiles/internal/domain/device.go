package domain

import (
	"time"

	"github.com/google/uuid"
)

// DeviceLifetime is how long a browser stays known after its last sign-in.
const DeviceLifetime = 180 * 24 * time.Hour

// deviceNamespace makes ids of devices. It must never change: ids in databases were made with it.
var deviceNamespace = uuid.MustParse("c7b1a0d2-5d2e-5b8b-8b53-3a4f1a3d7e02")

// Device is a browser from which a member has signed in before. It keeps a hash of the browser's cookie only, which is
// its identity together with the account: what a stranger tries elsewhere does not delay a known device.
type Device struct {
	record
	account uuid.UUID
	seenAt  time.Time
}

// DeviceState is a device as plain data for mappers.
type DeviceState struct {
	ID      uuid.UUID
	Version int64
	Account uuid.UUID
	// SeenAt is the last sign-in from it.
	SeenAt time.Time
}

// DeviceID returns the identity of the browser with that cookie, for the account.
func DeviceID(account uuid.UUID, cookie string) uuid.UUID {
	hash := HashOf(cookie)
	return uuid.NewSHA1(deviceNamespace, append(account[:], hash[:]...))
}

// NewDevice returns a device from which the account has just signed in.
func NewDevice(account uuid.UUID, cookie string, now time.Time) *Device {
	return &Device{record: record{id: DeviceID(account, cookie), changed: true}, account: account, seenAt: micros(now)}
}

// RestoreDevice returns the device as it was stored, unchecked.
func RestoreDevice(s DeviceState) *Device {
	return &Device{record: record{id: s.ID, version: s.Version}, account: s.Account, seenAt: s.SeenAt}
}

// State returns the device as plain data.
func (d *Device) State() DeviceState {
	return DeviceState{ID: d.id, Version: d.version, Account: d.account, SeenAt: d.seenAt}
}

// Snapshot returns an independent copy.
func (d *Device) Snapshot() *Device { c := *d; return &c }

// KnownAt reports whether the device is still known at the instant now.
func (s DeviceState) KnownAt(now time.Time) bool { return now.Before(s.SeenAt.Add(DeviceLifetime)) }

// Touch notes a sign-in.
func (d *Device) Touch(now time.Time) {
	if now = micros(now); now.After(d.seenAt) {
		d.seenAt = now
		d.changed = true
	}
}
