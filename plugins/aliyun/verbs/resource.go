package verbs

import (
	"context"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// instance is what is told of one; a list tells less.
type instance struct {
	InstanceID   string `json:"instanceId"`
	InstanceName string `json:"instanceName"`
	RegionID     string `json:"regionId"`
	Status       string `json:"status"`
	SeriesCode   string `json:"seriesCode"`
	CreateTime   string `json:"createTime"`
	ProductInfo  struct {
		TraceOn              truth  `json:"traceOn"`
		MessageRetentionTime *count `json:"messageRetentionTime"` // hours
	} `json:"productInfo"`
}

type topic struct {
	TopicName   string `json:"topicName"`
	RegionID    string `json:"regionId"`
	Status      string `json:"status"`
	MessageType string `json:"messageType"`
	CreateTime  string `json:"createTime"`
}

// mostListed bounds the resources of an answer.
const mostListed = 1000

// ListResources lists instances, topics or consumer groups. The vendor's own filters are documented by example only, so
// names are compared here.
func (v *Verbs) ListResources(ctx context.Context, request trail.ResourcesRequest) (*trail.ResourcesAnswer, error) {
	if request.Limit <= 0 {
		request.Limit = usualLimit
	}
	request.Limit = min(request.Limit, mostListed)
	if err := check(request.System); err != nil {
		return nil, err
	}
	l := &listing{told: &told{}, Verbs: v, request: request, calls: v.vendor.Begin(request.Raw)}
	if request.Kind == trail.Instances {
		return l.instances(ctx)
	}
	if err := check(request.System, need{"instance", request.Instance}); err != nil {
		return nil, err
	}
	switch request.Kind {
	case trail.Topics:
		return l.topics(ctx)
	case trail.Groups:
		return l.groups(ctx)
	default:
		return nil, sdk.InvalidArgument("kind", "%q is none of instance, topic and group.", request.Kind)
	}
}

// listing is one question for resources.
type listing struct {
	*told
	*Verbs
	request trail.ResourcesRequest
	calls   *trail.Calls
}

func (l *listing) wants(names ...string) bool {
	for _, name := range names {
		if strings.Contains(strings.ToLower(name), strings.ToLower(l.request.Contains)) {
			return true
		}
	}
	return false
}

func (l *listing) answer(resources []trail.Resource, next *position, notOffered ...string) *trail.ResourcesAnswer {
	answered := &trail.ResourcesAnswer{Resources: append([]trail.Resource{}, resources...)}
	if next != nil {
		answered.Next = next.cursor()
	}
	answered.Gathered = l.gathered(l.calls, append([]string{"partitions"}, notOffered...))
	return answered
}

// instances lists them; one that is named is told with its retention, which lists do not have.
func (l *listing) instances(ctx context.Context) (*trail.ResourcesAnswer, error) {
	if l.request.Instance != "" {
		found, err := ask[instance](ctx, l.calls, "get_instance", map[string]any{"instanceId": l.request.Instance})
		if err != nil {
			return nil, err
		}
		return l.answer([]trail.Resource{found.data.model(found.at(""))}, nil), nil
	}
	from, err := begin(l.request.Cursor, biggestPage)
	if err != nil {
		return nil, err
	}
	found, err := list(ctx, l.calls, "list_instances", map[string]any{}, from, l.request.Limit, func(i instance) bool {
		return l.wants(i.InstanceID, i.InstanceName)
	})
	if err != nil {
		return nil, err
	}
	var resources []trail.Resource
	for _, one := range found.entries {
		resources = append(resources, one.of.model(one.evidence))
	}
	return l.answer(resources, found.next), nil
}

func (i *instance) model(evidence trail.Evidence) trail.Resource {
	return trail.Resource{
		Kind: trail.Instances, ID: i.InstanceID, Name: i.InstanceName, Instance: i.InstanceID, System: trail.RocketMQ, Region: i.RegionID,
		Status: i.Status, Usable: usable(i.Status), Type: i.SeriesCode, RetentionMS: i.retention(),
		Created: assumedClock().at(i.CreateTime), Evidence: evidence,
	}
}

func (i *instance) retention() *int64 {
	hours := i.ProductInfo.MessageRetentionTime
	if hours == nil || hours.or(0) <= 0 {
		return nil
	}
	ms := hours.or(0) * time.Hour.Milliseconds()
	return &ms
}

// topics lists them with the instance's retention, which is theirs.
func (l *listing) topics(ctx context.Context) (*trail.ResourcesAnswer, error) {
	from, err := begin(l.request.Cursor, usualPage)
	if err != nil {
		return nil, err
	}
	var found listed[topic]
	var owner answer[instance]
	var ownerErr error
	both, bounded := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		found, err = list(bounded, l.calls, "list_topics", map[string]any{"instanceId": l.request.Instance}, from, l.request.Limit,
			func(t topic) bool { return l.wants(t.TopicName) })
		return err
	})
	both.Go(func() error {
		owner, ownerErr = ask[instance](bounded, l.calls, "get_instance", map[string]any{"instanceId": l.request.Instance})
		return nil
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	if ownerErr != nil { // the list is whole all the same
		l.note("How long messages are kept is not known: %s", sdk.AsProblem(ownerErr).Message)
	}
	var resources []trail.Resource
	for _, one := range found.entries {
		t := one.of
		resources = append(resources, trail.Resource{
			Kind: trail.Topics, ID: t.TopicName, Instance: l.request.Instance, System: trail.RocketMQ, Region: t.RegionID, Status: t.Status,
			Usable: usable(t.Status), Type: messageType(t.MessageType), RetentionMS: owner.data.retention(),
			Created: assumedClock().at(t.CreateTime), Evidence: one.evidence,
		})
	}
	return l.answer(resources, found.next), nil
}

func (l *listing) groups(ctx context.Context) (*trail.ResourcesAnswer, error) {
	from, err := begin(l.request.Cursor, usualPage)
	if err != nil {
		return nil, err
	}
	found, err := list(ctx, l.calls, "list_consumer_groups", map[string]any{"instanceId": l.request.Instance}, from, l.request.Limit,
		func(g group) bool { return l.wants(g.ConsumerGroupID) })
	if err != nil {
		return nil, err
	}
	var resources []trail.Resource
	for _, one := range found.entries {
		g := one.of
		resources = append(resources, trail.Resource{
			Kind: trail.Groups, ID: g.ConsumerGroupID, Instance: l.request.Instance, System: trail.RocketMQ, Region: g.RegionID, Status: g.Status,
			Usable: usable(g.Status), Type: string(modeOf(g.MessageModel)), Created: assumedClock().at(g.CreateTime), Evidence: one.evidence,
		})
	}
	return l.answer(resources, found.next, "retention_ms"), nil
}

// usable reads a status; nil for a word that is not documented.
func usable(status string) *bool {
	yes := status == "RUNNING" || status == "CHANGING"
	switch status {
	case "RUNNING", "CHANGING", "CREATING", "STOPPED", "RELEASED":
		return &yes
	default:
		return nil
	}
}
