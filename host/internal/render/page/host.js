// Inside a host that speaks MCP Apps: JSON-RPC by postMessage with the window around this one, and with no other.

function connectHost(app) {
  const host = window.parent;
  const pending = new Map();
  let context = {};
  let last = 0;

  const send = (message) => host.postMessage({ jsonrpc: "2.0", ...message }, "*");
  const notify = (method, params = {}) => send({ method, params });
  const request = (method, params) => new Promise((resolve, reject) => {
    pending.set(++last, { resolve, reject });
    send({ id: last, method, params });
  });

  const requests = { ping: () => ({}), "ui/resource-teardown": () => ({}) };
  const notifications = {
    "ui/notifications/tool-input": (params) => app.asked(params.arguments || {}),
    "ui/notifications/tool-result": (params) => app.answered(params),
    "ui/notifications/tool-cancelled": (params) => app.say("The call was cancelled" + (params.reason ? ": " + params.reason : ".")),
    "ui/notifications/host-context-changed": (params) => apply(params),
  };

  function apply(changed) {
    context = { ...context, ...changed };
    const root = document.documentElement;
    if (context.theme === "light" || context.theme === "dark") root.dataset.theme = context.theme;
    for (const [name, value] of Object.entries(context.styles?.variables || {})) {
      if (name.startsWith("--") && typeof value === "string") root.style.setProperty(name, value);
    }
    app.settle({ locale: context.locale, timeZone: context.timeZone });
  }

  function receive(message) {
    if (message.method !== undefined && message.id !== undefined) {
      const answer = Object.hasOwn(requests, message.method) && requests[message.method];
      send(answer ? { id: message.id, result: answer() } : { id: message.id, error: { code: -32601, message: "There is no such method here." } });
    } else if (message.method !== undefined) {
      if (Object.hasOwn(notifications, message.method)) notifications[message.method](message.params || {});
    } else if (pending.has(message.id)) {
      const { resolve, reject } = pending.get(message.id);
      pending.delete(message.id);
      if (message.error) reject(new Error(message.error.message));
      else resolve(message.result || {});
    }
  }

  window.addEventListener("message", (event) => {
    if (event.source === host && event.data?.jsonrpc === "2.0") receive(event.data);
  });

  request("ui/initialize", {
    protocolVersion: "2026-01-26", appInfo: { name: "mqtrail", version: "1" }, appCapabilities: { availableDisplayModes: ["inline", "fullscreen"] },
  }).then((result) => {
    apply(result.hostContext || {});
    notify("ui/notifications/initialized");
    watchSize((size) => notify("ui/notifications/size-changed", size));
  }).catch((error) => app.say("The host refused: " + error.message));
}

// watchSize tells the page's size, at once and whenever it changes.
function watchSize(tell) {
  let told = "";
  const measure = () => {
    const box = document.documentElement.getBoundingClientRect();
    const size = { width: Math.ceil(box.width), height: Math.ceil(box.height) };
    if (told === (told = JSON.stringify(size))) return;
    tell(size);
  };
  new ResizeObserver(measure).observe(document.documentElement);
  measure();
}
