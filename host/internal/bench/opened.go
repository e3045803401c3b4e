package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/rs/zerolog"

	"github.com/mqtrail/mqtrail/host/internal/config"
	"github.com/mqtrail/mqtrail/host/internal/gateway"
	"github.com/mqtrail/mqtrail/host/internal/operations"
	"github.com/mqtrail/mqtrail/host/internal/pluginhost"
	"github.com/mqtrail/mqtrail/host/internal/redact"
)

// opened is an installation's gateway in this process, without a front.
type opened struct {
	plugins *pluginhost.Host
	gateway *gateway.Gateway
}

// open makes the gateway as the command line does.
func (i installation) open(ctx context.Context) (_ *opened, err error) {
	o := &opened{plugins: pluginhost.New(pluginhost.Options{
		Dirs: i.dirs, CacheDir: filepath.Join(i.home, "manifests"), Logger: zerolog.Nop(),
	})}
	defer func() {
		if err != nil {
			err = errors.Join(err, o.close())
		}
	}()
	var manifests []*pluginhost.Manifest
	for _, plugin := range o.plugins.Plugins() {
		manifest, err := plugin.Manifest(ctx)
		if err != nil {
			return nil, err
		}
		manifests = append(manifests, manifest)
	}
	var connections []*gateway.Connection
	for _, connection := range config.Sandbox(pluginhost.Briefs(manifests)) {
		connections = append(connections, gateway.NewConnection(connection))
	}
	redactor := &redact.Redactor{}
	redactor.Add("a secret of the usual length") // so that answers are searched for one, as with an account
	o.gateway, err = gateway.New(gateway.Options{
		Catalogue: operations.New(manifests...), Connections: connections, Plugins: o.plugins,
		Redactor: redactor, Logger: zerolog.Nop(),
	})
	return o, err
}

func (o *opened) close() error { return o.plugins.Close(context.Background()) }

// call runs an operation and returns its answer.
func (o *opened) call(ctx context.Context, operation, arguments string) (json.RawMessage, error) {
	result, err := o.gateway.Call(ctx, gateway.Call{Operation: operation, Arguments: json.RawMessage(arguments)})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	return result.JSON, nil
}
