package emulator

import "slices"

// named is what a list of the shop is searched by.
type named interface{ key() string }

// lookUp finds one of a list by its name.
func lookUp[T named](list []T, name string) (T, bool) {
	at := slices.IndexFunc(list, func(one T) bool { return one.key() == name })
	if at < 0 {
		var none T
		return none, false
	}
	return list[at], true
}

// without removes one by its name, and reports whether it was there.
func without[T named](list []T, name string) ([]T, bool) {
	at := slices.IndexFunc(list, func(one T) bool { return one.key() == name })
	if at < 0 {
		return list, false
	}
	return slices.Delete(list, at, at+1), true
}

// views shows each of a list as it is answered.
func views[T, V any](list []T, view func(T) V) []V {
	shown := make([]V, len(list))
	for i, one := range list {
		shown[i] = view(one)
	}
	return shown
}
