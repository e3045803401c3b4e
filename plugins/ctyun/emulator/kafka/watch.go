package kafka

import (
	"strconv"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// auditLog tells how the instance came to be, all that the sandbox remembers. The shape is not documented.
func (s *Service) auditLog(i *instance, in given.Arguments) (any, error) {
	events := []any{map[string]any{
		"eventId": "1", "eventName": "createInstance", "eventLevel": "INFO", "instanceName": i.name, "userName": "shop", "eventTime": clock(i.created),
	}}
	return map[string]any{"total": len(events), "data": given.Page(in, "page", "rows", events)}, nil
}

// metric is a series of one value a minute, an hour at most. The sandbox knows two metrics; others have no values.
func (s *Service) metric(i *instance, in given.Arguments) (any, error) {
	var value int
	switch in.Text("metricName") {
	case "current_brokers":
		value = len(i.nodes)
	case "current_topics":
		value = len(i.topics)
	default:
		return []any{}, nil
	}
	end := min(in.Number("endTime", 0), s.now().Unix())
	begin := max(in.Number("startTime", 0), end-int64(time.Hour.Seconds()))
	values := []any{}
	for at := begin; at <= end; at += 60 {
		values = append(values, map[string]any{"metricValues": []string{strconv.FormatInt(at, 10), strconv.Itoa(value)}})
	}
	return []any{map[string]any{"metric": map[string]string{"prodInstId": i.id, "metricName": in.Text("metricName")}, "values": values}}, nil
}
