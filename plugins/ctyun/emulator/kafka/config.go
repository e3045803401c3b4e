package kafka

import (
	"errors"
	"fmt"
	"slices"

	"github.com/mqtrail/mqtrail/plugins/ctyun/emulator/given"
)

// setting is one of the brokers'. A static one takes effect with the next restart.
type setting struct {
	name, kind, allowed, otherwise, description string
	static                                      bool
	value, next                                 string
}

func defaults() []*setting {
	return []*setting{
		of("log.retention.hours", "int", "[1,10000]", "72", "Hours that messages are kept.", false),
		of("log.retention.ms", "long", "[3600000,315360000000]", "259200000", "How long messages are kept, in milliseconds.", false),
		of("message.max.bytes", "int", "[1,10485760]", "1048588", "Largest message, in bytes.", false),
		of("auto.create.topics.enable", "boolean", "true,false", "false", "Whether a topic appears when it is first written to.", true),
		of("num.partitions", "int", "[1,100]", "3", "Partitions of a topic that says nothing else.", true),
	}
}

func of(name, kind, allowed, otherwise, description string, static bool) *setting {
	return &setting{name: name, kind: kind, allowed: allowed, otherwise: otherwise, description: description, static: static, value: otherwise, next: otherwise}
}

func (s *Service) config(i *instance, _ given.Arguments) (any, error) {
	rows := []any{}
	for _, c := range i.settings {
		kind := "dynamic"
		if c.static {
			kind = "static"
		}
		rows = append(rows, map[string]string{
			"name": c.name, "value": c.value, "valid_values": c.allowed, "default_value": c.otherwise, "varType": c.kind, "config_type": kind, "desc": c.description,
		})
	}
	return data(rows), nil
}

// change is one setting and its new value.
type change struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (i *instance) set(changes []change, static bool) error {
	for _, c := range changes {
		at := slices.IndexFunc(i.settings, func(one *setting) bool { return one.name == c.Name && one.static == static })
		if at < 0 {
			return fmt.Errorf("setting %s does not exist", c.Name)
		}
		i.settings[at].next = c.Value
		if !static {
			i.settings[at].value = c.Value
		}
	}
	return nil
}

func (s *Service) updateConfig(i *instance, in given.Arguments) (any, error) {
	var dynamic, static []change
	if err := errors.Join(in.Value("dynamicConfigs", &dynamic), in.Value("staticConfigs", &static)); err != nil {
		return nil, err
	}
	return done(), errors.Join(i.set(dynamic, false), i.set(static, true))
}

func (s *Service) modifyConfig(i *instance, in given.Arguments) (any, error) {
	var changes []change
	if in.Has("logRetentionMs") {
		changes = append(changes, change{"log.retention.ms", in.Text("logRetentionMs")})
	}
	if in.Has("messageMaxBytes") {
		changes = append(changes, change{"message.max.bytes", in.Text("messageMaxBytes")})
	}
	return done(), i.set(changes, false)
}
