// The page as an MCP App, inside the official reference host.
import assert from "node:assert/strict";

export async function checkHost({ open, origin, stories, check }) {
  const page = await open();
  await page.goto(origin + "/host.html");
  await page.waitForFunction(() => window.ready);
  const call = (method, params) => page.evaluate(([method, params]) => window.host.bridge[method](params), [method, params]);
  const hostile = stories.find((story) => story.name === "hostile");
  let app;

  await check("handshake", async () => {
    await page.evaluate(() => window.open_app({ theme: "light", locale: "en-GB", timeZone: "Asia/Shanghai" }));
    app = page.frames().find((frame) => frame !== page.mainFrame());
    await page.waitForFunction(() => window.host.methods.includes("ui/notifications/size-changed"));
    assert.deepEqual((await page.evaluate(() => window.host.methods)).slice(0, 3),
      ["ui/initialize", "ui/notifications/initialized", "ui/notifications/size-changed"]);
    assert.equal(await app.evaluate(() => document.documentElement.dataset.theme), "light");
  });

  await check("tool input", async () => {
    await call("sendToolInput", { arguments: { message: "ORDER-4711\u202e" } });
    await app.getByText("Looking for ORDER-4711<U+202E>…").waitFor();
  });

  await check("tool result", async () => {
    await call("sendToolResult", { content: [{ type: "text", text: "{}" }], structuredContent: hostile.report });
    await app.getByRole("heading", { level: 1, name: "CONSUMED" }).waitFor();
    assert.equal(await app.locator("svg .lane").count(), hostile.lanes);
  });

  await check("hostile names stay text", async () => {
    const cells = await app.locator("table").first().locator("tbody th").allTextContents();
    assert.deepEqual(cells, hostile.names);
    assert.equal(await app.evaluate(() => window.hacked), undefined);
    assert.equal(await app.locator("img, iframe, a, b").count(), 0);
    assert.equal(await app.locator("script").count(), 2);
    assert.doesNotMatch(await app.evaluate(() => document.body.innerText), /[\u202a-\u202e\u2066-\u2069\u200b\u001b]/);
  });

  await check("size changed", async () => {
    const height = await app.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height));
    await page.waitForFunction((height) => window.host.sizes.at(-1).height === height, height);
    assert.ok(height > 400, `${height} pixels`);
    const sizes = await page.evaluate(() => window.host.sizes);
    assert.ok(sizes.length < 20, `told ${sizes.length} sizes`);
  });

  await check("theme switch", async () => {
    const ground = () => app.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await call("setHostContext", { theme: "dark", locale: "en-GB", timeZone: "Asia/Shanghai" });
    await app.waitForFunction(() => document.documentElement.dataset.theme === "dark");
    const dark = await ground();
    assert.notEqual(dark, light);
    await call("setHostContext", { theme: "dark", locale: "en-GB", timeZone: "Asia/Shanghai", styles: { variables: { "--color-background-primary": "rgb(1, 2, 3)" } } });
    await app.waitForFunction(() => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)");
  });

  await check("time zone and locale", async () => {
    const clock = app.locator(".clock time").first();
    assert.match(await clock.textContent(), /22\/11\/2026.*10:42:11.123.*GMT\+08:00/);
    await call("setHostContext", { theme: "dark", locale: "de-DE", timeZone: "America/New_York" });
    await clock.filter({ hasText: "21:42:11,123" }).waitFor();
    assert.match(await clock.textContent(), /21\.11\.2026.*GMT-05:00/);
    await call("setHostContext", { theme: "dark", locale: "no-such-locale-", timeZone: "Mars/Olympus" });
    await clock.filter({ hasText: "10:42:11" }).waitFor(); // the browser's own
  });

  await check("the whole report is taken from _meta", async () => {
    const retrying = stories.find((story) => story.name === "retrying");
    await call("sendToolResult", {
      content: [], structuredContent: { verdict: { verdict: "UNKNOWN", confidence: "unknown", why: "" } }, _meta: { "mqtrail/report": retrying.report },
    });
    await app.getByRole("heading", { level: 1, name: "RETRYING" }).waitFor();
    assert.equal(await app.locator("svg .lane").count(), retrying.lanes);
  });

  await check("only the host is heard", async () => {
    await app.evaluate(() => new Promise((resolve) => {
      window.addEventListener("message", resolve, { once: true }); // after the page's own listener
      window.postMessage({ jsonrpc: "2.0", method: "ui/notifications/tool-result", params: { isError: true, content: [{ type: "text", text: "FORGED" }] } }, "*");
    }));
    assert.doesNotMatch(await app.evaluate(() => document.body.innerText), /FORGED/);
  });

  await check("errors and cancellation", async () => {
    await call("sendToolResult", { isError: true, content: [{ type: "text", text: "<b>The vendor</b> refused." }] });
    await app.getByText("<b>The vendor</b> refused.").waitFor();
    await call("sendToolCancelled", { reason: "the user stopped it" });
    await app.getByText("The call was cancelled: the user stopped it").waitFor();
  });

  await check("teardown", async () => {
    assert.deepEqual(await call("teardownResource", {}), {});
  });

  await check("nothing went wrong in the host", async () => {
    const apart = page.requests.filter((url) => !url.startsWith(origin) && url !== "about:srcdoc");
    assert.deepEqual(apart, []);
    assert.deepEqual(page.wrong, []);
  });
  await page.context().close();
}
