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
	all = add(all, "find_messages", "Find messages of a topic by id, key, position or time.", "messages", MessageFinder.FindMessages)
	all = add(all, "get_message", "Get one message with its body.", "messages", MessageGetter.GetMessage)
	all = add(all, "trace_message", "Tell the life of one message.", "messages", MessageTracer.TraceMessage)
	all = add(all, "list_subscriptions", "List who should get a topic's messages.", "consumers", Subscriptions.ListSubscriptions)
	all = add(all, "consumer_lag", "Tell how a consumer group stands.", "consumers", LagReporter.ConsumerLag)
	all = add(all, "replication_status", "Tell how plans that copy between instances stand.", "replication", ReplicationReporter.ReplicationStatus)
	return add(all, "list_resources", "List instances, topics or consumer groups.", "instances", ResourceLister.ListResources)
}

// add adds a verb, the method of the interface V, if T has it.
func add[T, V, In, Out any](all []sdk.Operation[T], name, description, toolset string, method func(V, context.Context, In) (Out, error)) []sdk.Operation[T] {
	var none T
	if _, ok := any(none).(V); !ok {
		return all
	}
	return append(all, verb(name, description, toolset, func(ctx context.Context, connection T, request In) (Out, error) {
		return method(any(connection).(V), ctx, request)
	}))
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
