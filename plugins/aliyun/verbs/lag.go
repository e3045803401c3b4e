package verbs

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// group is a consumer group's settings.
type group struct {
	ConsumerGroupID    string `json:"consumerGroupId"`
	Status             string `json:"status"`
	MessageModel       string `json:"messageModel"`
	RegionID           string `json:"regionId"`
	CreateTime         string `json:"createTime"`
	ConsumeRetryPolicy *struct {
		MaxRetryTimes         *count `json:"maxRetryTimes"`
		DeadLetterTargetTopic string `json:"deadLetterTargetTopic"`
	} `json:"consumeRetryPolicy"`
}

func (g *group) deadLetterTopic() string {
	if g == nil || g.ConsumeRetryPolicy == nil {
		return ""
	}
	return g.ConsumeRetryPolicy.DeadLetterTargetTopic
}

// groupLag is what waits for a group.
type groupLag struct {
	TopicLagMap map[string]*topicLag `json:"topicLagMap"`
	TotalLag    *topicLag            `json:"totalLag"`
}

type topicLag struct {
	ReadyCount       *count `json:"readyCount"`
	InflightCount    *count `json:"inflightCount"`
	DeliveryDuration *count `json:"deliveryDuration"` // seconds
}

// timespan is how far a group has come in a topic. Times are milliseconds.
type timespan struct {
	MinTimestamp     *count `json:"minTimestamp"`
	MaxTimestamp     *count `json:"maxTimestamp"`
	ConsumeTimestamp *count `json:"consumeTimestamp"`
}

type connections struct {
	Connections []*struct {
		ClientID     string `json:"clientId"`
		Hostname     string `json:"hostname"`
		EgressIP     string `json:"egressIp"`
		Language     string `json:"language"`
		Version      string `json:"version"`
		MessageModel string `json:"messageModel"`
	} `json:"connections"`
}

// maxTimespans bounds the topics of a group whose progress is asked for.
const maxTimespans = 20

// ConsumerLag tells how a group stands. Lag, connections and settings are asked for at once; so is the progress when the
// topic is known, else after the lag has told the topics.
func (v *Verbs) ConsumerLag(ctx context.Context, request trail.LagRequest) (*trail.LagAnswer, error) {
	if err := check(request.System, need{"instance", request.Instance}, need{"group", request.Group}); err != nil {
		return nil, err
	}
	s := &standing{told: &told{}, calls: v.vendor.Begin(request.Raw), request: request, spans: map[string]answer[*timespan]{}}
	if err := s.ask(ctx); err != nil {
		return nil, err
	}
	s.tell()
	return &trail.LagAnswer{Gathered: s.gathered(s.calls, []string{"partitions"}), State: s.state}, nil
}

// standing is how one group stands.
type standing struct {
	*told
	calls   *trail.Calls
	request trail.LagRequest

	lag         answer[*groupLag]
	settings    answer[*group]
	connections answer[*connections]
	spans       map[string]answer[*timespan]

	state trail.GroupState
}

func (s *standing) named() map[string]any {
	return map[string]any{"instanceId": s.request.Instance, "consumerGroupId": s.request.Group}
}

func (s *standing) inTopic(topic string) map[string]any {
	arguments := s.named()
	arguments["topicName"] = topic
	return arguments
}

