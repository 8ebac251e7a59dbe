package db

import (
	"container/list"
	"errors"
)

// statements are the prepared statements of one connection that nobody uses at the moment, the least recently used
// last. Their number is bounded.
type statements struct {
	most  int
	byAge *list.List
	byKey map[string]*list.Element
}

type keptStatement struct {
	query     string
	statement statement
}

func newStatements(most int) *statements {
	return &statements{most: most, byAge: list.New(), byKey: map[string]*list.Element{}}
}

func (s *statements) enabled() bool { return s.most > 0 }

func (s *statements) take(query string) (statement, bool) {
	e, ok := s.byKey[query]
	if !ok {
		return nil, false
	}
	return s.remove(e), true
}

func (s *statements) put(query string, prepared statement) error {
	if _, ok := s.byKey[query]; ok {
		return prepared.Close()
	}
	s.byKey[query] = s.byAge.PushFront(keptStatement{query: query, statement: prepared})
	if len(s.byKey) > s.most {
		return s.remove(s.byAge.Back()).Close()
	}
	return nil
}

func (s *statements) remove(e *list.Element) statement {
	kept := s.byAge.Remove(e).(keptStatement)
	delete(s.byKey, kept.query)
	return kept.statement
}

func (s *statements) close() error {
	var err error
	for s.byAge.Len() > 0 {
		err = errors.Join(err, s.remove(s.byAge.Back()).Close())
	}
	return err
}
