package rocketmq

import "strings"

// Role is what a topic of a consumer group is for.
type Role string

// The roles of a group's own topics. Each role is the prefix of its topics. Source: MixAll.
const (
	RoleDeadLetter Role = "%DLQ%"
	RoleRetry      Role = "%RETRY%"
)

// DeadLetterTopic is the topic of a consumer group's dead letters.
func DeadLetterTopic(group string) string { return string(RoleDeadLetter) + group }

// RetryTopic is the topic of the messages that a consumer group will get again.
func RetryTopic(group string) string { return string(RoleRetry) + group }

// GroupTopic is what the name of a group's own topic says.
type GroupTopic struct {
	Role Role
	// Group is the consumer group; on clouds with namespaces it begins with one and a percent sign. In the retry topic
	// of a group that consumes by POP it may be group and topic, joined by an underscore, which names hold as well:
	// only a list of groups tells.
	Group string
	// Topic is where the messages first were, when the name says so: 5.x brokers may join group and topic by a plus
	// sign, which no name holds.
	Topic string
}

// ParseGroupTopic reads the name of a topic; ok is false for one that is no group's own.
func ParseGroupTopic(name string) (topic GroupTopic, ok bool) {
	if group, found := strings.CutPrefix(name, string(RoleDeadLetter)); found && group != "" {
		return GroupTopic{Role: RoleDeadLetter, Group: group}, true
	}
	rest, found := strings.CutPrefix(name, string(RoleRetry))
	group, of, _ := strings.Cut(rest, "+")
	if !found || group == "" {
		return GroupTopic{}, false
	}
	return GroupTopic{Role: RoleRetry, Group: group, Topic: of}, true
}
