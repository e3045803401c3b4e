package schema

import "strings"

var (
	escapeToken   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapeToken = strings.NewReplacer("~1", "/", "~0", "~")
)

// Pointer is the JSON pointer of a path, as faults have it. Names that nobody would write are shortened and cleaned like values
// are: a pointer is printed too.
func Pointer(path []string) string {
	var pointer strings.Builder
	for _, token := range path {
		pointer.WriteByte('/')
		pointer.WriteString(escapeToken.Replace(printable(token)))
	}
	return pointer.String()
}

// Path is the path of a JSON pointer.
func Path(pointer string) []string {
	if pointer == "" {
		return nil
	}
	path := strings.Split(pointer[1:], "/")
	for i, token := range path {
		path[i] = unescapeToken.Replace(token)
	}
	return path
}
