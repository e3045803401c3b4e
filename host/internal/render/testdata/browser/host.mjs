// A host of MCP Apps: the official bridge, and the app in a sandboxed frame of another origin.
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

window.open_app = async (context) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.width = 900;
  frame.height = 200;
  document.body.append(frame);
  const host = { methods: [], sizes: [] };
  window.host = host;
  window.addEventListener("message", (event) => {
    if (event.source === frame.contentWindow) host.methods.push(event.data.method ?? "(answer)");
  });
  host.bridge = new AppBridge(null, { name: "reference", version: "1" }, {}, { hostContext: context });
  const initialized = new Promise((resolve) => { host.bridge.oninitialized = resolve; });
  host.bridge.onsizechange = (size) => {
    host.sizes.push(size);
    frame.height = size.height;
  };
  await host.bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.srcdoc = await (await fetch("/made/app.html")).text();
  await initialized;
};
window.ready = true;
