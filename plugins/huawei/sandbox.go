package main

import (
	"time"

	"github.com/mqtrail/mqtrail/plugins/huawei/emulator"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// startSandbox starts the emulator, which stands for DMS and for IAM. All settings are given, so that nothing
// of the user's environment reaches it.
func startSandbox() (Settings, error) {
	base, err := sandbox.Start(emulator.Vendor(time.Now))
	if err != nil {
		return Settings{}, err
	}
	return sandboxSettings(base), nil
}

func sandboxSettings(base string) Settings {
	return Settings{
		Settings:    sdk.Settings{Endpoint: base},
		IAMEndpoint: base,
		Region:      emulator.Region,
		ProjectID:   emulator.ProjectID,
		AccessKey:   emulator.AccessKey,
		SecretKey:   emulator.SecretKey,
	}
}
