package trail

// Scope narrows where to look. Empty means everywhere.
type Scope struct {
	Connection string `json:"connection,omitempty"`
	Instance   string `json:"instance,omitempty"`
	Topic      string `json:"topic,omitempty"`
}

// Range is a span of time as people write it: RFC 3339, "2h" (ago), "yesterday 10:42", or a vendor's own form.
type Range struct {
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
}

// TraceQuery asks where a message is. It is an id of any kind, a business key, or on Kafka partition:offset.
type TraceQuery struct {
	Scope
	Range
	// Message is an id, a key, or topic-partition:offset as 3:4711.
	Message string `json:"message"`
	// As forces what Message is: id, key or position; empty tells by its form.
	As string `json:"as,omitempty"`
	// Raw keeps the vendors' answers.
	Raw bool `json:"-"`
	// Progress hears how many of the places have been looked in. Optional.
	Progress func(done, total int, text string) `json:"-"`
}

// FindQuery asks for messages.
type FindQuery struct {
	Scope
	Range
	MessageID string `json:"message_id,omitempty"`
	Key       string `json:"key,omitempty"`
	Contains  string `json:"contains,omitempty"`
	// DeadLettersOf lists a group's dead letters.
	DeadLettersOf string                             `json:"dead_letters_of,omitempty"`
	Limit         int                                `json:"limit,omitempty"`
	Cursor        string                             `json:"cursor,omitempty"`
	Raw           bool                               `json:"-"`
	Progress      func(done, total int, text string) `json:"-"`
}

// MessageQuery asks for one message with its body: by id, or by partition and offset.
type MessageQuery struct {
	Scope
	Range
	MessageID  string `json:"message_id,omitempty"`
	Partition  *int64 `json:"partition,omitempty"`
	Offset     *int64 `json:"offset,omitempty"`
	BodyOffset int64  `json:"body_offset,omitempty"`
	BodyLimit  int64  `json:"body_limit,omitempty"`
	Raw        bool   `json:"-"`
}

// LagQuery asks how groups stand: one group, the groups of a topic, or all of an instance or a connection.
type LagQuery struct {
	Scope
	Group    string                             `json:"group,omitempty"`
	Raw      bool                               `json:"-"`
	Progress func(done, total int, text string) `json:"-"`
}

// ReplicationQuery asks how replication stands, and what a switch now would repeat or lose.
type ReplicationQuery struct {
	Connection string `json:"connection,omitempty"`
	Plan       string `json:"plan,omitempty"`
	Filter     string `json:"filter,omitempty"`
	Raw        bool   `json:"-"`
}

// ListQuery asks for instances, topics or groups.
type ListQuery struct {
	Scope
	Kind     string `json:"kind"`
	Contains string `json:"contains,omitempty"`
	Limit    int    `json:"limit,omitempty"`
	Cursor   string `json:"cursor,omitempty"`
	Raw      bool   `json:"-"`
}
