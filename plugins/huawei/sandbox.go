package main

import (
	"time"

	"github.com/mqtrail/mqtrail/plugins/huawei/emulator"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// startSandbox starts the emulators: one stands for DMS and for IAM, one for ROMA Connect. All settings are given,
// so that nothing of the user's environment reaches them.
func startSandbox() (Settings, error) {
	dms, err := serve(emulator.DMS)
	if err != nil {
		return Settings{}, err
	}
	roma, err := serve(emulator.ROMA)
	if err != nil {
		return Settings{}, err
	}
	return sandboxSettings(dms, roma), nil
}

// serve starts one emulator, and returns its base URL.
func serve(emulate func(now func() time.Time) (sandbox.Vendor, error)) (string, error) {
	vendor, err := emulate(time.Now)
	if err != nil {
		return "", err
	}
	return sandbox.Start(vendor)
}

func sandboxSettings(dms, roma string) Settings {
	return Settings{
		Settings:     sdk.Settings{Endpoint: dms},
		RomaEndpoint: roma,
		IAMEndpoint:  dms,
		Region:       emulator.Region,
		ProjectID:    emulator.ProjectID,
		AccessKey:    emulator.AccessKey,
		SecretKey:    emulator.SecretKey,
	}
}
