// The page of a report: the verdict; the messages that fit, where there are several; the one that the verdict is about
// with its picture, and a table with the same for those who see none; then the others, folded. Everything is said once.

function reportPage(report, settings) {
  const lives = report.lives || [];
  const life = headlined(report);
  const once = teller();
  const page = [...verdictHead("h1", report.verdict, once)];
  if ((report.looked || []).some((place) => place.sandbox)) page.push(element("p", { class: "faint" }, "From the sandbox: the data is made up."));
  if (lives.length > 1 || (report.more && life)) page.push(...fits(report, life, once, settings));
  if (life) page.push(lifeSection(report, life, once, settings));
  page.push(...notKnown(report.verdict, life, once), ...nextCalls(report.verdict));
  const others = lives.filter((other) => other !== life);
  if (others.length) page.push(element("h2", {}, "The other messages"), ...others.map((other) => folded(report, other, settings)));
  const notes = [...(life?.notes || []), ...(report.notes || [])];
  page.push(...search(report, once), ...list("h2", "Notes", notes.filter(once)));
  return page;
}

// teller remembers what was said: it tells whether a sentence is new. Short ones may be part of others by chance.
function teller() {
  let told = "";
  const once = (sentence) => {
    if (!sentence || once.said(sentence)) return false;
    told += sentence + "\0";
    return true;
  };
  once.said = (sentence) => sentence.length >= 16 && told.includes(sentence);
  return once;
}

// headlined is the life that the headline is about, the worst.
function headlined(report) {
  const lives = report.lives || [];
  return lives.find((life) => life.result?.verdict === report.verdict.verdict) || lives[0];
}

function verdictHead(level, verdict, once) {
  const mood = moodOf(verdict);
  const meaning = Object.hasOwn(MEANINGS, verdict.verdict) ? MEANINGS[verdict.verdict] : "";
  const parts = [element(level, {}, element("span", { class: "mood" }, `${SIGNS[mood]} ${known(verdict.verdict)}`),
    element("span", { class: "faint" }, ` (${known(verdict.confidence)})`))];
  if (meaning) parts.push(element("p", { class: "meaning" }, meaning[0].toUpperCase() + meaning.slice(1) + "."));
  if (once(verdict.why)) parts.push(element("p", {}, shown(verdict.why)));
  if (verdict.verdict === "UNKNOWN") once(DOUBTS.unknown); // its own meaning says it
  return [element("header", { class: mood }, ...parts, ...doubt([verdict], once))];
}

// doubt says once what each confidence means that is no proof.
function doubt(verdicts, once) {
  const sure = Object.keys(DOUBTS).filter((name) => verdicts.some((verdict) => verdict?.confidence === name) && once(DOUBTS[name]));
  return sure.map((name) => element("p", { class: "faint" }, DOUBTS[name]));
}

function fits(report, shownLife, once, settings) {
  const lives = report.lives;
  const rows = lives.map((life, i) => {
    const message = life.message || {}, verdict = life.result || {};
    const meaning = Object.hasOwn(MEANINGS, verdict.verdict) ? MEANINGS[verdict.verdict] : UNKNOWN;
    const judged = element("span", {}, moodCell(moodOf(verdict), known(verdict.verdict)), element("br"),
      element("span", { class: "faint" }, `${meaning} (${known(verdict.confidence)})`));
    return [String(i + 1), judged, known(message.topic), known(life.message && idOf(message)), brief(message.born, settings),
      known(life.connection), known(message.instance)];
  });
  const parts = [table(`Messages that fit, newest first; number ${lives.indexOf(shownLife) + 1} is shown below`,
    ["#", "verdict", "topic", "message", "born", "connection", "instance"], rows), ...doubt(lives.map((life) => life.result), once)];
  if (report.more) parts.push(element("p", {}, report.more === 1 ? "1 more message fits and was not followed." : `${report.more} more messages fit and were not followed.`));
  return parts;
}

function titleOf(report, life) {
  const lives = report.lives;
  return lives.length > 1 ? `Message ${lives.indexOf(life) + 1} of ${lives.length}` : "Message";
}

function lifeSection(report, life, once, settings) {
  const title = `life-${report.lives.indexOf(life)}`;
  const result = life.result || {};
  const section = element("section", { class: "life", "aria-labelledby": title }, element("h2", { id: title }, titleOf(report, life)), about(life, settings));
  if (result.why && !once.said(result.why)) section.append(...verdictHead("h3", result, once));
  section.append(...lifeParts(life, once, settings));
  return section;
}

