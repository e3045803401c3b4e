package verbs

import (
	"fmt"
	"strings"
)

var escape = strings.NewReplacer("~", "~0", "/", "~1")

// at is a JSON pointer to something below another.
func at(pointer string, steps ...any) string {
	for _, step := range steps {
		pointer += "/" + escape.Replace(fmt.Sprint(step))
	}
	return pointer
}
