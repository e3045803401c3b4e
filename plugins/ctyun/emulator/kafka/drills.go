package kafka

import (
	"fmt"
	"slices"
	"time"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// drill is a fault that was let loose on an instance.
type drill struct {
	id, code string
	request  request
	began    time.Time
	ended    time.Time // zero while it runs
}

// request is what a drill was asked to do.
type request struct {
	CPU      int `json:"cpuPercent"`
	Duration int `json:"duration"`
	Kill     int `json:"nodeKillType"`
}

func (d *drill) task() string { return d.id + "-inject" }

func (i *instance) drill(id string) (*drill, error) {
	at := slices.IndexFunc(i.drills, func(d *drill) bool { return d.id == id })
	if at < 0 {
		return nil, fmt.Errorf("experiment %s does not exist", id)
	}
	return i.drills[at], nil
}

func (s *Service) injectFault(i *instance, in given.Arguments) (any, error) {
	var asked request
	if err := in.Value("actionParameter", &asked); err != nil {
		return nil, err
	}
	d := i.inject(in.Text("actionCode"), s.now())
	d.request = asked
	return map[string]any{"experimentId": d.id, "taskId": d.task()}, nil
}

func (i *instance) inject(code string, at time.Time) *drill {
	d := &drill{id: fmt.Sprintf("exp-%d", 1+len(i.drills)), code: code, began: at}
	i.drills = append(i.drills, d)
	return d
}

func (s *Service) cancelDrill(i *instance, in given.Arguments) (any, error) {
	d, err := i.drill(in.Text("experimentId"))
	switch {
	case err != nil:
		return nil, err
	case !d.ended.IsZero():
		return nil, fmt.Errorf("experiment %s has ended", d.id)
	}
	d.ended = s.now()
	return done(), nil
}

// The states of a task. What the numbers mean is not documented.
const (
	taskRunning = 1
	taskDone    = 2
)

func (s *Service) listDrills(i *instance, in given.Arguments) (any, error) {
	var found []any
	for _, d := range i.drills {
		parameters := []map[string]string{{"code": "duration", "value": fmt.Sprint(d.request.Duration)}, {"code": "cpuPercent", "value": fmt.Sprint(d.request.CPU)}}
		row := map[string]any{
			"experimentId": d.id, "createDate": d.began.UnixMilli(),
			"action":               map[string]any{"actionCode": d.code, "actionScope": "NODE", "actionParameter": parameters},
			"injectActionInstance": map[string]any{"taskId": d.task(), "state": taskRunning, "startTime": d.began.UnixMilli(), "actionParameter": parameters, "logs": []any{}},
		}
		if !d.ended.IsZero() {
			row["recoveryActionInstance"] = map[string]any{"taskId": d.id + "-recover", "state": taskDone, "startTime": d.ended.UnixMilli(), "endTime": d.ended.UnixMilli(), "actionParameter": []any{}, "logs": []any{}}
		}
		found = append(found, row)
	}
	return pageOf(in, found), nil
}

func (s *Service) drillRequest(i *instance, in given.Arguments) (any, error) {
	d, err := i.drill(in.Text("experimentId"))
	if err != nil {
		return nil, err
	}
	return map[string]any{"nodeKillType": d.request.Kill, "nodes": []string{i.nodes[0].address}, "duration": d.request.Duration, "cpuPercent": d.request.CPU}, nil
}
