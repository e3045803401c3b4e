// The Mermaid diagrams, drawn by Mermaid.
import assert from "node:assert/strict";

export async function checkMermaid({ open, origin, stories, check }) {
  for (const level of ["strict", "loose"]) {
    await check(`mermaid, ${level}`, async () => {
      const page = await open();
      await page.goto(origin + "/mermaid.html");
      for (const story of stories) {
        const drawn = await page.evaluate(([name, source, level]) => window.draw(name, source, level), [story.name, story.mermaid, level])
          .catch((error) => assert.fail(`${story.name}: ${error.message}`));
        for (const label of story.labels) assert.ok(drawn.texts.includes(label), `${story.name} lacks ${label} in ${JSON.stringify(drawn.texts)}`);
        assert.equal(drawn.arrows, story.arrows, story.name);
        assert.deepEqual(drawn.strange, [], story.name);
      }
      assert.equal(await page.evaluate(() => window.hacked), undefined);
      assert.deepEqual(page.wrong, []);
      assert.deepEqual(page.requests.filter((url) => !url.startsWith(origin)), []);
      await page.context().close();
    });
  }
}
