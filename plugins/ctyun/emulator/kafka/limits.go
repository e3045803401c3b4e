package kafka

import (
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// limit caps the bytes a second of one topic, of a user, a client, or both.
type limit struct {
	Topic         string `json:"topic,omitempty"`
	User          string `json:"user,omitempty"`
	Client        string `json:"clientId,omitempty"`
	DefaultUser   bool   `json:"defaultUser,omitempty"`
	DefaultClient bool   `json:"defaultClient,omitempty"`
	Producers     int64  `json:"producerByteRate"`
	Consumers     int64  `json:"consumerByteRate"`
}

// limitOf is the limit that a call names, with the rates that it gives.
func limitOf(in given.Arguments) *limit {
	l := &limit{
		Topic: in.Text("topic"), DefaultUser: in.Switch("defaultUser"), DefaultClient: in.Switch("defaultClient"),
		Producers: in.Number("producerByteRate", 0), Consumers: in.Number("consumerByteRate", 0),
	}
	if !l.DefaultUser {
		l.User = in.Text("user")
	}
	if !l.DefaultClient {
		l.Client = in.Text("client")
	}
	return l
}

// covers reports whether two limits are for the same.
func (l *limit) covers(other *limit) bool {
	return l.Topic == other.Topic && l.User == other.User && l.Client == other.Client && l.DefaultUser == other.DefaultUser && l.DefaultClient == other.DefaultClient
}

func (l *limit) check() error {
	if l.Producers <= 0 && l.Consumers <= 0 {
		return fmt.Errorf("producerByteRate or consumerByteRate is required")
	}
	return nil
}

func (i *instance) limit(wanted *limit) *limit {
	at := slices.IndexFunc(i.limits, wanted.covers)
	if at < 0 {
		return nil
	}
	return i.limits[at]
}

func (s *Service) createLimit(i *instance, in given.Arguments) (any, error) {
	l := limitOf(in)
	if i.limit(l) != nil {
		return nil, fmt.Errorf("the limit already exists")
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	i.limits = append(i.limits, l)
	return done(), nil
}

func (s *Service) updateLimit(i *instance, in given.Arguments) (any, error) {
	l := limitOf(in)
	present := i.limit(l)
	if present == nil {
		return nil, fmt.Errorf("the limit does not exist")
	}
	if err := l.check(); err != nil {
		return nil, err
	}
	*present = *l
	return done(), nil
}

// deleteLimit succeeds when there is none, as the documents say.
func (s *Service) deleteLimit(i *instance, in given.Arguments) (any, error) {
	i.limits = slices.DeleteFunc(i.limits, limitOf(in).covers)
	return done(), nil
}

// topicLimits are a list. The documents show one limit, which cannot hold them all.
func (s *Service) topicLimits(i *instance, _ given.Arguments) (any, error) {
	return i.limitsOf(func(l *limit) bool { return l.Topic != "" }), nil
}

func (s *Service) userLimits(i *instance, _ given.Arguments) (any, error) {
	return i.limitsOf(func(l *limit) bool { return l.Topic == "" }), nil
}

func (i *instance) limitsOf(wanted func(*limit) bool) []*limit {
	found := []*limit{}
	for _, l := range i.limits {
		if wanted(l) {
			found = append(found, l)
		}
	}
	return found
}

func (s *Service) limitBroker(i *instance, in given.Arguments) (any, error) {
	l := &limit{Producers: in.Number("producerByteRate", 0), Consumers: in.Number("consumerByteRate", 0)}
	if err := l.check(); err != nil {
		return nil, err
	}
	i.broker = l
	return done(), nil
}

func (s *Service) unlimitBroker(i *instance, _ given.Arguments) (any, error) {
	i.broker = nil
	return done(), nil
}

func (s *Service) brokerLimit(i *instance, _ given.Arguments) (any, error) {
	if i.broker == nil {
		return map[string]any{}, nil
	}
	return i.broker, nil
}
