package emulator

import (
	"fmt"
	"time"
)

// rocketmq is what a RocketMQ instance holds.
type rocketmq struct {
	Brokers    []string       `json:"brokers"`
	Topics     []*rocketTopic `json:"topics"`
	Groups     []*rocketGroup `json:"groups"`
	Messages   []rocketSeed   `json:"messages"`
	Users      []*rocketUser  `json:"users"`
	Migrations []*migration   `json:"migrations"`
	// Log is where the next message goes in the commit log.
	Log int64 `json:"-"`

	sent uint16 // messages that clients have numbered
}

// begin stores the data's messages, and then places the groups behind them.
func (r *rocketmq) begin(now time.Time) error {
	r.Log = firstLog
	for _, topic := range r.Topics {
		topic.created = topic.Age.milliseconds(now)
		for _, start := range topic.Starts {
			topic.queues = append(topic.queues, &rocketQueue{start: start})
		}
	}
	for _, seed := range r.Messages {
		if err := r.plant(seed, now); err != nil {
			return err
		}
	}
	for _, group := range r.Groups {
		if err := group.begin(now, r); err != nil {
			return err
		}
	}
	for _, one := range r.Migrations {
		one.at = one.Age.milliseconds(now)
	}
	return nil
}

// rocketSeed is a message of the shop's data, and what became of it.
type rocketSeed struct {
	Topic string `json:"topic"`
	Queue int    `json:"queue"`
	Tag   string `json:"tag"`
	Key   string `json:"key"`
	Body  string `json:"body"`
	Age   age    `json:"age"`
	// ID is the client's id, where it must be the same in every sandbox; it then tells the time in place of Age.
	ID         string     `json:"id"`
	Properties []property `json:"properties"`
	// Producer is the group that sent it; none where tracing is off.
	Producer string `json:"producer"`
	// Deliveries are what consumers did.
	Deliveries []delivery `json:"deliveries"`
	// DeadFor is the group that gave it up, and DeadAfter when.
	DeadFor   string `json:"dead_for"`
	DeadAfter age    `json:"dead_after"`
}

// delivery is one attempt of a consumer group.
type delivery struct {
	Group  string `json:"group"`
	Client string `json:"client"`
	// After is when it began, counted from the sending; Took how long it lasted.
	After age `json:"after"`
	Took  age `json:"took"`
	// Status is the outcome as RocketMQ numbers it; none when no outcome was reported.
	Status *int `json:"status"`
	Retry  int  `json:"retry"`
}

// plant stores a message of the data.
func (r *rocketmq) plant(seed rocketSeed, now time.Time) error {
	born := time.UnixMilli(seed.Age.milliseconds(now))
	if seed.ID != "" {
		var err error
		if born, err = bornOf(seed.ID, now); err != nil {
			return err
		}
	}
	topic, known := lookUp(r.Topics, seed.Topic)
	if !known || seed.Queue >= len(topic.queues) {
		return fmt.Errorf("a message is in queue %d of %s, which is nowhere", seed.Queue, seed.Topic)
	}
	message := &rocketMessage{
		client: seed.ID, key: seed.Key, tag: seed.Tag, body: seed.Body, properties: seed.Properties, host: shopHost,
		born: born.UnixMilli(), stored: born.UnixMilli() + 1,
	}
	r.store(topic, seed.Queue, message)
	if seed.Producer != "" {
		message.steps = append(message.steps, published(message, seed.Producer))
	}
	for _, one := range seed.Deliveries {
		message.steps = append(message.steps, delivered(message, one)...)
	}
	if seed.DeadFor != "" {
		r.bury(message, seed.DeadFor, message.born+time.Duration(seed.DeadAfter).Milliseconds())
	}
	return nil
}