func (s *standing) ask(ctx context.Context) error {
	var settingsErr, connectionsErr, spanErr error
	var span answer[*timespan]
	all, bounded := errgroup.WithContext(ctx)
	all.Go(func() (err error) {
		arguments := s.named()
		if s.request.Topic != "" {
			arguments = s.inTopic(s.request.Topic)
		}
		s.lag, err = ask[*groupLag](bounded, s.calls, "get_consumer_group_lag", arguments)
		return err
	})
	all.Go(func() error {
		s.settings, settingsErr = ask[*group](bounded, s.calls, "get_consumer_group", s.named())
		return nil
	})
	all.Go(func() error {
		s.connections, connectionsErr = ask[*connections](bounded, s.calls, "list_connections", s.named())
		return nil
	})
	if s.request.Topic != "" {
		all.Go(func() error {
			span, spanErr = ask[*timespan](bounded, s.calls, "get_consume_timespan", s.inTopic(s.request.Topic))
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		return err
	}
	if settingsErr != nil {
		s.failed("How often the group retries", settingsErr)
	}
	if connectionsErr != nil {
		s.failed("Which consumers are connected", connectionsErr)
	}
	switch {
	case spanErr != nil:
		s.failed("How far the group has come in "+s.request.Topic, spanErr)
	case s.request.Topic != "":
		s.spans[s.request.Topic] = span
	default:
		s.askSpans(ctx)
	}
	return nil
}

// askSpans asks for the progress in the topics that the lag names.
func (s *standing) askSpans(ctx context.Context) {
	topics := s.topics()
	if len(topics) > maxTimespans {
		s.lacks("How far the group has come was asked for %d of %d topics; name a topic for the others.", maxTimespans, len(topics))
		topics = topics[:maxTimespans]
	}
	found := make([]answer[*timespan], len(topics))
	errs := make([]error, len(topics))
	var all errgroup.Group
	for i, topic := range topics {
		all.Go(func() error {
			found[i], errs[i] = ask[*timespan](ctx, s.calls, "get_consume_timespan", s.inTopic(topic))
			return nil
		})
	}
	_ = all.Wait() // the errors are looked at one by one
	for i, topic := range topics {
		if errs[i] != nil {
			s.failed("How far the group has come in "+topic, errs[i])
			continue
		}
		s.spans[topic] = found[i]
	}
}

// topics are those that the lag names, and the one that was asked for.
func (s *standing) topics() []string {
	named := map[string]bool{}
	if s.request.Topic != "" {
		named[s.request.Topic] = true
	}
	if s.lag.data != nil {
		for topic := range s.lag.data.TopicLagMap {
			named[topic] = named[topic] || s.request.Topic == ""
		}
	}
	maps.DeleteFunc(named, func(_ string, wanted bool) bool { return !wanted })
	return slices.Sorted(maps.Keys(named))
}

func (s *standing) tell() {
	s.state = trail.GroupState{Group: s.request.Group, Evidence: s.lag.at("")}
	s.tellSettings()
	s.tellConnections()
	for _, topic := range s.topics() {
		if lag, ok := s.lagOf(topic); ok {
			s.state.Lags = append(s.state.Lags, lag)
		}
	}
	if len(s.state.Lags) == 0 && s.lag.data != nil && s.lag.data.TotalLag != nil && s.lag.data.TotalLag.ReadyCount.or(0) > 0 {
		s.note("%d messages wait for the group, and the vendor does not say in which topics.", s.lag.data.TotalLag.ReadyCount.or(0))
	}
}

func (s *standing) tellSettings() {
	settings := s.settings.data
	if settings == nil {
		return
	}
	s.state.State, s.state.Mode, s.state.DeadLetterTopic = settings.Status, modeOf(settings.MessageModel), settings.deadLetterTopic()
	if policy := settings.ConsumeRetryPolicy; policy != nil && policy.MaxRetryTimes != nil {
		attempts := policy.MaxRetryTimes.or(0) + 1 // the vendor counts what comes after the first
		s.state.MaxAttempts = &attempts
	}
}

func (s *standing) tellConnections() {
	if s.connections.data == nil {
		return
	}
	for _, c := range s.connections.data.Connections {
		if c == nil {
			continue
		}
		s.state.Clients = append(s.state.Clients, trail.Client{ID: c.ClientID, Host: cmp.Or(c.Hostname, c.EgressIP), Language: c.Language, Version: c.Version})
		switch mode := modeOf(c.MessageModel); {
		case s.state.Mode == "":
			s.state.Mode = mode
		case mode != "" && mode != s.state.Mode:
			s.note("The consumer %s is %s, the group %s.", c.ClientID, mode, s.state.Mode)
		}
	}
	connected := len(s.state.Clients) > 0
	s.state.Online = &connected
}

// lagOf is the lag in a topic; false when neither lag nor progress was told.
func (s *standing) lagOf(topic string) (trail.Lag, bool) {
	told := trail.Lag{Topic: topic}
	var waits *topicLag
	if s.lag.data != nil {
		waits = s.lag.data.TopicLagMap[topic]
	}
	span, spanned := s.spans[topic]
	spanned = spanned && span.data != nil
	if waits != nil {
		told.Ready, told.InFlight = waits.ReadyCount.plain(), waits.InflightCount.plain()
		if waits.ReadyCount != nil && waits.InflightCount != nil {
			sum := waits.ReadyCount.or(0) + waits.InflightCount.or(0)
			told.Messages = &sum
		}
		if waits.DeliveryDuration != nil {
			ms := waits.DeliveryDuration.or(0) * 1000
			told.DelayMS = &ms
		}
		told.Evidence = s.lag.at("/topicLagMap/%s", pointed(topic))
	}
	if spanned {
		told.ConsumedTo = trail.AtMS(span.data.ConsumeTimestamp.or(0))
		told.Oldest, told.Newest = trail.AtMS(span.data.MinTimestamp.or(0)), trail.AtMS(span.data.MaxTimestamp.or(0))
		if waits == nil {
			told.Evidence = span.at("")
		}
	}
	return told, waits != nil || spanned
}
