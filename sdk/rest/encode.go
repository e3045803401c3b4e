package rest

import (
	"sort"
	"strings"
)

// Escape percent-encodes everything but RFC 3986's unreserved characters: what all three vendors sign.
// Go's url.PathEscape and url.QueryEscape leave or change others.
func Escape(text string) string {
	const hex = "0123456789ABCDEF"
	var out strings.Builder
	for i := range len(text) {
		c := text[i]
		if unreserved(c) {
			out.WriteByte(c)
			continue
		}
		out.WriteByte('%')
		out.WriteByte(hex[c>>4])
		out.WriteByte(hex[c&15])
	}
	return out.String()
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// pair is one query parameter.
type pair struct{ name, value string }

// encodeQuery writes the parameters sorted by encoded name and value, an empty value as "name=": canonical for
// all three vendors, so that what is signed is exactly what is sent.
func encodeQuery(pairs []pair) string {
	encoded := make([]string, len(pairs))
	for i, p := range pairs {
		encoded[i] = Escape(p.name) + "=" + Escape(p.value)
	}
	sort.Slice(encoded, func(i, j int) bool {
		a, b := strings.SplitN(encoded[i], "=", 2), strings.SplitN(encoded[j], "=", 2)
		if a[0] != b[0] {
			return a[0] < b[0]
		}
		return a[1] < b[1]
	})
	return strings.Join(encoded, "&")
}
