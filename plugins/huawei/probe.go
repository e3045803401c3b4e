package main

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/mqtrail/mqtrail/sdk"
)

// probe reads one Kafka instance of the project: the cheapest call that endpoint, credentials and project must
// all be right for.
func probe(ctx context.Context, c *client) (string, error) {
	answer, err := c.Do(ctx, listInstances(), json.RawMessage(`{"engine":"kafka","limit":"1"}`))
	if err != nil {
		return "", err
	}
	var page struct {
		Instances *[]json.RawMessage `json:"instances"`
	}
	if err := json.Unmarshal(answer, &page); err != nil || page.Instances == nil {
		return "", sdk.Problemf(sdk.SourceVendor, sdk.CodeInvalidAnswer, "%s answered with no list of instances.", c.Endpoint).
			WithHint("Something else than Huawei Cloud's DMS may answer there: check endpoint.")
	}
	id, err := c.project.ID(ctx)
	if err != nil {
		return "", err
	}
	if len(*page.Instances) == 0 {
		return c.Endpoint + " answers; project " + id + " has no Kafka instance", nil
	}
	return c.Endpoint + " answers; project " + id + " has Kafka instances", nil
}

// listInstances asks only for what the probe needs, hence no file.
func listInstances() *sdk.File {
	return &sdk.File{
		Operation: "ListInstances", Method: http.MethodGet, Path: "/v2/{project_id}/instances", Access: sdk.AccessRead,
		Parameters: []sdk.Parameter{
			{Name: "engine", Wire: "engine", In: sdk.InQuery, Required: true},
			{Name: "limit", Wire: "limit", In: sdk.InQuery},
			{Name: "project_id", Wire: "project_id", In: sdk.InPath, From: "project_id", Required: true},
		},
	}
}
