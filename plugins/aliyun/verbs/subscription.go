package verbs

import (
	"context"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/trail"
)

// subscription is what both of the vendor's lists tell of one; consistency comes as a text or as a boolean.
type subscription struct {
	ConsumerGroupID      string `json:"consumerGroupId"`
	TopicName            string `json:"topicName"`
	FilterExpression     string `json:"filterExpression"`
	FilterExpressionType string `json:"filterExpressionType"`
	MessageModel         string `json:"messageModel"`
	SubscriptionStatus   string `json:"subscriptionStatus"`
	Consistency          truth  `json:"consistency"`
}

// ListSubscriptions tells who should get a topic's messages, or what a group should get.
func (v *Verbs) ListSubscriptions(ctx context.Context, request trail.SubscriptionsRequest) (*trail.SubscriptionsAnswer, error) {
	if err := check(request.System, need{"instance", request.Instance}); err != nil {
		return nil, err
	}
	if request.Topic == "" && request.Group == "" {
		return nil, sdk.InvalidArgument("topic", "A topic or a group is needed.")
	}
	calls, say := v.vendor.Begin(request.Raw), &told{}
	name, arguments := "list_topic_subscriptions", map[string]any{"instanceId": request.Instance, "topicName": request.Topic}
	if request.Group != "" {
		name, arguments = "list_group_subscriptions", map[string]any{"instanceId": request.Instance, "consumerGroupId": request.Group}
		if request.Topic != "" {
			arguments["topicName"] = request.Topic
		}
	}
	found, err := subscriptions(ctx, calls, name, arguments)
	if err != nil {
		return nil, err
	}
	for _, s := range found {
		if s.Consistent != nil && !*s.Consistent {
			say.note("The consumers of %s subscribe to %s differently: messages can get lost.", s.Group, s.Topic)
		}
	}
	return &trail.SubscriptionsAnswer{Gathered: say.gathered(calls, nil), Subscriptions: found}, nil
}

func subscriptions(ctx context.Context, calls *trail.Calls, name string, arguments map[string]any) ([]trail.Subscription, error) {
	answered, err := ask[[]*subscription](ctx, calls, name, arguments)
	if err != nil {
		return nil, err
	}
	found := []trail.Subscription{}
	for i, s := range answered.data {
		if s == nil {
			continue
		}
		found = append(found, trail.Subscription{
			Group: s.ConsumerGroupID, Topic: s.TopicName, ExpressionType: expressionType(s.FilterExpressionType), Expression: s.FilterExpression,
			Mode: modeOf(s.MessageModel), Online: online(s.SubscriptionStatus), Consistent: s.Consistency.plain(), Evidence: answered.at("/%d", i),
		})
	}
	return found, nil
}

func expressionType(word string) string {
	switch strings.ToUpper(word) {
	case "TAG":
		return "tag"
	case "SQL", "SQL92":
		return "sql92"
	default:
		return word
	}
}

// modeOf is a model in the neutral words; another stays the vendor's.
func modeOf(word string) trail.Mode {
	switch strings.ToUpper(word) {
	case "CLUSTERING":
		return trail.Clustering
	case "BROADCASTING":
		return trail.Broadcasting
	default:
		return trail.Mode(word)
	}
}

func online(word string) *bool {
	yes := strings.EqualFold(word, "ONLINE")
	if !yes && !strings.EqualFold(word, "OFFLINE") {
		return nil
	}
	return &yes
}
