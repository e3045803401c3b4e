package emulator

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/mqtrail/mqtrail/sdk"
)

// Data that do not fit together are refused when the sandbox opens, not met by a call.
func TestDataThatDoNotFit(t *testing.T) {
	now := time.Now()
	topic := func() []*kafkaTopic { return []*kafkaTopic{{Name: "orders", Starts: []int64{5}}} }
	queue := func() []*rocketTopic { return []*rocketTopic{{Name: "orders", Starts: []int64{5}}} }
	for name, test := range map[string]struct {
		instance instance
		says     string
	}{
		"a Kafka topic that is not there":  {instance{Kafka: &kafka{Topics: topic(), Messages: []kafkaMessage{{Topic: "never"}}}}, "never"},
		"a partition that is not there":    {instance{Kafka: &kafka{Topics: topic(), Messages: []kafkaMessage{{Topic: "orders", Partition: 1}}}}, "partition 1 of orders"},
		"a group with other partitions":    {instance{Kafka: &kafka{Topics: topic(), Groups: []*kafkaGroup{{Name: "g", Lag: map[string][]int64{"orders": {0, 0}}}}}}, "group g"},
		"a RocketMQ topic that is nowhere": {instance{RocketMQ: &rocketmq{Topics: queue(), Messages: []rocketSeed{{Topic: "never"}}}}, "never"},
		"an id that is none":               {instance{RocketMQ: &rocketmq{Topics: queue(), Messages: []rocketSeed{{Topic: "orders", ID: "x"}}}}, "x is no client id"},
		"a group with other queues":        {instance{RocketMQ: &rocketmq{Topics: queue(), Groups: []*rocketGroup{{Name: "g", Lag: map[string][]int64{"orders": {}}}}}}, "group g"},
		"a ROMA topic that is nowhere":     {instance{ROMA: &roma{Messages: []romaMessage{{Topic: "never"}}}}, "never"},
	} {
		t.Run(name, func(t *testing.T) {
			if err := test.instance.begin(now, nil); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v, want %q", err, test.says)
			}
		})
	}
	if _, err := openShop(time.Now, "no-such.json", nil); err == nil {
		t.Error("a shop without data was opened")
	}
}

// Every operation that the shop answers is one of the files'.
func TestHandlersAreOperations(t *testing.T) {
	dms, err := DMS(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	roma, err := ROMA(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	known := operationsOf(t, dms.Files, roma.Files)
	for operation := range dmsHandlers() {
		if !known[operation] {
			t.Errorf("no file has %v", operation)
		}
	}
	var answers answers
	if err := readShop("answers.json", &answers); err != nil {
		t.Fatal(err)
	}
	for product, byName := range answers {
		for name := range byName {
			if !known[[2]string{product, name}] {
				t.Errorf("no file has %s %s", product, name)
			}
		}
	}
	for operation := range known {
		handled := dmsHandlers()[operation] != nil || romaHandlers()[operation[1]] != nil && operation[0] == romaProduct
		if _, answered := answers[operation[0]][operation[1]]; !handled && !answered {
			t.Errorf("%v is answered with an example only", operation)
		}
	}
}

func operationsOf(t *testing.T, folders ...fs.FS) map[[2]string]bool {
	t.Helper()
	known := map[[2]string]bool{}
	for _, folder := range folders {
		names, err := sdk.FileNames(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			file, err := sdk.ReadFile(folder, name)
			if err != nil {
				t.Fatal(err)
			}
			known[[2]string{file.Product, file.Operation}] = true
		}
	}
	return known
}
