package main

import (
	"testing"

	"github.com/mqtrail/mqtrail/sdk/plugintest"
)

func TestPlugin(t *testing.T) { plugintest.Run(t, plugin()) }
