package config

import (
	"maps"
	"slices"
)

// OriginKind says what sort of source a value came from.
type OriginKind string

// The sources, weakest first.
const (
	FromDefault     OriginKind = "default"
	FromFile        OriginKind = "file"
	FromEnvironment OriginKind = "environment"
	FromFlag        OriginKind = "flag"
)

// Origin is where a value came from.
type Origin struct {
	Kind OriginKind `json:"kind"`
	// Name is the file's path, the variable or the flag; empty for a default.
	Name string `json:"name,omitempty"`
}

// String returns the name, or "default".
func (o Origin) String() string {
	if o.Name == "" {
		return string(o.Kind)
	}
	return o.Name
}

// Provenance says where every value came from.
type Provenance struct {
	// File is the configuration file that was read; empty when there is none.
	File string
	// Warnings are what is suspicious but allowed, one sentence each.
	Warnings []string

	origins map[string]Origin
}

// Of returns the origin of a key's value. Of a mapping such as listings.tables, whose entries may come from several
// places, it is the strongest one; its entries are asked for by their full name, listings.tables.charity.
func (p Provenance) Of(key string) Origin {
	if origin, ok := p.origins[key]; ok {
		return origin
	}
	return Origin{Kind: FromDefault}
}

// Set returns the names of all keys that something other than a default gave a value, sorted.
func (p Provenance) Set() []string {
	return slices.Sorted(maps.Keys(p.origins))
}
