package trail

// Kind is a kind of resource.
type Kind string

// The kinds of resources.
const (
	Instances Kind = "instance"
	Topics    Kind = "topic"
	Groups    Kind = "group"
)

// Resource is an instance, a topic or a consumer group.
type Resource struct {
	Kind Kind `json:"kind"`
	// ID is what calls name the resource by; Name what people call it.
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Instance string `json:"instance,omitempty"`
	System   System `json:"system,omitempty" otel:"messaging.system"`
	Region   string `json:"region,omitempty" otel:"cloud.region"`
	// Status is the vendor's word.
	Status string `json:"status,omitempty"`
	// Usable: the resource can be asked about now; false for one that is being created, frozen or deleted.
	Usable *bool `json:"usable,omitempty"`
	// Type is a topic's kind of messages, or how a group is delivered to.
	Type       string `json:"type,omitempty"`
	Partitions *int64 `json:"partitions,omitempty"`
	// RetentionMS is how long messages are kept.
	RetentionMS *int64   `json:"retention_ms,omitempty"`
	Created     *Time    `json:"created,omitempty"`
	Evidence    Evidence `json:"evidence"`
}
