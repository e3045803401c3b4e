package main

import (
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator"
	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// startSandbox starts CTyun's emulators, one a product, and returns the settings of a connection to them.
func startSandbox() (settings, error) {
	rocketmq, err := start(emulator.RocketMQ)
	if err != nil {
		return settings{}, err
	}
	kafka, err := start(emulator.Kafka)
	if err != nil {
		return settings{}, err
	}
	return settings{
		Settings:      sdk.Settings{Endpoint: rocketmq},
		KafkaEndpoint: kafka,
		AccessKey:     emulator.AccessKey,
		SecretKey:     emulator.SecretKey,
		RegionID:      emulator.RegionID,
	}, nil
}

func start(of func(now func() time.Time) (sandbox.Vendor, error)) (string, error) {
	vendor, err := of(time.Now)
	if err != nil {
		return "", err
	}
	return sandbox.Start(vendor)
}
