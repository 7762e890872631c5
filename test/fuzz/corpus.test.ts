import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Campaign } from "./Campaign.ts";
import { corpus, corpusCase } from "./corpus.ts";

let campaign: Campaign;
before(async () => {
  campaign = await Campaign.start(0);
});
after(() => campaign.stop());

for (const entry of corpus()) {
  test(`Corpus: ${entry.finding}`, async () => {
    await campaign.run(corpusCase(entry));
    await campaign.settle();
    assert.deepEqual(campaign.failures.splice(0), []);
  });
}

test("Campaign: a few hundred cases of a fixed seed find nothing", async () => {
  await campaign.round(0, 600);
  assert.deepEqual(
    campaign.failures.map(({ problem }) => problem),
    [],
  );
  assert.ok(campaign.counts.answers > 300);
});
