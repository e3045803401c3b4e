package main

import "github.com/mqtrail/mqtrail/sdk"

// The variables that users of Huawei Cloud's SDKs and of its Terraform provider have.
const (
	accessVariable      = "HUAWEICLOUD_SDK_AK"
	secretVariable      = "HUAWEICLOUD_SDK_SK"             //nolint:gosec // the name of a variable
	tokenVariable       = "HUAWEICLOUD_SDK_SECURITY_TOKEN" //nolint:gosec // the name of a variable
	projectVariable     = "HUAWEICLOUD_SDK_PROJECT_ID"
	iamVariable         = "HUAWEICLOUD_SDK_IAM_ENDPOINT"
	profileVariable     = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
	regionVariable      = "HUAWEICLOUD_SDK_REGION"
	otherRegionVariable = "HW_REGION_NAME"
)

func environment() []sdk.Variable {
	return []sdk.Variable{
		{Name: accessVariable, Description: "Access key id.", Required: true},
		{Name: secretVariable, Description: "Secret access key.", Secret: true, Required: true},
		{Name: tokenVariable, Description: "Security token of a temporary access key.", Secret: true},
		{Name: regionVariable, Description: "Region of the instances, like cn-north-4."},
		{Name: otherRegionVariable, Description: "Region of the instances, as Terraform names it."},
		{Name: projectVariable, Description: "Project id of the region."},
		{Name: iamVariable, Description: "Base URL of IAM."},
		{Name: profileVariable, Description: "Credentials file, in place of ~/.huaweicloud/credentials."},
	}
}
