package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

// probeFile is the operation that a check calls: it is cheap, and needs no resource to exist.
const probeFile = "aliyun/rocketmq/list_regions.json"

// check asks the vendor for its regions, which tells whether the endpoint and the credentials work.
func check(ctx context.Context, c *client) (string, error) {
	file, err := sdk.ReadFile(schemas.Aliyun, probeFile)
	if err != nil {
		return "", err
	}
	answer, err := c.Do(ctx, file, nil)
	var problem *sdk.Problem
	if errors.As(err, &problem) && problem.VendorCode == codeNoPermission {
		// The vendor knew the caller well enough to refuse it.
		return fmt.Sprintf("%s knows the credentials from %s; they may not list regions", c.Endpoint, c.credentials.from), nil
	}
	if err != nil {
		return "", err
	}
	var regions struct{ Data []json.RawMessage }
	if err := json.Unmarshal(answer, &regions); err != nil {
		return "", sdk.Problemf(sdk.SourceVendor, sdk.CodeInvalidAnswer, "%s did not answer a list of regions.", c.Endpoint)
	}
	return fmt.Sprintf("%s accepts the credentials from %s and offers %d regions", c.Endpoint, c.credentials.from, len(regions.Data)), nil
}
