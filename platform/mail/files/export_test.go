package files

// Keeping makes m keep fewer letters.
func (m *Mailer) Keeping(n int) *Mailer {
	m.keep = n
	return m
}
