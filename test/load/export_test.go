package load

import "time"

// Sum returns the result of the logs in a folder.
func Sum(folder string, warm, lasts time.Duration, spent ...time.Duration) (Result, error) {
	all, err := readLog(folder)
	if err != nil {
		return Result{}, err
	}
	return all.result(warm, lasts, metered(spent)), nil
}

// metered is a meter that was read at whole seconds from 1,000 on.
func metered(values []time.Duration) *meter {
	m := &meter{}
	for i, value := range values {
		m.readings = append(m.readings, reading{at: time.Unix(1000+int64(i), 0), value: value})
	}
	return m
}

// Spent returns what such a meter tells between two instants, in seconds since it began.
func Spent(values []time.Duration, begin, end float64) time.Duration {
	at := func(s float64) time.Time { return time.Unix(1000, 0).Add(time.Duration(s * float64(time.Second))) }
	return metered(values).between(at(begin), at(end))
}
