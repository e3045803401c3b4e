package main

import (
	_ "embed"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk"
)

// globalIAM answers for the regions that have no IAM of their own.
const globalIAM = "https://iam.myhuaweicloud.com"

//go:embed regions.json
var regionsJSON []byte

// hosts are a region's base URLs; "" for what it has not.
type hosts struct {
	DMS  string `json:"dms"`
	ROMA string `json:"roma"`
	IAM  string `json:"iam"`
}

type regions map[string]hosts

func readRegions() (regions, error) {
	var table regions
	if err := json.Unmarshal(regionsJSON, &table); err != nil {
		return nil, sdk.Problemf(sdk.SourcePlugin, sdk.CodeInternal, "The table of regions does not decode: %v", err)
	}
	return table, nil
}

func (r regions) names() string {
	return strings.Join(slices.Sorted(maps.Keys(r)), ", ")
}
