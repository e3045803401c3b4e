package trail

import (
	"context"
	"embed"
	"reflect"

	"github.com/mqtrail/mqtrail/sdk"
)

// Product is what the verbs' operations go under: their names are <plugin>_trail_<verb>. The host calls them for its own
// tools and does not list them among the vendor's operations.
const Product = "trail"

// The files whose doc comments describe the schemas.
//
//go:embed body.go event.go evidence.go group.go message.go replication.go resource.go time.go verbs.go
var source embed.FS

// NotOffered is the problem of a verb, or a way to use it, that the vendor's API has not. It is no empty answer.
func NotOffered(format string, args ...any) *sdk.Problem {
	return sdk.Problemf(sdk.SourceVendor, sdk.CodeNotOffered, format, args...)
}

// Verbs are the neutral operations of connections of type T.
type Verbs[T any] struct{}

// Implemented offers the verbs that T has methods for.
func Implemented[T any]() Verbs[T] { return Verbs[T]{} }

// Operations yields an operation per verb that T has.
func (Verbs[T]) Operations() []sdk.Operation[T] {
	var all []sdk.Operation[T]
	var none T
	has := any(none)
	if _, ok := has.(MessageFinder); ok {
		all = append(all, verb("find_messages", "Find messages of a topic by id, key, position or time.", "messages",
			func(ctx context.Context, connection T, request FindRequest) (*FindAnswer, error) {
				return any(connection).(MessageFinder).FindMessages(ctx, request)
			}))
	}
	if _, ok := has.(MessageGetter); ok {
		all = append(all, verb("get_message", "Get one message with its body.", "messages",
			func(ctx context.Context, connection T, request GetRequest) (*GetAnswer, error) {
				return any(connection).(MessageGetter).GetMessage(ctx, request)
			}))
	}
	if _, ok := has.(MessageTracer); ok {
		all = append(all, verb("trace_message", "Tell the life of one message.", "messages",
			func(ctx context.Context, connection T, request TraceRequest) (*TraceAnswer, error) {
				return any(connection).(MessageTracer).TraceMessage(ctx, request)
			}))
	}
	if _, ok := has.(Subscriptions); ok {
		all = append(all, verb("list_subscriptions", "List who should get a topic's messages.", "consumers",
			func(ctx context.Context, connection T, request SubscriptionsRequest) (*SubscriptionsAnswer, error) {
				return any(connection).(Subscriptions).ListSubscriptions(ctx, request)
			}))
	}
	if _, ok := has.(LagReporter); ok {
		all = append(all, verb("consumer_lag", "Tell how a consumer group stands.", "consumers",
			func(ctx context.Context, connection T, request LagRequest) (*LagAnswer, error) {
				return any(connection).(LagReporter).ConsumerLag(ctx, request)
			}))
	}
	if _, ok := has.(ReplicationReporter); ok {
		all = append(all, verb("replication_status", "Tell how plans that copy between instances stand.", "replication",
			func(ctx context.Context, connection T, request ReplicationRequest) (*ReplicationAnswer, error) {
				return any(connection).(ReplicationReporter).ReplicationStatus(ctx, request)
			}))
	}
	if _, ok := has.(ResourceLister); ok {
		all = append(all, verb("list_resources", "List instances, topics or consumer groups.", "instances",
			func(ctx context.Context, connection T, request ResourcesRequest) (*ResourcesAnswer, error) {
				return any(connection).(ResourceLister).ListResources(ctx, request)
			}))
	}
	return all
}

// verb is a typed operation whose descriptions are the doc comments of this package.
func verb[T, In, Out any](name, description, toolset string, run func(context.Context, T, In) (Out, error)) sdk.Operation[T] {
	operation := sdk.Op(Product+"_"+name, description, run, sdk.Toolset(toolset))
	describe := operation.Describe
	operation.Describe = func(sdk.Docs) (sdk.Info, error) {
		docs, err := sdk.ReadDocs(source, reflect.TypeFor[Gathered]().PkgPath())
		if err != nil {
			return sdk.Info{}, err
		}
		info, err := describe(docs)
		info.Product = Product
		return info, err
	}
	return operation
}
