package mcpserver

import (
	"crypto/rand"
	"errors"
	"sync"
)

// sessions are the sessions of the revisions that have them, by their ids. mcp-go's own take every id that looks like
// one, also of a session that has ended, and any number of them.
type sessions struct {
	// most is how many there may be; a new one ends the one that was silent for longest.
	most int
	// forget frees what mcp-go keeps of a session.
	forget func(id string)

	mutex sync.Mutex
	now   uint64 // grows with each use
	used  map[string]uint64
}

var errNoSession = errors.New("there is no such session")

// Generate is the id of a new session.
func (s *sessions) Generate() string {
	id := rand.Text()
	if oldest := s.add(id); oldest != "" {
		s.forget(oldest)
	}
	return id
}

// add takes in an id, and returns the one that had to go.
func (s *sessions) add(id string) (oldest string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.used) >= s.most {
		for candidate, used := range s.used {
			if oldest == "" || used < s.used[oldest] {
				oldest = candidate
			}
		}
		delete(s.used, oldest)
	}
	s.now++
	s.used[id] = s.now
	return oldest
}

// Validate is an error for a session that never was, or is no more.
func (s *sessions) Validate(id string) (ended bool, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, there := s.used[id]; !there {
		return false, errNoSession
	}
	s.now++
	s.used[id] = s.now
	return false, nil
}

// Terminate ends a session.
func (s *sessions) Terminate(id string) (notAllowed bool, err error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.used, id)
	return false, nil
}
