package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/mqtrail/mqtrail/plugins/huawei/verbs"
	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// romaProduct is the folder of ROMA Connect's operations. All others are DMS's.
const romaProduct = "mqs"

// client is one connection: DMS and ROMA Connect of one project.
type client struct {
	*rest.Client
	*verbs.Verbs
	roma    *rest.Client
	signer  signer
	project *project
}

// open makes a connection. It calls nobody.
func open(_ context.Context, settings Settings) (*client, error) {
	settings, err := settings.complete()
	if err != nil {
		return nil, err
	}
	return newClient(settings), nil
}

// newClient makes a connection of settings that are complete.
func newClient(settings Settings) *client {
	made := &client{
		signer: signer{
			keys:      keys{settings.AccessKey, settings.SecretKey, settings.SecurityToken},
			authToken: settings.AuthToken,
			now:       time.Now,
		},
		project: &project{region: settings.Region},
	}
	if settings.ProjectID != "" {
		made.project.id.Store(&settings.ProjectID)
	}
	secrets := checker{[]string{settings.SecretKey, settings.SecurityToken, settings.AuthToken}}
	api := rest.Client{
		Endpoint:        settings.Endpoint,
		Sign:            made.sign,
		Check:           secrets.check,
		Setting:         made.setting,
		SecretHeaders:   []string{"Authorization", headerSecurityToken, headerAuthToken},
		RequestIDHeader: headerRequestID,
	}
	roma := api
	roma.Endpoint = settings.RomaEndpoint
	iam := api
	iam.Endpoint, iam.Sign, iam.Setting = settings.IAMEndpoint, made.signGlobal, nil
	made.Client, made.roma, made.project.iam = &api, &roma, &iam
	made.Verbs = verbs.New(schemas.Huawei, made, settings.Region, time.Now)
	return made
}

// Do runs an operation at the endpoint of its product.
func (c *client) Do(ctx context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	if file.Product != romaProduct {
		return c.Client.Do(ctx, file, arguments)
	}
	if c.roma.Endpoint == "" {
		return nil, invalid("The connection has no endpoint of ROMA Connect: region %q is not one of those known to have it.", c.project.region).
			WithHint("Set roma_endpoint in the connection's config, or use a region that has ROMA Connect.")
	}
	return c.roma.Do(ctx, file, arguments)
}

// sign signs a call about the project.
func (c *client) sign(request *http.Request, _ *sdk.File, body []byte) error {
	id, err := c.project.ID(request.Context())
	if err != nil {
		return err
	}
	request.Header.Set(headerProject, id)
	c.signer.sign(request, body)
	return nil
}

// signGlobal signs a call that is about no project: the one that finds it.
func (c *client) signGlobal(request *http.Request, _ *sdk.File, body []byte) error {
	c.signer.sign(request, body)
	return nil
}

// setting fills the parameters that a setting gives.
func (c *client) setting(ctx context.Context, name string) (string, error) {
	if name != "project_id" {
		return "", nil
	}
	return c.project.ID(ctx)
}
