package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/mqtrail/mqtrail/schemas"
	"github.com/mqtrail/mqtrail/sdk"
)

// check lists one instance: it costs little, and only an accepted signature is answered. Without a region v2
// answers it, for all regions.
func check(ctx context.Context, c *client) (string, error) {
	name, arguments, where := "instance_list", `{"pageNumber":1,"pageSize":1}`, " in region "+c.regionID
	if c.regionID == "" {
		name, arguments, where = "v2_instance_list", `{}`, "; "+regionSetting+" is not set, so v3 operations cannot be called"
	}
	file, err := sdk.ReadFile(schemas.CTyun, "ctyun/rocketmq/"+name+".json")
	if err != nil {
		return "", err
	}
	answer, err := c.Do(ctx, file, json.RawMessage(arguments))
	if err != nil {
		return "", err
	}
	var list struct {
		ReturnObj struct {
			Total text `json:"total"`
		} `json:"returnObj"`
	}
	// The count is a courtesy: an answer without one says as well that the credentials work.
	if json.Unmarshal(answer, &list) != nil || list.ReturnObj.Total == "" {
		return "CTyun accepts the credentials" + where, nil //nolint:nilerr // see above
	}
	return fmt.Sprintf("CTyun accepts the credentials; RocketMQ instances: %s%s", list.ReturnObj.Total, where), nil
}
