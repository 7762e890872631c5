import assert from "node:assert/strict";
import { test } from "node:test";
import { Campaign } from "../../fuzz/Campaign.ts";

test("Campaign: a few hundred cases of a fixed seed find nothing", async (t) => {
  const campaign = await Campaign.start(0);
  t.after(() => campaign.stop());
  await campaign.round(0, 600);
  assert.deepEqual(
    campaign.failures.map(({ problem }) => problem),
    [],
  );
  assert.ok(campaign.counts.answers > 300);
});
