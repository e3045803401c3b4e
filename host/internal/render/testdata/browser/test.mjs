// Runs the trail's page and its Mermaid diagrams in a real browser. Arguments: the browser, and the folder with what is
// to be shown. Each check that passes is a line of JSON; the first that fails ends the run.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { checkHost } from "./apps.mjs";
import { checkMermaid } from "./diagrams.mjs";
import { checkFiles } from "./files.mjs";

const [, , browserPath, made] = process.argv;
const here = fileURLToPath(new URL(".", import.meta.url));
const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json" };

const asked = [];
const server = createServer(async (request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  if (path === "/favicon.ico") return response.writeHead(204).end(); // browsers ask by themselves
  asked.push(path);
  const file = path.startsWith("/made/") ? join(made, path.slice(6)) : join(here, path);
  try {
    const content = await readFile(file);
    response.writeHead(200, { "content-type": (types[extname(file)] ?? "text/plain") + "; charset=utf-8" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

// open makes a page that remembers what went wrong in it and what it asked for.
async function open(options) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Shanghai", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.wrong = [];
  page.requests = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && page.wrong.push(message.text()));
  page.on("pageerror", (error) => page.wrong.push(String(error)));
  page.on("dialog", (dialog) => {
    page.wrong.push("a dialog: " + dialog.message());
    return dialog.dismiss();
  });
  page.on("request", (request) => page.requests.push(request.url()));
  return page;
}

const set = {
  browser, open, origin, asked,
  stories: JSON.parse(await readFile(join(made, "stories.json"), "utf8")),
  address: (name) => pathToFileURL(join(made, name)).href,
  async check(name, run) {
    try {
      await run();
    } catch (error) {
      throw new Error("the check failed: " + name, { cause: error });
    }
    console.log(JSON.stringify({ check: name }));
  },
};

try {
  assert.ok(set.stories.length > 20);
  await checkHost(set);
  await checkFiles(set);
  await checkMermaid(set);
} finally {
  await browser.close();
  server.close();
}
