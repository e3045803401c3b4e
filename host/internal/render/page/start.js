// Where the report comes from: from this file itself, or from the host around it.

const app = {
  main: document.getElementById("trail"),
  settings: {},
  report: undefined,

  // settle takes the reader's language and zone. What is shown already is shown anew.
  settle(settings) {
    app.settings = settings;
    if (app.report) app.show(app.report);
  },

  say(text) {
    app.main.replaceChildren(element("p", { role: "status" }, shown(text)));
    app.main.setAttribute("aria-busy", "false");
  },

  show(report) {
    app.report = report;
    app.main.replaceChildren(...reportPage(report, app.settings));
    app.main.setAttribute("aria-busy", "false");
    document.title = "Message trail: " + known(report.verdict.verdict);
  },

  asked(query) {
    if (!app.report) app.say(query.message ? `Looking for ${query.message}…` : "Looking…");
    app.main.setAttribute("aria-busy", String(!app.report));
  },

  // answered takes a tool's result: the whole report where the server sent it for this page alone, else what the
  // assistant got.
  answered(result) {
    const report = result._meta?.["mqtrail/report"] ?? result.structuredContent;
    if (!result.isError && report?.verdict?.verdict) return app.show(report);
    const texts = (result.content || []).filter((part) => part.type === "text").map((part) => part.text);
    app.report = undefined;
    app.say(texts.join("\n") || "The answer holds no trail.");
  },
};

// Numbers that a double cannot hold stay the digits that they were.
const exact = (_, value, source) => (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && source?.source || value);

const own = JSON.parse(document.getElementById("report").textContent, exact);
if (own) app.show(own);
else if (window.parent !== window) connectHost(app);
else app.say("This page shows a trail inside a host for MCP Apps; alone it has none to show.");
