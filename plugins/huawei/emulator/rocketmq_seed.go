package emulator

import (
	"fmt"
	"strconv"
	"time"
)

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
	// Lost: the sending failed.
	Lost bool `json:"lost"`
	// Half: it was sent in a transaction, which ended as Transaction says; without one it is open.
	Half        bool   `json:"half"`
	Transaction string `json:"transaction"`
	// In is how long after the sandbox's begin a delayed message is delivered.
	In age `json:"in"`
	// Deliveries are what consumers did, or will do: a step shows when its time has come.
	Deliveries []delivery `json:"deliveries"`
	// DeadFor is the group that gives it up, and DeadAfter when.
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
	// Mute: the end was reported, without a status.
	Mute  bool `json:"mute"`
	Retry int  `json:"retry"`
	// Times is how many attempts there are, all alike, with the broker's waits between them; 1 when left out.
	Times int `json:"times"`
}

// waits are RocketMQ's before the redeliveries.
var waits = []time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute, 4 * time.Minute, 5 * time.Minute, 6 * time.Minute,
	7 * time.Minute, 8 * time.Minute, 9 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
}

// attempts are the deliveries that one of the data stands for.
func (d delivery) attempts() []delivery {
	all := []delivery{d}
	for i := range min(max(d.Times-1, 0), len(waits)) {
		d.After, d.Retry = d.After+d.Took+age(waits[i]), d.Retry+1
		all = append(all, d)
	}
	return all
}

// death is a message that a group will give up.
type death struct {
	at      int64
	message *rocketMessage
	group   string
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
		born: born.UnixMilli(), stored: born.UnixMilli() + 1, kind: "Normal_Msg",
	}
	seed.mark(message, now)
	if seed.Lost || seed.Half && seed.Transaction != "COMMIT_MESSAGE" {
		r.name(topic, message)
		r.traced = append(r.traced, message)
	} else {
		r.store(topic, seed.Queue, message)
	}
	if seed.Producer != "" {
		sent := published(message, seed.Producer)
		sent.success = !seed.Lost
		message.steps = append(message.steps, sent)
		if seed.Transaction != "" {
			message.steps = append(message.steps, settled(message, seed.Producer, seed.Transaction))
		}
	}
	for _, some := range seed.Deliveries {
		for _, one := range some.attempts() {
			message.steps = append(message.steps, delivered(message, one)...)
		}
	}
	if seed.DeadFor != "" {
		r.dying = append(r.dying, death{message.born + time.Duration(seed.DeadAfter).Milliseconds(), message, seed.DeadFor})
		r.advance(now)
	}
	return nil
}

// mark gives the message what its kind has. That a delayed message is listed in its topic before it is delivered, with
// this property, is assumed.
func (s rocketSeed) mark(message *rocketMessage, now time.Time) {
	switch {
	case s.Half:
		message.kind = "Trans_Msg_Half"
		message.properties = append(message.properties, property{"TRAN_MSG", "true"}, property{"PGROUP", s.Producer})
	case s.In != 0:
		message.kind = "Delay_Msg"
		due := strconv.FormatInt(now.Add(time.Duration(s.In)).UnixMilli(), 10)
		message.properties = append(message.properties, property{"__STARTDELIVERTIME", due})
	}
}

// advance stores the dead letters whose time has come.
func (r *rocketmq) advance(now time.Time) {
	var later []death
	for _, one := range r.dying {
		if one.at > now.UnixMilli() {
			later = append(later, one)
			continue
		}
		if _, known := lookUp(r.Groups, one.group); known {
			r.bury(one.message, one.group, one.at)
		}
	}
	r.dying = later
}
