package main

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/verbs"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/rest"
)

// The products are the folders of operation files.
const (
	rocketmq = "rocketmq"
	kafka    = "kafka"
)

// CTyun's public addresses, each for all regions. Routes like POST /v3/topic/create are both products': only the host
// tells which one is meant.
const (
	rocketmqEndpoint = "https://mq2-global.ctapi.ctyun.cn"
	kafkaEndpoint    = "https://ctgkafka-global.ctapi.ctyun.cn"
)

// The names that operation files and people have for settings.
const (
	regionSetting  = "region_id"
	projectSetting = "project_id"
)

// client is an open connection to CTyun. It has the neutral verbs.
type client struct {
	*verbs.Verbs
	regionID, projectID string
	products            map[string]*rest.Client
}

func open(_ context.Context, given settings) (*client, error) {
	complete := given.complete()
	if err := complete.check(); err != nil {
		return nil, err
	}
	c := &client{regionID: complete.RegionID, projectID: complete.ProjectID}
	signer := signer{accessKey: complete.AccessKey, secretKey: complete.SecretKey, now: time.Now}
	of := func(endpoint string) *rest.Client {
		return &rest.Client{
			Endpoint:        endpoint,
			Sign:            signer.sign,
			Check:           checkEnvelope,
			Setting:         c.setting,
			SecretHeaders:   []string{headerAuthorization},
			RequestIDHeader: headerRequestID,
		}
	}
	c.products = map[string]*rest.Client{
		rocketmq: of(cmp.Or(complete.Endpoint, rocketmqEndpoint)),
		kafka:    of(cmp.Or(complete.KafkaEndpoint, kafkaEndpoint)),
	}
	c.Verbs = verbs.New(c, c.regionID != "")
	return c, nil
}

// Do sends an operation to the host of its product.
func (c *client) Do(ctx context.Context, file *sdk.File, arguments json.RawMessage) (json.RawMessage, error) {
	product, ok := c.products[file.Product]
	if !ok {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "%s is of the product %q, whose host this plugin does not know.", file.Operation, file.Product)
	}
	return product.Do(ctx, file, arguments)
}

// setting fills the parameters that operation files take from the connection.
func (c *client) setting(_ context.Context, name string) (string, error) {
	switch {
	case name == projectSetting:
		return c.projectID, nil // "" leaves the default project
	case name != regionSetting:
		return "", sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "An operation file asks for the setting %s, which CTyun's connections do not have.", name)
	case c.regionID == "":
		return "", sdk.Problemf(sdk.SourceCaller, sdk.CodeInvalidConfig, "The connection has no %s, and v3 operations of CTyun are for one region.", regionSetting).
			WithHint("Set %s to the id of the resource pool, such as 200000002368, or the variable CTYUN_REGION_ID; or call RocketMQ's operation of the same name with v2 before it.", regionSetting)
	default:
		return c.regionID, nil
	}
}