// folded is another message, whole, behind its verdict.
function folded(report, life, settings) {
  const once = teller();
  const result = life.result || {}, mood = moodOf(result);
  const name = life.message ? `${known(idOf(life.message))} in ${known(life.message.topic)}` : UNKNOWN;
  return element("details", { class: "life" },
    element("summary", {}, `${titleOf(report, life)}: `, element("span", { class: `mood ${mood}` }, `${SIGNS[mood]} ${known(result.verdict)}`), ` ${name}`),
    about(life, settings), ...verdictHead("h3", result, once), ...lifeParts(life, once, settings), ...notKnown(result, life, once), ...nextCalls(result),
    ...list("h3", "Notes", (life.notes || []).filter(once)));
}

function lifeParts(life, once, settings) {
  const lanes = tracedLanes(life);
  const start = startOf(life, lanes);
  const parts = [...groupTable(life, start, once), ...doubt(life.result?.groups || [], once)];
  if (lanes.length) parts.push(...clock(start, settings), ...pictured(lanes, start, settings));
  else if (life.message?.system === "kafka" && !saysWhatIsMissing(life)) parts.push(element("p", {}, "Kafka keeps no traces: groups are judged by their positions alone."));
  return [...parts, ...list("h3", "Odd", (life.result?.flags || []).filter(once)), ...failures(life.calls)];
}

function saysWhatIsMissing(life) {
  return [life.result, ...(life.result?.groups || [])].some((verdict) => verdict?.missing?.length);
}

function idOf(message) {
  if (message.id || message.broker_id) return message.id || message.broker_id;
  return message.offset === undefined ? undefined : `${message.partition}:${message.offset}`;
}

function about(life, settings) {
  const message = life.message;
  const pairs = message
    ? [["id", idOf(message)], ["topic", message.topic], ["instance", message.instance], ["keys", message.keys], ["tag", message.tag]]
    : [["message", "unknown: the vendor gave none"]];
  if (message && !tracedLanes(life).length) {
    pairs.push(["born", moment(message.born, settings)]);
    if (message.stored) pairs.push(["stored", moment(message.stored, settings)]);
  }
  if (message?.deliver_at) pairs.push(["due", moment(message.deliver_at, settings)]);
  pairs.push(["connection", life.plugin === life.connection ? life.connection : `${life.connection} (${life.plugin})`]);
  if (life.origin) pairs.push(["copy of", `${idOf(life.origin) || UNKNOWN} in ${life.origin.topic}`]);
  return facts(pairs);
}

function facts(pairs) {
  return element("dl", {}, ...pairs.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, known(value))]));
}

function clock(start, settings) {
  if (!start) return [element("p", {}, "When anything happened is unknown.")];
  return [element("p", { class: "clock" }, "Times count from ", element("time", { datetime: start.iso }, moment(start, settings)), ". ",
    element("span", { class: "faint" }, zoneSource(start)))];
}

function pictured(lanes, start, settings) {
  const details = element("div", { class: "details", "aria-live": "polite" });
  details.hidden = true;
  const choose = (event, node) => {
    for (const each of svg.querySelectorAll(".event")) {
      each.classList.toggle("chosen", each === node);
      each.setAttribute("aria-expanded", String(each === node));
    }
    details.replaceChildren(element("h3", {}, wordsOf(event)), eventFacts(event, start, settings));
    details.hidden = false;
  };
  const svg = picture(lanes, start, choose);
  return [element("div", { class: "picture" }, svg), details, eventTable(lanes, start, settings)];
}

function eventFacts(event, start, settings) {
  const actor = event.actor || {}, evidence = event.evidence || {};
  const pairs = [["when", moment(event.time, settings)], ["since the start", offset(start, event.time)],
    ["outcome", event.told ? "told by the message itself" : event.outcome]];
  const optional = [["took", event.duration_ms !== undefined ? span(event.duration_ms) : ""], ["the vendor's word", event.raw],
    ["client", actor.client], ["host", actor.host], ["receipt", event.receipt], ["topic", event.topic], ["message", event.message_id],
    ["evidence", `${evidence.operation || ""} ${evidence.json_pointer || ""}`.trim()], ["request", evidence.request_id]];
  return facts(pairs.concat(optional.filter(([, value]) => value)));
}

function table(caption, columns, rows) {
  return element("div", { class: "wide" }, element("table", {},
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells.map((cell, i) =>
      element(i === 0 ? "th" : "td", i === 0 ? { scope: "row" } : {}, cell)))))));
}

function moodCell(mood, words) {
  return element("span", { class: `mood ${mood}` }, `${SIGNS[mood]} ${words}`);
}

function groupTable(life, start, once) {
  const groups = groupsOf(life);
  if (!groups.length) return [];
  const counted = (group, n) => (group.attempts || (life.events || []).length ? String(n || 0) : UNKNOWN);
  const columns = [
    ["group", (group) => known(group.group)],
    ["verdict", (group) => moodCell(moodOf(group), known(group.verdict))],
    ["sure", (group) => known(group.confidence)],
    ["tries", (group) => counted(group, group.attempts)],
    ["ok", (group) => counted(group, group.succeeded)],
    ["failed", (group) => counted(group, group.failed)],
    ["last", (group) => offset(start, group.last)],
    ["subscribes", (group) => known(group.expected)],
  ];
  return [table("Consumer groups", columns.map(([name]) => name), groups.map((group) => columns.map(([, cell]) => cell(group)))), ...whys(groups, once)];
}

