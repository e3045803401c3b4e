// The picture: a row for each lane, a mark for each event, from left to right by time. Long gaps are drawn shorter.

const ROW = 40, NAMES = 190, TOP = 28, LEAST = 22;

// places gives each time its distance from the left.
function places(lanes) {
  const times = lanes.flatMap((lane) => lane.events).map((event) => event.time?.unix_ms).filter((ms) => ms !== undefined);
  const place = new Map();
  let x = NAMES + 20, before;
  for (const ms of [...new Set(times)].sort((a, b) => a - b)) {
    if (before !== undefined) x += 6 + 10 * Math.log10(1 + ms - before);
    place.set(ms, x);
    before = ms;
  }
  return place;
}

// cut shortens a name to a number of columns, of which wide characters take two.
function cut(text, columns) {
  let used = 0, kept = "";
  for (const letter of text) {
    used += letter.codePointAt(0) >= 0x1100 ? 2 : 1;
    if (used > columns) return kept + "…";
    kept += letter;
  }
  return kept;
}

// picture draws a life's lanes. choose is called with an event that the reader wants to know more of.
function picture(lanes, start, choose) {
  const place = places(lanes);
  const rows = lanes.map((lane, row) => drawLane(lane, row, place, start, choose));
  const width = Math.max(480, ...rows.map((row) => row.end + 40));
  const height = TOP + lanes.length * ROW + 8;
  const svg = drawing("svg", {
    width, height, viewBox: `0 0 ${width} ${height}`, role: "group",
    "aria-label": `${lanes.length} lanes. Arrow keys move between lanes and events, Enter shows an event.`,
  });
  svg.append(...ticks(place, start), ...rows.map((row) => row.node));
  for (const row of rows) row.rail.setAttribute("x2", width - 10);
  svg.addEventListener("keydown", (key) => walk(svg, key));
  return svg;
}

function drawLane(lane, row, place, start, choose) {
  const y = TOP + row * ROW + ROW / 2;
  const name = `${lane.kind} ${lane.name ? shown(lane.name) : lane.kind === "group" ? UNKNOWN : ""}`.trim();
  const verdict = lane.group ? known(lane.group.verdict) : "";
  const count = lane.events.length ? `${lane.events.length} events` : "no event is known";
  const rail = drawing("line", { class: "rail", x1: NAMES, x2: NAMES, y1: y, y2: y });
  const node = drawing("g", { class: "lane", tabindex: "0", role: "group", "aria-label": [name, verdict, count].filter(Boolean).join(", ") },
    drawing("title", {}, name),
    drawing("rect", { class: "hit", x: 3, y: y - ROW / 2 + 2, width: NAMES - 10, height: ROW - 4, rx: 4 }),
    lane.events.length ? rail : null,
    drawing("text", { x: 10, y: verdict ? y - 2 : y + 4 }, cut(name, 22)));
  if (lane.group) node.append(drawing("text", { class: "tick", x: 10, y: y + 13 }, cut(SIGNS[moodOf(lane.group)] + " " + verdict, 24)));
  if (!lane.events.length) node.append(drawing("text", { class: "tick", x: NAMES + 20, y: y + 4 }, "? no event is known"));
  let end = NAMES;
  for (const event of lane.events) {
    end = Math.max(place.get(event.time?.unix_ms) ?? 0, end + LEAST);
    node.append(mark(event, end, y, place, start, choose));
  }
  return { node, rail, end };
}

function mark(event, x, y, place, start, choose) {
  const mood = moodOfEvent(event);
  const node = drawing("g", {
    class: `event ${mood}`, tabindex: "-1", role: "button", "aria-expanded": "false",
    "aria-label": `${wordsOf(event)}, ${offset(start, event.time)}, ${SPOKEN[mood]}`,
  });
  const until = place.get(event.end?.unix_ms);
  if (until > x) node.append(drawing("line", { class: "span", x1: x, x2: until, y1: y, y2: y }));
  node.append(
    drawing("title", {}, `${wordsOf(event)} ${offset(start, event.time)}`),
    drawing("circle", { class: "hit", cx: x, cy: y, r: 13 }),
    drawing("circle", { class: "dot", cx: x, cy: y, r: 9 }),
    drawing("text", { class: "sign", x, y: y + 4, "aria-hidden": "true" }, SIGNS[mood]));
  node.addEventListener("click", () => choose(event, node));
  node.addEventListener("keydown", (key) => {
    if (key.key !== "Enter" && key.key !== " ") return;
    key.preventDefault();
    choose(event, node);
  });
  return node;
}

const SPOKEN = { good: "ok", bad: "failed", waiting: "not over", unsure: "outcome unknown", neutral: "a fact" };

function ticks(place, start) {
  const made = [];
  let last = -Infinity;
  for (const [ms, x] of place) {
    if (x - last < 70) continue;
    last = x;
    made.push(drawing("text", { class: "tick", x: x - 8, y: 16 }, offset(start, { unix_ms: ms })));
  }
  return made;
}

// walk moves the focus: up and down between lanes, left and right between a lane's events, Escape back to the lane.
function walk(svg, key) {
  const lanes = [...svg.querySelectorAll(".lane")];
  const lane = document.activeElement?.closest(".lane");
  const row = lanes.indexOf(lane);
  if (row < 0) return;
  const marks = [...lane.querySelectorAll(".event")];
  const column = marks.indexOf(document.activeElement);
  const to = {
    ArrowRight: marks[column + 1], ArrowLeft: column > 0 ? marks[column - 1] : lane, Escape: lane,
    ArrowDown: lanes[row + 1], ArrowUp: lanes[row - 1], Home: marks[0], End: marks.at(-1),
  };
  if (!Object.hasOwn(to, key.key)) return;
  key.preventDefault();
  const next = to[key.key];
  if (!next) return;
  for (const each of marks) each.setAttribute("tabindex", "-1");
  if (next.matches(".event")) next.setAttribute("tabindex", "0");
  next.focus();
}
