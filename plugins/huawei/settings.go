package main

import "github.com/mqtrail/mqtrail/sdk"

// Settings are the settings of a connection to Huawei Cloud. What is left out is taken from the environment,
// keys also from the file that Huawei Cloud's own SDKs read.
type Settings struct {
	sdk.Settings
	// Region that holds the instances, like cn-north-4. It gives the endpoints and the project. Default:
	// HUAWEICLOUD_SDK_REGION, then HW_REGION_NAME.
	Region string `json:"region,omitempty"`
	// Access key id (AK). Default, together with the secret key: HUAWEICLOUD_SDK_AK, then ak in
	// ~/.huaweicloud/credentials, section [basic].
	AccessKey string `json:"access_key,omitempty"`
	// Secret access key (SK) that belongs to the access key.
	SecretKey string `json:"secret_key,omitempty" mqtrail:"secret"`
	// Security token that came with a temporary access key.
	SecurityToken string `json:"security_token,omitempty" mqtrail:"secret"`
	// IAM token to call with instead of an access key; it lives for 24 hours at most.
	AuthToken string `json:"auth_token,omitempty" mqtrail:"secret"`
	// Project id (32 hexadecimal digits) that holds the instances. Default: HUAWEICLOUD_SDK_PROJECT_ID; else IAM
	// is asked for the region's project, which needs a region with exactly one.
	ProjectID string `json:"project_id,omitempty"`
	// Base URL of ROMA Connect, for the operations of its message queues. Default: the region's.
	RomaEndpoint string `json:"roma_endpoint,omitempty" jsonschema:"format=uri"`
	// Base URL of IAM, asked for the project only. Default: HUAWEICLOUD_SDK_IAM_ENDPOINT, then the region's.
	IAMEndpoint string `json:"iam_endpoint,omitempty" jsonschema:"format=uri"`
}