// whys say why, of groups alike once, where neither the headline nor a group's lane says it.
function whys(groups, once) {
  const about = new Map();
  for (const group of groups) {
    const said = once.said(`${group.group}: ${group.why}`) || (groups.length === 1 && once.said(group.why || "")) || (moodOf(group) === "good" && group.attempts);
    const why = [said ? "" : group.why, ...(group.raw || []).map((word) => `The vendor's word: ${word}.`)].filter(Boolean).join(" ");
    if (why) about.set(why, [...(about.get(why) || []), group.group]);
  }
  for (const why of about.keys()) once(why);
  return about.size ? [element("ul", {}, ...[...about].map(([why, names]) => element("li", {}, shown(`${names.join(", ")}: ${why}`))))] : [];
}

function eventTable(lanes, start, settings) {
  const rows = lanes.flatMap((lane) => lane.events.map((event) => [
    `${lane.kind} ${lane.name ? shown(lane.name) : ""}`.trim(), wordsOf(event), offset(start, event.time), moment(event.time, settings),
    moodCell(moodOfEvent(event), event.told ? "told" : known(event.outcome)), known(event.raw), known(event.actor?.client || event.actor?.host),
  ]));
  if (!rows.length) return element("p", {}, "No event is known.");
  const all = table("Every event", ["who", "what", "since the start", "when", "outcome", "the vendor's word", "client"], rows);
  return element("details", { class: "events" }, element("summary", {}, `Every event (${rows.length})`), all);
}

function list(level, heading, sentences) {
  if (!sentences?.length) return [];
  return [element(level, {}, heading), element("ul", {}, ...sentences.map((sentence) => element("li", {}, shown(sentence))))];
}

// notKnown is what would have made the verdicts surer: a sentence once, with the groups that it is about.
function notKnown(verdict, life, once) {
  const groups = life ? groupsOf(life) : [];
  const sentences = [verdict, life?.result, ...groups].flatMap((one) => one?.missing || []);
  const about = (sentence) => groups.filter((group) => group.missing?.includes(sentence)).map((group) => group.group);
  return list("h3", "Not known", sentences.filter(once).map((sentence) => {
    const names = groups.length > 1 ? about(sentence) : [];
    return names.length ? `${names.join(", ")}: ${sentence}` : sentence;
  }));
}

function nextCalls(verdict) {
  const next = (verdict?.next || []).map((call) => element("li", {},
    element("code", {}, [shown(call.tool), ...Object.entries(call.arguments || {}).map(([name, value]) =>
      shown(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`))].join(" ")), " — " + shown(call.why || "")));
  return next.length ? [element("h3", {}, "Next"), element("ul", {}, ...next)] : [];
}

function failures(calls) {
  const failed = (calls || []).filter((call) => call.problem).map((call) =>
    [call.operation + ": " + call.problem.message, call.problem.vendor_code, call.request_id, call.problem.hint].filter(Boolean).join(" · "));
  return list("h3", "Calls that failed", failed);
}

const LOOKED = { found: "found", not_found: "not found", failed: "could not look", not_offered: "the vendor cannot tell", not_looked: "not looked" };

function search(report, once) {
  const kinds = new Map();
  for (const place of report.looked || []) {
    if (place.outcome === "found" && (!place.detail || once.said(place.detail))) continue;
    const key = JSON.stringify([place.connection, place.outcome, place.detail]);
    kinds.set(key, [...(kinds.get(key) || []), place]);
  }
  const places = [...kinds.values()].map((alike) => {
    const { connection, instance, outcome, detail } = alike[0];
    const topics = alike.reduce((sum, place) => sum + (place.topics || 0), 0);
    const where = alike.length > 1 ? `${connection}, ${alike.length} instances` : `${connection} ${instance || ""}`.trim();
    const words = (Object.hasOwn(LOOKED, outcome) ? LOOKED[outcome] : known(outcome)) + (outcome === "not_found" && topics ? ` in ${topics} topic${topics === 1 ? "" : "s"}` : "");
    const short = outcome === "found" || outcome === "not_found" ? cut(detail || "", 240) : detail;
    return `${where}: ${words}${detail && !once.said(detail) ? " — " + short : ""}`;
  });
  for (const place of report.looked || []) once(place.detail);
  const span = report.window || {};
  const window = [[span.from && `from ${span.from}`, span.to && `until ${span.to}`].filter(Boolean).join(" "), span.note].filter(Boolean).join(". ");
  return [...list("h2", "Where was looked", places), ...(window ? [element("p", { class: "faint" }, shown("Window: " + window))] : [])];
}
