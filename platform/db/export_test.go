package db

import "time"

// Every makes the follower look at the database's clock more often than usual.
func (f *ClockFollower) Every(d time.Duration) { f.every = d }
