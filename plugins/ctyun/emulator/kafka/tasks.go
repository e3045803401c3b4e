package kafka

import (
	"maps"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// An elastic task lets disks grow or retention shrink by itself. The shape of its settings is not documented: they
// are shown under the names by which they are set.

// setTask keeps what a call sets of a task of one kind.
func setTask(kind string) onInstance {
	return func(_ *Service, i *instance, in given.Arguments) (any, error) {
		if i.tasks[kind] == nil {
			i.tasks[kind] = map[string]any{"enable": 2}
		}
		for name, value := range in {
			if name != "prodInstId" && name != "regionId" {
				i.tasks[kind][name] = value
			}
		}
		return done(), nil
	}
}

// showTask shows it.
func showTask(kind string) onInstance {
	return func(_ *Service, i *instance, _ given.Arguments) (any, error) {
		settings := map[string]any{"enable": 2}
		maps.Copy(settings, i.tasks[kind])
		return data(settings), nil
	}
}
