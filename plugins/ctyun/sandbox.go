package main

import (
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// startSandbox starts CTyun's emulator and returns the settings of a connection to it.
func startSandbox() (settings, error) {
	endpoint, err := sandbox.Start(emulator.Vendor(time.Now))
	if err != nil {
		return settings{}, err
	}
	return settings{
		Settings:  sdk.Settings{Endpoint: endpoint},
		AccessKey: emulator.AccessKey,
		SecretKey: emulator.SecretKey,
		RegionID:  emulator.RegionID,
	}, nil
}
