package rest

import (
	"context"
	"encoding/json"
	"io/fs"
	"sync"

	"github.com/mqtrail/mqtrail/sdk"
)

// Doer sends one operation. *Client is one; a plugin's own client embeds it, or chooses among several by
// file.Product.
type Doer interface {
	Do(ctx context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error)
}

// Files is a folder of operation files, as operations of connections of type T.
type Files[T Doer] struct {
	files fs.FS
}

// FromFiles makes every file of the folder an operation. A file is read when it is first needed: a plugin with
// hundreds of operations starts as fast as one with a few.
func FromFiles[T Doer](files fs.FS) Files[T] {
	return Files[T]{files}
}

// Operations yields an operation per file. A folder that cannot be listed yields one operation whose
// description is the error, so that the host hears of it instead of offering nothing.
func (f Files[T]) Operations() []sdk.Operation[T] {
	names, err := sdk.FileNames(f.files)
	if err != nil {
		return []sdk.Operation[T]{{
			Name:     "unreadable",
			Describe: func(sdk.Docs) (sdk.Info, error) { return sdk.Info{}, err },
		}}
	}
	operations := make([]sdk.Operation[T], 0, len(names))
	for _, name := range names {
		read := func() (*sdk.File, error) { return sdk.ReadFile(f.files, name) }
		called := sync.OnceValues(read) // what is only described is not kept: most operations are never called
		operations = append(operations, sdk.Operation[T]{
			Name: sdk.ToolName(name),
			Describe: func(sdk.Docs) (sdk.Info, error) {
				file, err := read()
				if err != nil {
					return sdk.Info{}, err
				}
				return file.Info()
			},
			Invoke: func(ctx context.Context, connection T, arguments json.RawMessage) (json.RawMessage, error) {
				file, err := called()
				if err != nil {
					return nil, err
				}
				return connection.Do(ctx, file, arguments)
			},
		})
	}
	return operations
}
