// The page alone, as a file.
import assert from "node:assert/strict";

// unfold opens what is folded: every event, and the messages that the headline is not about.
const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));

export async function checkFiles({ open, origin, asked, stories, address, check }) {
  await check("every story", async () => {
    const page = await open();
    for (const story of stories) {
      const from = page.requests.length;
      await page.goto(address(story.name + ".html"));
      const { verdict, confidence } = story.report.verdict;
      await page.getByRole("heading", { level: 1, name: `${verdict} (${confidence})` }).waitFor();
      assert.equal(await page.locator("svg .lane").count(), story.lanes, story.name);
      assert.deepEqual(page.requests.slice(from), [address(story.name + ".html")]);
      assert.deepEqual(page.wrong, [], story.name);
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      const text = await page.locator("main").innerText();
      for (const told of story.once) assert.equal(text.split(told).length - 1, 1, `${story.name} says more or less than once: ${told}`);
      await unfold(page);
      const whole = await page.locator("main").innerText();
      for (const told of story.texts) assert.ok(whole.includes(told), `${story.name} lacks ${told}`);
    }
    await page.context().close();
  });

  await check("unknown is no success", async () => {
    const page = await open();
    await page.goto(address("unknown_outcome.html"));
    for (const words of ["sent", "attempt 1 consumed", "PONDERED", "ARCHIVED"]) {
      const marks = page.locator(`svg .event[aria-label^="${words},"]`);
      assert.equal(await marks.count(), 1, words);
      assert.match(await marks.getAttribute("class"), /unsure/);
    }
    await page.goto(address("in_flight.html"));
    assert.equal(await page.locator('svg .event.good[aria-label^="attempt"]').count(), 0);
    await page.context().close();
  });

  await check("keyboard", async () => {
    const page = await open();
    await page.goto(address("dead_lettered.html"));
    const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
    const press = async (key, label) => {
      await page.keyboard.press(key);
      assert.match(await focused() ?? "nothing", label, `after ${key}`);
    };
    await press("Tab", /^producer 10\.0\.0\.5:4012, 1 events$/);
    await press("ArrowDown", /^broker/);
    await press("ArrowDown", /^group billing, DEAD_LETTERED, 32 events$/);
    await press("ArrowRight", /^attempt 1 delivered, \+1s/);
    await press("ArrowRight", /^attempt 1 failed, \+1.2s, failed$/);
    const details = page.locator(".details");
    assert.equal(await details.isVisible(), false);
    await page.keyboard.press("Enter");
    await details.waitFor({ state: "visible" });
    for (const text of ["attempt 1 failed", "RECONSUME_LATER", "worker-1", "acme_rocketmq_get_trace /consumers/0/operations/1", "REQ-1"]) {
      assert.ok((await details.innerText()).includes(text), text);
    }
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-expanded")), "true");
    await press("End", /^attempt 16 failed/);
    await press("Escape", /^group billing/);
    await press("ArrowDown", /^group inventory/);
    await press("Tab", /^group shipping/);
    await press("Shift+Tab", /^group inventory/);
    await page.context().close();
  });

  await check("a table of every event", async () => {
    const page = await open();
    await page.goto(address("dead_lettered.html"));
    await page.getByText(/^Every event \(/).click();
    const table = page.getByRole("table", { name: "Every event" });
    const events = stories.find((story) => story.name === "dead_lettered").report.lives[0].events;
    assert.equal(await table.locator("tbody tr").count(), events.length);
    assert.equal(await table.locator("tbody tr").filter({ hasText: "✓" }).count(), events.filter((event) => ["PRODUCED", "STORED", "CONSUMED"].includes(event.stage)).length);
    assert.equal(await table.locator("td:empty, th:empty").count(), 0);
    await page.context().close();
  });

  await check("light, dark, still and printed", async () => {
    const page = await open({ colorScheme: "light", reducedMotion: "no-preference" });
    await page.goto(address("dead_lettered.html"));
    const look = () => page.evaluate(() => ({
      ground: getComputedStyle(document.body).backgroundColor, motion: getComputedStyle(document.querySelector(".dot")).transitionDuration,
    }));
    const light = await look();
    assert.equal(light.ground, "rgb(255, 255, 255)");
    assert.notEqual(light.motion, "0s");
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    const dark = await look();
    assert.notEqual(dark.ground, light.ground);
    assert.equal(dark.motion, "0s");
    const pdf = await page.pdf();
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    await page.emulateMedia({ media: "print" });
    assert.equal((await look()).ground, light.ground);
    await page.setViewportSize({ width: 700, height: 900 });
    const box = await page.locator("svg").boundingBox();
    assert.ok(box.x + box.width <= 700, `the picture ends at ${box.x + box.width}`);
    await page.context().close();
  });

  await check("the policy holds", async () => {
    const page = await open();
    await page.goto(address("hostile.html"));
    const before = asked.length;
    const blocked = await page.evaluate(async (origin) => {
      const violations = [];
      document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      const image = document.createElement("img");
      const refused = new Promise((resolve) => { image.onerror = resolve; });
      image.src = origin + "/taken.png";
      document.body.append(script, image);
      await refused;
      await fetch(origin + "/taken").catch(() => {});
      await new Promise((resolve) => (violations.length >= 3 ? resolve() : document.addEventListener("securitypolicyviolation", () => violations.length >= 3 && resolve())));
      return { violations, ran: window.ran };
    }, origin);
    assert.deepEqual(new Set(blocked.violations), new Set(["script-src-elem", "img-src", "connect-src"]));
    assert.equal(blocked.ran, undefined);
    assert.equal(asked.length, before);
    await page.context().close();
  });

  await check("alone without a report", async () => {
    const page = await open();
    await page.goto(address("app.html"));
    await page.getByRole("status").getByText("alone it has none to show").waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  });
}
