package canary

import "bytes"

// index finds thousands of forms in one pass: each form by its first bytes.
type index struct {
	first  map[uint64][]entry
	filter []uint64 // a bit for each hash of first bytes; most positions end here
}

// entry is one form of a secret.
type entry struct {
	secret, form string
	needle       []byte
}

// window is how many first bytes are compared at once: no form is shorter.
const window = 6

func newIndex(secrets map[string]Secret) *index {
	x := &index{first: map[uint64][]entry{}, filter: make([]uint64, 1<<filterBits/64)}
	for _, secret := range secrets {
		for form, needle := range secret.forms {
			var key uint64
			for _, b := range needle[:window] {
				key = key<<8 | uint64(b)
			}
			x.first[key] = append(x.first[key], entry{secret: secret.Name, form: form, needle: needle})
			x.filter[hash(key)/64] |= 1 << (hash(key) % 64)
		}
	}
	return x
}

const filterBits = 20

func hash(key uint64) uint64 { return key * 0x9e3779b97f4a7c15 >> (64 - filterBits) }

// search returns the secrets that the content shows, each in the form that comes first.
func (x *index) search(content []byte) map[string]string {
	seen := map[string]string{}
	var key uint64
	for i, b := range content {
		key = (key<<8 | uint64(b)) & (1<<(8*window) - 1)
		if h := hash(key); x.filter[h/64]&(1<<(h%64)) == 0 || i < window-1 {
			continue
		}
		for _, e := range x.first[key] {
			if _, known := seen[e.secret]; !known && bytes.HasPrefix(content[i-window+1:], e.needle) {
				seen[e.secret] = e.form
			}
		}
	}
	return seen
}
