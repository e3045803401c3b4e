package emulator

import "time"

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

	sent   uint16           // messages that clients have numbered
	traced []*rocketMessage // messages that show in traces alone: their topics do not have them
	dying  []death          // dead letters of the time to come
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
	for _, topic := range r.Topics {
		for _, queue := range topic.queues {
			queue.arrange()
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
