package main

import (
	"context"
	"net/http"
	"time"

	"github.com/mqtrail/mqtrail/plugins/aliyun/verbs"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// client is an open connection.
type client struct {
	*rest.Client
	*verbs.Verbs
	signer      signer
	credentials credentialSource
}

// open makes a connection. It calls nobody: credentials are fetched when a call needs them.
func open(_ context.Context, settings Settings) (*client, error) {
	credentials, profileRegion, err := settings.credentials()
	if err != nil {
		return nil, err
	}
	endpoint, err := settings.endpoint(profileRegion)
	if err != nil {
		return nil, err
	}
	c := &client{signer: newSigner(), credentials: credentials}
	c.Client = &rest.Client{
		Endpoint:        endpoint,
		Sign:            c.sign,
		Check:           checkAnswer,
		SecretHeaders:   []string{headerToken, headerAuthorization},
		RequestIDHeader: "x-acs-request-id",
	}
	c.Verbs = verbs.New(c.Client, settings.region(profileRegion), time.Now)
	return c, nil
}

func (c *client) sign(request *http.Request, file *sdk.File, body []byte) error {
	key, err := c.credentials.get(request.Context())
	if err != nil {
		return err
	}
	c.signer.sign(request, body, call{action: file.Operation, version: apiVersion}, key)
	return nil
}
