package main

import (
	"context"
	"net/http"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// client is an open connection.
type client struct {
	*rest.Client
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
