// Package redact removes known secrets from everything that the host prints, logs or answers.
package redact

import (
	"bytes"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
)

const (
	// Mark stands where a secret was.
	Mark = "[redacted]"
	// minSecret is the shortest value that is treated as a secret, in bytes: shorter ones occur by chance, and
	// removing them would garble answers.
	minSecret = 8
)

// Redactor knows the values of secrets. The zero value knows none. It is safe for concurrent use.
type Redactor struct {
	mutex    sync.RWMutex
	secrets  []string
	replacer *strings.Replacer
}

// Add makes values secret, in each form in which they may turn up: plain, in JSON, in a URL.
func (r *Redactor) Add(values ...string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, value := range values {
		if len(value) < minSecret {
			continue
		}
		for _, form := range forms(value) {
			if !slices.Contains(r.secrets, form) {
				r.secrets = append(r.secrets, form)
			}
		}
	}
	// Longest first: a secret that contains another must not leave its rest behind.
	slices.SortFunc(r.secrets, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(r.secrets))
	for _, secret := range r.secrets {
		pairs = append(pairs, secret, Mark)
	}
	r.replacer = strings.NewReplacer(pairs...)
}

func forms(value string) []string {
	found := []string{value, url.QueryEscape(value), url.PathEscape(value)}
	if encoded, err := json.Marshal(value); err == nil {
		found = append(found, string(encoded[1:len(encoded)-1]))
	}
	return found
}

// Text returns the text without the secrets.
func (r *Redactor) Text(text string) string {
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	if r.replacer == nil {
		return text
	}
	return r.replacer.Replace(text)
}

// Bytes returns the bytes without the secrets; the same slice when there are none in it.
func (r *Redactor) Bytes(data []byte) []byte {
	if !r.found(data) {
		return data
	}
	return []byte(r.Text(string(data)))
}

// found reports whether a secret is in the data. Nearly always none is, and the data need not be copied.
func (r *Redactor) found(data []byte) bool {
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	return slices.ContainsFunc(r.secrets, func(secret string) bool { return bytes.Contains(data, []byte(secret)) })
}
