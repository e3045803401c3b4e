package mcpserver

// The input schemas of the neutral verbs, ready to be sent: a client waits for the list of tools. With its name and
// description each tool costs 200 tokens at most.
const (
	traceInput = `{"type":"object","properties":{` +
		`"message":{"type":"string","description":"Message id, business key, or Kafka partition:offset."},` +
		`"as":{"type":"string","enum":["id","key","position"],"description":"What message is, where its form misleads."},` +
		inScope + `,` + inRange + `,"detail":{"type":"string","enum":["summary","events","raw"]}},"required":["message"]}`

	findInput = `{"type":"object","properties":{"key":{"type":"string"},"message_id":{"type":"string"},` +
		`"contains":{"type":"string","description":"Text in key or body, Kafka only."},` +
		`"dead_letters_of":{"type":"string","description":"Consumer group."},` +
		`"connection":{"type":"string"},"instance":{"type":"string"},"topic":{"type":"string"},` +
		inRange + `,` + inPages + `"maximum":200,"description":"20 unless given."},` + inDetail + `}}`

	messageInput = `{"type":"object","properties":{"message_id":{"type":"string"},"partition":{"type":"integer"},"offset":{"type":"integer"},` +
		`"connection":{"type":"string"},"instance":{"type":"string"},"topic":{"type":"string"},` +
		`"body_offset":{"type":"integer","description":"First byte."},"body_limit":{"type":"integer","description":"Bytes: 2048 unless given, at most 65536."},` +
		inRange + `,` + inDetail + `}}`

	lagInput = `{"type":"object","properties":{"group":{"type":"string"},` + inScope + `,` + inDetail + `}}`

	replicationInput = `{"type":"object","properties":{"plan":{"type":"string","description":"Id; all unless given."},` +
		`"filter":{"type":"string","description":"Only topics and groups with this in their names."},` +
		`"connection":{"type":"string"},` + inDetail + `}}`

	listInput = `{"type":"object","properties":{"kind":{"type":"string","enum":["instance","topic","group"]},` +
		`"contains":{"type":"string","description":"Part of the id or name."},` +
		`"connection":{"type":"string"},"instance":{"type":"string","description":"Only in this."},` +
		inPages + `"maximum":1000},` + inDetail + `},"required":["kind"]}`

	inScope = `"connection":{"type":"string","description":"All unless given."},` +
		`"instance":{"type":"string"},"topic":{"type":"string","description":"Named, it is faster."}`
	inRange = `"since":{"type":"string","description":"2h (ago), yesterday 10:42, RFC 3339, ms."},` +
		`"until":{"type":"string"}`
	inPages  = `"cursor":{"type":"string","description":"next_cursor, with the same arguments."},"limit":{"type":"integer","minimum":1,`
	inDetail = `"detail":{"type":"string","enum":["summary","raw"]}`
)
