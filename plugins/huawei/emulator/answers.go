package emulator

import (
	"encoding/json"
	"net/http"

	"github.com/mqtrail/mqtrail/sdk"
	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// answers are those that no call changes: catalogues, zones, features. By product, then by the vendor's name.
type answers map[string]map[string]json.RawMessage

// to is the answer to an operation; nil when there is none.
func (a answers) to(file *sdk.File) *sandbox.Answer {
	body, ok := a[file.Product][file.Operation]
	if !ok {
		return nil
	}
	return &sandbox.Answer{Status: http.StatusOK, Body: body}
}
