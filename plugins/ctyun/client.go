package main

import (
	"cmp"
	"context"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// rocketmqEndpoint is CTyun's public address of RocketMQ for all regions.
const rocketmqEndpoint = "https://mq2-global.ctapi.ctyun.cn"

// regionSetting is the name that operation files and people have for the region.
const regionSetting = "region_id"

// client is an open connection to CTyun.
type client struct {
	*rest.Client
	regionID string
}

func open(_ context.Context, given settings) (*client, error) {
	complete := given.complete()
	if err := complete.check(); err != nil {
		return nil, err
	}
	c := &client{regionID: complete.RegionID}
	signer := signer{accessKey: complete.AccessKey, secretKey: complete.SecretKey, now: time.Now}
	c.Client = &rest.Client{
		Endpoint:        cmp.Or(complete.Endpoint, rocketmqEndpoint),
		Sign:            signer.sign,
		Check:           checkEnvelope,
		Setting:         c.setting,
		SecretHeaders:   []string{headerAuthorization},
		RequestIDHeader: headerRequestID,
	}
	return c, nil
}

// setting fills the parameters that operation files take from the connection.
func (c *client) setting(_ context.Context, name string) (string, error) {
	switch {
	case name != regionSetting:
		return "", sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "An operation file asks for the setting %s, which CTyun's connections do not have.", name)
	case c.regionID == "":
		return "", sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The connection has no %s, and v3 operations of CTyun are for one region.", regionSetting).
			WithHint("Set %s to the id of the resource pool, such as 200000002368, or the variable CTYUN_REGION_ID; or call the operation of the same name with v2 before it.", regionSetting)
	default:
		return c.regionID, nil
	}
}
