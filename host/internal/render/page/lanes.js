// Who did what: the same lanes as in the terminal, an event each.

const SIGNS = { good: "✓", bad: "✗", waiting: "…", unsure: "?", neutral: "•" };

const MOODS = {
  good: ["CONSUMED", "CONSUMED_AFTER_RETRY"],
  bad: ["SEND_FAILED", "DELAY_OVERDUE", "NO_SUBSCRIBERS", "PARTIALLY_CONSUMED", "PRODUCED_NOT_CONSUMED", "DEAD_LETTERED",
    "RETRIES_EXHAUSTED", "ACK_TIMEOUT", "NOT_CONSUMED", "CONSUMED_TWICE", "NOT_FOUND", "QUERY_FAILED"],
  waiting: ["TX_PENDING", "DELAYED", "RETRYING", "IN_FLIGHT"],
  neutral: ["RECALLED", "TX_ROLLED_BACK", "FILTERED"],
};

// moodOf is a verdict's. What is not proven never looks like success.
function moodOf(verdict) {
  const mood = Object.keys(MOODS).find((name) => MOODS[name].includes(verdict.verdict)) || "unsure";
  return mood === "good" && verdict.confidence !== "proven" ? "unsure" : mood;
}

function moodOfEvent(event) {
  if (event.stage === "FAILED" || event.stage === "DEAD_LETTERED" || event.outcome === "failed") return "bad";
  if (event.told || ["DELIVERED", "DELAY_SET", "DELAY_FIRED", "FROM_DLQ"].includes(event.stage)) return "neutral";
  if (event.outcome !== "ok") return "unsure";
  if (event.stage === "TX_END" || event.stage === "RECALLED") return "neutral";
  return ["PRODUCED", "STORED", "CONSUMED"].includes(event.stage) ? "good" : "unsure"; // a stage that nobody knows, too
}

const WORDS = {
  PRODUCED: "sent", TX_END: "transaction ended", STORED: "stored", DELAY_SET: "held until its delivery time",
  DELAY_FIRED: "delivery time came", RECALLED: "recalled", DELIVERED: "delivered", CONSUMED: "consumed", FAILED: "failed",
  DEAD_LETTERED: "dead-lettered", FROM_DLQ: "a copy of or for a dead-letter queue",
};

function wordsOf(event) {
  if (event.told && event.stage === "PRODUCED") return "made, by the message's own word";
  const words = Object.hasOwn(WORDS, event.stage) ? WORDS[event.stage] : known(event.stage);
  return (event.attempt ? `attempt ${event.attempt} ` : "") + words + (event.told ? ", by the message's own word" : "");
}

// lanesOf are a life's actors with their events: producer, broker, groups, dead-letter queues. Groups of which nothing
// is traced have a lane too.
function lanesOf(life) {
  const lanes = new Map();
  const at = (kind, name, one) => {
    const key = kind + (one ? "" : "\n" + name);
    if (!lanes.has(key)) lanes.set(key, { kind, name, events: [] });
    const lane = lanes.get(key);
    lane.name ||= name;
    return lane;
  };
  const add = (kind, name, one, event) => at(kind, name, one).events.push(event);
  const events = life.events || [];
  if (life.message) {
    at("producer", life.message.born_host || "", true);
    at("broker", life.message.stored_host || life.message.broker || "", true);
  }
  for (const group of groupsOf(life)) at("group", group.group, false).group = group;
  for (const event of toldBy(life.message, events).concat(events)) {
    const actor = event.actor || {};
    if (event.stage === "PRODUCED") add("producer", actor.host || "", true, event);
    else if (event.stage === "DEAD_LETTERED" || event.stage === "FROM_DLQ") add("dead letters", actor.group || "", false, event);
    else if (["DELIVERED", "CONSUMED", "FAILED"].includes(event.stage) || actor.group) add("group", actor.group || "", false, event);
    else add("broker", actor.host || "", true, event);
  }
  for (const copy of life.copies || []) {
    const lane = at("dead letters", copy.dead_letter_group || "", false);
    const id = copy.id || copy.broker_id;
    if (id && lane.events.some((event) => event.message_id === id)) continue;
    lane.events.push({ stage: "DEAD_LETTERED", time: copy.stored, topic: copy.topic, message_id: id, told: true, evidence: copy.evidence });
  }
  const order = ["producer", "broker", "group", "dead letters"];
  return [...lanes.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

// tracedLanes are the lanes that show something. Where there is no trace at all, empty lanes say nothing of those who act
// in them, and the message's own times stand with the message.
function tracedLanes(life) {
  const lanes = lanesOf(life);
  if ((life.events || []).length) return lanes;
  const filled = lanes.filter((lane) => lane.events.length);
  return filled.some((lane) => lane.kind !== "producer" && lane.kind !== "broker") ? filled : [];
}

const URGENCY = ["bad", "waiting", "unsure", "neutral", "good"];

// groupsOf are a life's groups, those that need somebody first.
function groupsOf(life) {
  return (life.result?.groups || []).toSorted((a, b) => URGENCY.indexOf(moodOf(a)) - URGENCY.indexOf(moodOf(b)));
}

// toldBy is what the message itself says of its birth and storing, where the trace does not.
function toldBy(message, events) {
  const missing = (stage) => !events.some((event) => event.stage === stage);
  const told = (stage, time, host) => ({ stage, time, actor: { host }, told: true, evidence: message.evidence });
  const made = [];
  if (message?.born && missing("PRODUCED")) made.push(told("PRODUCED", message.born, message.born_host));
  if (message?.stored && missing("STORED")) made.push(told("STORED", message.stored, message.stored_host || message.broker));
  return made;
}

// startOf is the moment that a life's times count from: its birth, else the first time that is known.
function startOf(life, lanes) {
  if (life.message?.born) return life.message.born;
  const times = lanes.flatMap((lane) => lane.events).map((event) => event.time).filter(Boolean);
  return times.reduce((first, time) => (first && first.unix_ms <= time.unix_ms ? first : time), undefined);
}
