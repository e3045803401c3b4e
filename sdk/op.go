package sdk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
)

// Option changes what the manifest says of a typed operation.
type Option func(*Info)

// Writes marks an operation that changes something.
func Writes() Option { return func(i *Info) { i.Access = AccessWrite } }

// Destructive marks an operation whose effect cannot be undone.
func Destructive() Option { return func(i *Info) { i.Access = AccessDestructive } }

// Toolset puts an operation into one of [Toolsets]; the default is messages.
func Toolset(name string) Option { return func(i *Info) { i.Toolset = name } }

// Keywords are further words, in any language, that people search for.
func Keywords(words ...string) Option {
	return func(i *Info) { i.Keywords = append(i.Keywords, words...) }
}

// Op makes a typed function an operation that reads, unless an option says otherwise. The schemas are
// reflected from In and Out: a field without omitempty is required; descriptions come from doc comments when
// [Plugin].Source is set, or from `jsonschema:"description=..."` tags.
func Op[T, In, Out any](name, description string, run func(ctx context.Context, connection T, in In) (Out, error), options ...Option) Operation[T] {
	return Operation[T]{
		Name:    name,
		encodes: true,
		Describe: func(docs Docs) (Info, error) {
			info := Info{
				VendorName:  name,
				Title:       titleOf(name),
				Description: description,
				Access:      AccessRead,
				Toolset:     "messages",
			}
			for _, option := range options {
				option(&info)
			}
			var err error
			if info.Input, err = reflectSchema[In](docs); err != nil {
				return info, err
			}
			info.Output, err = reflectOutput[Out](docs)
			return info, err
		},
		Invoke: func(ctx context.Context, connection T, arguments json.RawMessage) (json.RawMessage, error) {
			in, err := decodeStrict[In](arguments)
			if err != nil {
				return nil, Problemf(SourceCaller, CodeInvalidArguments, "The arguments do not fit %s: %v", name, err)
			}
			out, err := run(ctx, connection, in)
			if err != nil {
				return nil, err
			}
			return json.Marshal(out)
		},
	}
}

// decodeStrict decodes one JSON object; unknown keys and anything after it are errors.
func decodeStrict[V any](data []byte) (V, error) {
	var value V
	if data = bytes.TrimSpace(data); len(data) == 0 {
		data = []byte("{}")
	}
	if data[0] != '{' { // null would pass for an object without members
		return value, errNoObject
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&value); err != nil {
		return value, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return value, errTrailing
	}
	return value, nil
}
