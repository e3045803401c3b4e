package verdict

import "strings"

// call is a call of one of mqtrail's tools, in the place that was searched.
func (d *dossier) call(tool, why string, arguments map[string]any) Next {
	place := map[string]any{"connection": d.Connection, "instance": d.Instance, "topic": d.Topic}
	for name, value := range arguments {
		place[name] = value
	}
	for name, value := range place {
		if value == "" {
			delete(place, name)
		}
	}
	return Next{Tool: tool, Arguments: place, Why: why}
}

// wanted is what was looked for.
func (d *dossier) wanted() string {
	if d.MessageID != "" {
		return d.MessageID
	}
	if d.Key != "" {
		return d.Key
	}
	return d.known.ID
}

func (d *dossier) trace(message, topic, why string) Next {
	return d.call("trace_message", why, map[string]any{"message": message, "topic": topic})
}

// traceAgain asks the same again, from the same time on.
func (d *dossier) traceAgain(why string) Next {
	next := d.trace(d.wanted(), d.Topic, why)
	if d.Window.FromMS > 0 {
		next.Arguments["since"] = stamp(d.Window.FromMS)
	}
	return next
}

func (d *dossier) traceIn(from, to int64, why string) Next {
	next := d.traceAgain(why)
	next.Arguments["since"], next.Arguments["until"] = stamp(from), stamp(min(to, d.Now))
	return next
}

func (d *dossier) decode() Next {
	return Next{Tool: "decode_message_id", Arguments: map[string]any{"id": d.MessageID}, Why: "The id tells when and where the message was made."}
}

func (d *dossier) findByKey(key, why string) Next {
	return d.call("find_messages", why, map[string]any{"key": key})
}

// elsewhere is where to look for what was not found.
func (d *dossier) elsewhere() []Next {
	var next []Next
	if clockOf(d.MessageID) != nil {
		next = append(next, d.decode())
	}
	from, _ := d.searchedSpan()
	if d.Window.FromMS != 0 && d.RetentionMS != nil && from > d.Now-*d.RetentionMS {
		next = append(next, d.traceIn(d.Now-*d.RetentionMS, d.Now, "Search everything that is still kept."))
	}
	everywhere := d.traceAgain("Look in all topics of all connections.")
	for _, place := range []string{"connection", "instance", "topic"} {
		delete(everywhere.Arguments, place)
	}
	return append(next, everywhere)
}

// getMessage gets a message that has an id; nothing for one that has none.
func (d *dossier) getMessage(id, topic, why string) []Next {
	if id == "" {
		return nil
	}
	if topic == "" {
		topic = d.known.Topic
	}
	return []Next{d.call("get_message", why, map[string]any{"message_id": id, "topic": topic})}
}

func (d *dossier) resources(kind, why string) Next {
	next := d.call("list_resources", why, map[string]any{"kind": kind})
	delete(next.Arguments, "topic")
	return next
}

func (g *group) consumerLag() Next {
	return g.call("consumer_lag", "How the group stands now.", map[string]any{"group": g.name})
}

func (g *group) deadLetters(why string) Next {
	return g.call("find_messages", why, map[string]any{"dead_letters_of": g.name, "topic": ""})
}

// stack shows where a consumer hangs, at the vendor that can: it needs the client's id.
func (g *group) stack(client string) []Next {
	if client == "" || g.Instance == "" || !strings.HasPrefix(g.lastAttempt().begun.Evidence.Operation, "aliyun_rocketmq_") {
		return nil
	}
	arguments := map[string]any{"instanceId": g.Instance, "consumerGroupId": g.name, "clientId": client}
	if g.Connection != "" {
		arguments["connection"] = g.Connection
	}
	return []Next{{Tool: "aliyun_rocketmq_get_consumer_stack", Arguments: arguments, Why: "The consumer's threads show whether its handler hangs."}}
}
