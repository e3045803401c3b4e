package main

import "github.com/mqtrail/mqtrail/sdk"

// The variables that users of this cloud have. The names are the vendor's, shared by its SDKs and its command line.
const (
	varKeyID              = "ALIBABA_CLOUD_ACCESS_KEY_ID"
	varKeySecret          = "ALIBABA_CLOUD_ACCESS_KEY_SECRET" // #nosec G101 -- a variable's name
	varToken              = "ALIBABA_CLOUD_SECURITY_TOKEN"    // #nosec G101 -- a variable's name
	varRegion             = "ALIBABA_CLOUD_REGION_ID"
	varProfile            = "ALIBABA_CLOUD_PROFILE"
	varConfigFile         = "ALIBABA_CLOUD_CONFIG_FILE"
	varCLIProfileDisabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
	varCredentialsFile    = "ALIBABA_CLOUD_CREDENTIALS_FILE" // #nosec G101 -- a variable's name
	varOIDCProviderARN    = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	varOIDCTokenFile      = "ALIBABA_CLOUD_OIDC_TOKEN_FILE" // #nosec G101 -- a variable's name
	varOIDCToken          = "ALIBABA_CLOUD_OIDC_TOKEN"      // #nosec G101 -- a variable's name
	varRoleARN            = "ALIBABA_CLOUD_ROLE_ARN"
	varRoleSession        = "ALIBABA_CLOUD_ROLE_SESSION_NAME"
	varECSRole            = "ALIBABA_CLOUD_ECS_METADATA"
	varECSDisabled        = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	varCredentialsURI     = "ALIBABA_CLOUD_CREDENTIALS_URI" // #nosec G101 -- a variable's name
)

// environment lists what the plugin may see of the host's environment; the last ones only the credentials library reads.
func environment() []sdk.Variable {
	return []sdk.Variable{
		{Name: varKeyID, Description: "Id of an access key.", Required: true},
		{Name: varKeySecret, Description: "Secret of the access key.", Secret: true, Required: true},
		{Name: varToken, Description: "Token of a temporary access key.", Secret: true},
		{Name: varRegion, Description: "Region to call when the connection names none."},
		{Name: varProfile, Description: "Profile to use when the connection names none."},
		{Name: varConfigFile, Description: "The vendor's command line's configuration, instead of ~/.aliyun/config.json."},
		{Name: varCLIProfileDisabled, Description: "true: the command line's configuration is not looked at."},
		{Name: varCredentialsFile, Description: "Credentials file, instead of ~/.alibabacloud/credentials."},
		{Name: varOIDCProviderARN, Description: "Identity provider of an OIDC role."},
		{Name: varOIDCTokenFile, Description: "File with the OIDC token."},
		{Name: varOIDCToken, Description: "The OIDC token itself.", Secret: true},
		{Name: varRoleARN, Description: "Role that is assumed with the OIDC token."},
		{Name: varECSRole, Description: "RAM role of the ECS instance that this runs on."},
		{Name: varECSDisabled, Description: "true: the ECS instance is not asked for credentials."},
		{Name: varCredentialsURI, Description: "Address that answers with credentials.", Secret: true},
		{Name: varRoleSession, Description: "Name of the sessions of an assumed role."},
		{Name: "ALIBABA_CLOUD_STS_REGION", Description: "Region whose token service is asked."},
		{Name: "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", Description: "true: the token service is called by its address inside a VPC."},
		{Name: "ALIBABA_CLOUD_IMDSV1_DISABLED", Description: "true: an ECS instance is asked in its hardened mode only."},
		{Name: "USERPROFILE", Description: "Home folder on Windows, where configuration files are looked for."},
	}
}
