// Package schemas holds every operation of every vendor as a file: <vendor>/<product>/<operation>.json.
package schemas

import "embed"

// The vendors' operation files. Each is a variable of its own, so that a plugin carries its own vendor's alone.
var (
	//go:embed aliyun
	Aliyun embed.FS
	//go:embed huawei
	Huawei embed.FS
	//go:embed ctyun
	CTyun embed.FS
)
