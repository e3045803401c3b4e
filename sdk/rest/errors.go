package rest

import "errors"

var (
	errTrailing = errors.New("something follows the JSON object")
	errNull     = errors.New("null is no value here; leave the argument out")
)
