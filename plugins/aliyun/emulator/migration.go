package emulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/mqtrail/mqtrail/sdk/sandbox"
)

// migration moves something into the service, stage by stage.
type migration struct {
	ID      int64          `json:"migrationId"`
	Name    string         `json:"migrationName"`
	Type    string         `json:"migrationType"`
	Status  string         `json:"migrationStatus"`
	Stage   stage          `json:"currentStage"`
	Source  map[string]any `json:"migrationSource"`
	Target  map[string]any `json:"migrationTarget"`
	User    string         `json:"userId"`
	Created stamp          `json:"createTime"`
	Updated stamp          `json:"updateTime"`

	group string // resource group
	steps []*step
}

type stage struct {
	Type   string         `json:"stageType"`
	Status string         `json:"stageStatus"`
	Data   map[string]any `json:"stageData"`
}

// step is one operation of a stage.
type step struct {
	ID        int64           `json:"operationId"`
	Migration int64           `json:"migrationId"`
	Stage     string          `json:"stageType"`
	Type      string          `json:"operationType"`
	Key       string          `json:"operationKey"`
	Status    string          `json:"operationStatus"`
	Business  string          `json:"businessStatus"`
	Param     json.RawMessage `json:"operationParam"`
	Result    map[string]any  `json:"operationResult"`
	Created   stamp           `json:"createTime"`
	Updated   stamp           `json:"updateTime"`
}

// stages are the documented ones; their order is assumed.
func stages() []string { return []string{"CONNECT_NETWORK", "MIGRATE_METADATA", "MIGRATE_MESSAGE"} }

func (c *cloud) migrationOperations() map[string]operation {
	return map[string]operation{
		"ListMigrations": c.listMigrations, "ListMigrationOperations": c.listSteps,
		"ExecuteMigrationOperation": c.executeStep, "FinishMigrationStage": c.finishStage,
	}
}

func (c *cloud) listMigrations(call *sandbox.Call) (any, error) {
	group := call.Text("resourceGroupId")
	return paged(call, without(c.migrations, func(m *migration) bool {
		return m.Type != call.Text("migrationType") || !strings.Contains(m.Name, call.Text("filter")) || group != "" && group != m.group
	}))
}

// migrationOf is the migration that a call is about. The code for an unknown one is assumed.
func (c *cloud) migrationOf(call *sandbox.Call) (*migration, error) {
	id, err := number(call, "migrationId")
	if err != nil {
		return nil, err
	}
	if found, ok := find(c.migrations, func(m *migration) bool { return m.ID == id }); ok {
		return found, nil
	}
	return nil, notFound("Migration", "migrationId")
}

func (c *cloud) listSteps(call *sandbox.Call) (any, error) {
	m, err := c.migrationOf(call)
	if err != nil {
		return nil, err
	}
	wish, err := arguments[struct{ BusinessStatus, OperationStatus []string }](call)
	if err != nil {
		return nil, err
	}
	among := func(wanted []string, value string) bool { return len(wanted) == 0 || slices.Contains(wanted, value) }
	return paged(call, without(m.steps, func(s *step) bool {
		return s.Stage != call.Text("stageType") || s.Type != call.Text("operationType") || !strings.Contains(s.Key, call.Text("filter")) ||
			!among(wish.BusinessStatus, s.Business) || !among(wish.OperationStatus, s.Status)
	}))
}

// executeStep does a step at once. The status that it then has is documented, the business status is assumed.
func (c *cloud) executeStep(call *sandbox.Call) (any, error) {
	m, err := c.migrationOf(call)
	if err != nil {
		return nil, err
	}
	id, err := number(call, "operationId")
	if err != nil {
		return nil, err
	}
	found, ok := find(m.steps, func(s *step) bool { return s.ID == id && s.Stage == call.Text("stageType") })
	if !ok {
		return nil, notFound("MigrationOperation", "operationId")
	}
	wish, err := arguments[struct{ OperationParam json.RawMessage }](call)
	if err != nil {
		return nil, err
	}
	if wish.OperationParam != nil {
		found.Param = wish.OperationParam
	}
	found.Status, found.Business, found.Updated = "DONE", "MIGRATE_FINISHED", stamp{c.now()}
	found.Result = map[string]any{"resultData": map[string]any{}}
	return found, nil
}

// finishStage moves the migration on. The code for a stage that is not the current one is assumed.
func (c *cloud) finishStage(call *sandbox.Call) (any, error) {
	m, err := c.migrationOf(call)
	if err != nil {
		return nil, err
	}
	if m.Stage.Type != call.Text("stageType") || m.Stage.Status == "DONE" {
		return nil, &failure{http.StatusBadRequest, "MigrationStageStatus.Error", "The migration is not in that stage.", "stageType"}
	}
	m.Updated = stamp{c.now()}
	if next := slices.Index(stages(), m.Stage.Type) + 1; next < len(stages()) {
		m.Stage.Type = stages()[next]
		return true, nil
	}
	m.Stage.Status, m.Status = "DONE", "FINISHED"
	return true, nil
}
