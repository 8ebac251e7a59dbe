package app

import "errors"

var errLater = errors.New("not written yet")
