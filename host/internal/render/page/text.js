"use strict";
// Texts of the page. Whatever a vendor or a stranger wrote goes through shown() and becomes a text node: never markup.

const UNKNOWN = "unknown";

// What a reader would not see, or what changes what he sees, is shown by its code point.
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}]|(?! )\p{Zs}/gu;

function shown(text) {
  return String(text).replace(/[\n\r\t]/g, " ")
    .replace(HIDDEN, (c) => "<U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + ">");
}

// known is a value in words: nothing told is said to be unknown, never left blank.
function known(value) {
  if (value === undefined || value === null || value === "") return UNKNOWN;
  if (value === true) return "yes";
  if (value === false) return "no";
  return shown(Array.isArray(value) ? value.join(" ") : value);
}

function span(ms) {
  if (ms < 0) return "-" + span(-ms);
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  if (ms < 1000) return `${ms}ms`;
  if (ms < 60000) return `${Math.floor(ms / 100) / 10}s`;
  if (ms < 3600000) return `${Math.floor(ms / 60000)}m${two(ms / 1000 % 60)}s`;
  if (ms < 86400000) return `${Math.floor(ms / 3600000)}h${two(ms / 60000 % 60)}m`;
  return `${Math.floor(ms / 86400000)}d${two(ms / 3600000 % 24)}h`;
}

// offset is a moment as seen from another. Where either was told in whole seconds, so is the offset.
function offset(from, at) {
  if (!from || !at) return UNKNOWN;
  const step = Math.max(from.resolution_ms || 1, at.resolution_ms || 1);
  const gap = Math.trunc((at.unix_ms - from.unix_ms) / step) * step;
  if (gap === 0 && step > 1) return "+0s";
  return (gap < 0 ? "" : "+") + span(gap);
}

// moment is a time in the reader's zone and language, with the zone's name.
function moment(at, settings) {
  if (!at) return UNKNOWN;
  const options = {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    hourCycle: "h23", timeZoneName: "longOffset",
  };
  if ((at.resolution_ms || 1) < 1000) options.fractionalSecondDigits = 3;
  return format(settings.locale, { ...options, timeZone: settings.timeZone }, options).format(at.unix_ms);
}

// brief is a moment for a table of messages that are told apart by it: to the minute.
function brief(at, settings) {
  const options = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return at ? format(settings.locale, { ...options, timeZone: settings.timeZone }, options).format(at.unix_ms) : UNKNOWN;
}

// format falls back to the browser's own language and zone where the host's are none that it knows.
function format(locale, wanted, otherwise) {
  try {
    return new Intl.DateTimeFormat(locale, wanted);
  } catch {
    return new Intl.DateTimeFormat(undefined, otherwise);
  }
}

const ZONES = {
  vendor_ms: () => "The vendor told milliseconds since 1970, which need no zone.",
  assumed: (zone) => `The vendor told no zone: ${zone} is assumed.`,
  proven: (zone) => `The vendor told no zone: ${zone} is proven by the message's own id.`,
};

function zoneSource(at) {
  const zone = /([+-]\d\d:\d\d|Z)$/.exec(at.iso || "");
  const say = Object.hasOwn(ZONES, at.zone_source) && ZONES[at.zone_source];
  return say ? say(zone ? "UTC" + zone[1].replace("Z", "+00:00") : "its zone") : "How its zone is known: unknown.";
}

// element makes an element with attributes and children; texts become text nodes.
function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function drawing(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}
