package config

import "strings"

// Nearest returns the candidate that name was most likely meant to be: the one that at most one letter in three is
// wrong of, or else the first that ends in it, such as http.addr for addr. It returns "" when there is neither.
func Nearest(name string, candidates []string) string {
	best, found := len(name)/3+1, ""
	for _, candidate := range candidates {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < best {
			best, found = d, candidate
		}
	}
	if found != "" {
		return found
	}
	for _, candidate := range candidates {
		if strings.HasSuffix(candidate, "."+name) {
			return candidate
		}
	}
	return ""
}

// distance is the number of letters to insert, delete, replace or swap with the next to turn a into b.
func distance(a, b string) int {
	before, previous, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(previous[j]+1, row[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, previous, row = previous, row, before
	}
	return previous[len(b)]
}

func didYouMean(name string, candidates []string) string {
	if found := Nearest(name, candidates); found != "" {
		return "; did you mean " + found + "?"
	}
	return "; config init lists them all"
}
