package emulator

// What a sandbox connection is opened with. None of it is worth anything elsewhere.
const (
	Region    = "cn-north-4"
	ProjectID = "5a4d000000000000000000000000b0c5"
	AccessKey = "sandbox-access-key"
	SecretKey = "sandbox-secret-key"

	// TemporaryAccessKey works only together with SecurityToken.
	TemporaryAccessKey = "sandbox-temporary-access-key"
	TemporarySecretKey = "sandbox-temporary-secret-key"
	SecurityToken      = "sandbox-security-token"

	// AuthToken works in place of a signature.
	AuthToken = "sandbox-auth-token" //nolint:gosec // made up, of no worth anywhere
)

// account is what the emulator knows of an access key.
type account struct{ secret, token string }

func find(accessKey string) (account, bool) {
	switch accessKey {
	case AccessKey:
		return account{secret: SecretKey}, true
	case TemporaryAccessKey:
		return account{secret: TemporarySecretKey, token: SecurityToken}, true
	default:
		return account{}, false
	}
}
