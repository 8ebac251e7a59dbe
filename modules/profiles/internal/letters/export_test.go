package letters

// Numbering makes l number its letters itself.
func (l *Letters) Numbering(newID func() string) *Letters {
	l.newID = newID
	return l
}

// BrowserOf is what a letter says of a User-Agent header.
var BrowserOf = browserOf
