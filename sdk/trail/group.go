package trail

// Mode is how a group's messages are shared out.
type Mode string

// The modes.
const (
	Clustering   Mode = "clustering"   // each message goes to one consumer of the group
	Broadcasting Mode = "broadcasting" // each message goes to every consumer, and the broker keeps no progress
)

// Subscription says that a consumer group should get the messages of a topic.
type Subscription struct {
	Group string `json:"group"`
	Topic string `json:"topic"`
	// ExpressionType is tag or sql92, else the vendor's word; Expression is the filter, * is everything.
	ExpressionType string `json:"expression_type,omitempty"`
	Expression     string `json:"expression,omitempty"`
	Mode           Mode   `json:"mode,omitempty"`
	// Online: a consumer of the group is connected.
	Online *bool `json:"online,omitempty"`
	// Consistent: all consumers of the group subscribe alike. If not, messages go missing.
	Consistent *bool    `json:"consistent,omitempty"`
	Evidence   Evidence `json:"evidence"`
}

// GroupState is how a consumer group stands.
type GroupState struct {
	Group  string `json:"group"`
	Online *bool  `json:"online,omitempty"`
	// State is the vendor's word, like Stable or Empty.
	State   string   `json:"state,omitempty"`
	Clients []Client `json:"clients,omitempty"`
	Mode    Mode     `json:"mode,omitempty"`
	// MaxAttempts is how often a message is delivered at most, the first time included, before it becomes a dead letter.
	MaxAttempts *int64 `json:"max_attempts,omitempty"`
	// DeadLetterTopic is where the group's dead letters go.
	DeadLetterTopic string `json:"dead_letter_topic,omitempty"`
	// Lags are by topic.
	Lags     []Lag    `json:"lags,omitempty"`
	Evidence Evidence `json:"evidence"`
}

// Client is one connected consumer.
type Client struct {
	ID       string `json:"id,omitempty"`
	Host     string `json:"host,omitempty"`
	Language string `json:"language,omitempty"`
	Version  string `json:"version,omitempty"`
}

// Lag is how far a group is behind in a topic. A number that is not there was not told; it is not zero.
type Lag struct {
	Topic string `json:"topic"`
	// Messages is how many messages wait for the group, those being processed included.
	Messages *int64 `json:"messages,omitempty"`
	// Ready messages wait for a consumer; InFlight ones are at a consumer.
	Ready    *int64 `json:"ready,omitempty"`
	InFlight *int64 `json:"in_flight,omitempty"`
	// DelayMS is how long the oldest waiting message has waited.
	DelayMS *int64 `json:"delay_ms,omitempty"`
	// ConsumedTo is the store time of the last message that the group's position has passed.
	ConsumedTo *Time `json:"consumed_to,omitempty"`
	// Oldest and Newest are the store times of the topic's first and last message.
	Oldest     *Time          `json:"oldest,omitempty"`
	Newest     *Time          `json:"newest,omitempty"`
	Partitions []PartitionLag `json:"partitions,omitempty"`
	Evidence   Evidence       `json:"evidence"`
}

// PartitionLag is a group's position in one partition or queue.
type PartitionLag struct {
	Partition int64  `json:"partition"`
	Broker    string `json:"broker,omitempty"`
	// Committed is the next offset that the group would get; a message below it was passed, which is not to say that
	// it was consumed.
	Committed *int64 `json:"committed,omitempty"`
	// End is the offset that the next message of the partition will have.
	End        *int64 `json:"end,omitempty"`
	Messages   *int64 `json:"messages,omitempty"`
	ConsumedTo *Time  `json:"consumed_to,omitempty"`
	// Client is the consumer that the partition is given to.
	Client string `json:"client,omitempty"`
}
