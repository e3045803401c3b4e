package trail

// ReplicationPlan is a vendor's plan that copies between two instances.
type ReplicationPlan struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
	// Kind is one_way or two_way, else the vendor's word.
	Kind string `json:"kind,omitempty"`
	// Running, AutoSync: what the vendor says of the plan; absent when it does not say.
	Running *bool `json:"running,omitempty"`
	// AutoSync: consumer progress is carried over without anybody asking.
	AutoSync *bool `json:"auto_sync,omitempty"`
	// SyncPeriodMS is how often progress is carried over by itself.
	SyncPeriodMS *int64            `json:"sync_period_ms,omitempty"`
	Status       string            `json:"status,omitempty"` // the vendor's word
	Source       Site              `json:"source"`
	Target       Site              `json:"target"`
	Items        []ReplicationItem `json:"items,omitempty"`
	Evidence     Evidence          `json:"evidence"`
}

// Site is one end of a replication.
type Site struct {
	Region   string `json:"region,omitempty" otel:"cloud.region"`
	Instance string `json:"instance,omitempty"`
	// Kind is the vendor's word for the sort of instance.
	Kind  string `json:"kind,omitempty"`
	Topic string `json:"topic,omitempty" otel:"messaging.destination.name"`
	Group string `json:"group,omitempty" otel:"messaging.consumer.group.name"`
}

// ReplicationItem is one topic of a plan.
type ReplicationItem struct {
	ID          string                  `json:"id"`
	Running     *bool                   `json:"running,omitempty"`
	Status      string                  `json:"status,omitempty"`
	Source      Site                    `json:"source"`
	Target      Site                    `json:"target"`
	Checkpoints []ReplicationCheckpoint `json:"checkpoints,omitempty"`
	// DataBehindMS is how much newer the source's newest message is than the target's, in ms: the data that a loss of
	// the source would lose. Absent when it was not asked or not told.
	DataBehindMS *int64   `json:"data_behind_ms,omitempty"`
	Evidence     Evidence `json:"evidence"`
}

// ReplicationCheckpoint compares a group's progress at both ends. It is skew of consumer progress, not exposure to data
// loss.
type ReplicationCheckpoint struct {
	ID     string `json:"id"`
	Source Site   `json:"source"`
	Target Site   `json:"target"`
	// SourceConsumed and TargetConsumed are the store times up to which each end's group has consumed.
	SourceConsumed *Time `json:"source_consumed,omitempty"`
	TargetConsumed *Time `json:"target_consumed,omitempty"`
	// SourceFetched and TargetFetched are when the vendor looked at each end.
	SourceFetched *Time `json:"source_fetched,omitempty"`
	TargetFetched *Time `json:"target_fetched,omitempty"`
	// LastSync is when progress was carried over last.
	LastSync *Time `json:"last_sync,omitempty"`
	// TargetOnline: a consumer of the target's group is connected. Progress is not carried over while none is.
	TargetOnline *bool    `json:"target_online,omitempty"`
	Evidence     Evidence `json:"evidence"`
}
