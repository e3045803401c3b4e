package verbs

import "sync"

// memory keeps what was put last, at most limit values: when the young half is full it becomes the old one.
type memory[V any] struct {
	mutex      sync.Mutex
	half       int
	young, old map[string]V
}

func remember[V any](limit int) *memory[V] {
	return &memory[V]{half: limit / 2, young: map[string]V{}}
}

func (m *memory[V]) put(key string, value V) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if len(m.young) >= m.half {
		m.young, m.old = map[string]V{}, m.young
	}
	m.young[key] = value
}

func (m *memory[V]) get(key string) (V, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	value, ok := m.young[key]
	if !ok {
		value, ok = m.old[key]
	}
	return value, ok
}
