package gather

// Waiting returns how many wait for a query to end.
func Waiting[K comparable, V any](r *Rows[K, V]) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting)
}
