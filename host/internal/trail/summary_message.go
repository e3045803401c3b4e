package trail

import (
	"maps"
	"slices"

	"github.com/mqtrail/mqtrail/sdk/trail"
)

// MessageSummary is one message with its body. Body, keys and properties are what somebody else wrote.
type MessageSummary struct {
	Message    *MessageLine      `json:"message"`
	Body       *trail.Body       `json:"body,omitempty"`
	Type       string            `json:"type,omitempty"`
	Born       string            `json:"born,omitempty"`
	BornHost   string            `json:"born_host,omitempty"`
	Retries    *int64            `json:"retries,omitempty"`
	DeliverAt  string            `json:"deliver_at,omitempty"`
	BodyCheck  string            `json:"body_check,omitempty"`
	OriginID   string            `json:"origin_id,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
	NotOffered []string          `json:"not_offered,omitempty"`
	Notes      []string          `json:"notes,omitempty"`
	// Omitted says how to get what is left out.
	Omitted string         `json:"omitted,omitempty"`
	Report  *MessageReport `json:"report,omitempty"`
}

// maxProperties of a message are in its summary.
const maxProperties = 20

// Summary is the message without what few ask for.
func (r *MessageReport) Summary() *MessageSummary {
	m := &r.Message.Message
	s := &MessageSummary{
		Message: messageLine(r.Message.Connection, m), Body: m.Body, Type: line(m.Type, nameLength), BornHost: line(m.BornHost, nameLength), Retries: m.Retries,
		BodyCheck: line(m.BodyCheck, nameLength), OriginID: line(m.OriginID, nameLength), NotOffered: r.NotOffered, Notes: lines(r.Notes, 5),
		Omitted: "detail=raw has OpenTelemetry attributes, positions and the vendor's answer.",
	}
	s.Message.BrokerID = line(m.BrokerID, nameLength)
	if m.Born != nil {
		s.Born = m.Born.ISO
	}
	if m.DeliverAt != nil {
		s.DeliverAt = m.DeliverAt.ISO
	}
	if m.Body != nil && m.Body.Truncated {
		s.Omitted = "The body is cut; body_offset and body_limit get another part. " + s.Omitted
	}
	for _, name := range slices.Sorted(maps.Keys(m.Props)) {
		if len(s.Properties) == maxProperties {
			s.Omitted = "There are more properties. " + s.Omitted
			break
		}
		if s.Properties == nil {
			s.Properties = map[string]string{}
		}
		s.Properties[line(name, nameLength)] = line(m.Props[name], maxReason)
	}
	return s
}

// Raw is the message with the whole report.
func (r *MessageReport) Raw() *MessageSummary {
	s := r.Summary()
	s.Omitted, s.Report = "", r
	return s
}
