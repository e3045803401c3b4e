package gateway

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"sync"
	"time"
)

// tokenLife is how long a plan's token is good for.
const tokenLife = 5 * time.Minute

// digest is a keyed digest: nobody can tell from a token what the arguments were.
type digest [sha256.Size / 2]byte

// token is what a plan's token says. All of it is fixed in size, so that it has one form in bytes.
type token struct {
	nonce   [8]byte
	expires int64 // seconds since 1970
	ask     bool  // good only with the target's name
	known   uint8 // the look-ups that succeeded, a bit each
	call    digest
	state   digest
}

const (
	tokenSize  = 8 + 8 + 1 + 1 + 2*len(digest{})
	sealedSize = tokenSize + sha256.Size
)

func (t token) bytes() []byte {
	ask := byte(0)
	if t.ask {
		ask = 1
	}
	out := append(make([]byte, 0, sealedSize), t.nonce[:]...)
	out = binary.BigEndian.AppendUint64(out, uint64(t.expires)) //nolint:gosec // the bits come back as they are
	out = append(out, ask, t.known)
	out = append(out, t.call[:]...)
	return append(out, t.state[:]...)
}

func tokenOf(raw []byte) (t token) {
	raw = raw[copy(t.nonce[:], raw):]
	t.expires = int64(binary.BigEndian.Uint64(raw)) //nolint:gosec // as above
	t.ask, t.known = raw[8] == 1, raw[9]
	raw = raw[10:]
	raw = raw[copy(t.call[:], raw):]
	copy(t.state[:], raw)
	return t
}

// seals makes and opens tokens. Its key lives as long as the process: a token of another is worth nothing.
type seals struct {
	key [sha256.Size]byte
	now func() time.Time

	mutex sync.Mutex
	used  map[[8]byte]int64 // when a used token expires, by its nonce
}

func newSeals(now func() time.Time) *seals {
	if now == nil {
		now = time.Now
	}
	s := &seals{now: now, used: map[[8]byte]int64{}}
	_, _ = rand.Read(s.key[:]) // it never fails
	return s
}

// issue makes the token of a plan.
func (s *seals) issue(w wish, ask bool, target target) string {
	t := token{expires: s.now().Add(tokenLife).Unix(), ask: ask, known: target.known(), call: s.call(w)}
	t.state = s.state(target, t.known)
	_, _ = rand.Read(t.nonce[:])
	raw := t.bytes()
	return base64.RawURLEncoding.EncodeToString(append(raw, s.mac("token", raw)...))
}

// open reads a token that this process has made and that has not expired.
func (s *seals) open(text string) (token, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != sealedSize || !hmac.Equal(raw[tokenSize:], s.mac("token", raw[:tokenSize])) {
		return token{}, refusal("This is no confirmation that mqtrail gave since it was started. Nothing was called.")
	}
	t := tokenOf(raw)
	if s.now().Unix() >= t.expires {
		return token{}, refusal("The confirmation is older than %.0f minutes. Nothing was called.", tokenLife.Minutes())
	}
	return t, nil
}

// use uses a token up; false when it was.
func (s *seals) use(t token) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for nonce, expires := range s.used {
		if s.now().Unix() >= expires {
			delete(s.used, nonce)
		}
	}
	if _, twice := s.used[t.nonce]; twice {
		return false
	}
	s.used[t.nonce] = t.expires
	return true
}

// call is the digest of what is to be called: however the arguments are ordered and spaced.
func (s *seals) call(w wish) digest {
	return digest(s.mac("call", []byte(w.operation.Name), []byte(w.connection.Name), canonical(w.arguments)))
}

// state is the digest of what must not change about the target, as far as these look-ups tell.
func (s *seals) state(target target, known uint8) digest {
	var parts [][]byte
	for i, found := range target {
		if known&(1<<i) != 0 {
			parts = append(parts, found.lasting...)
		}
	}
	return digest(s.mac("state", parts...))
}

// mac tells parts apart by their lengths, and purposes by their names.
func (s *seals) mac(purpose string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, s.key[:])
	for _, part := range append([][]byte{[]byte(purpose)}, parts...) {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// canonical is JSON with its members in order. It has been checked: no name is there twice. Numbers stay as they
// are written.
func canonical(raw json.RawMessage) []byte {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return raw
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return raw
	}
	return encoded
}
