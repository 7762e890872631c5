import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Campaign } from "./Campaign.ts";
import { corpus, corpusCase } from "./corpus.ts";
import { startHere } from "./FuzzTarget.ts";

/** All of it, in `npm test`. */
const CORPUS_LIMIT_MS = 60_000;

let campaign: Campaign;
before(async () => {
  campaign = await Campaign.against(await startHere(), 0);
});
after(() => campaign.stop());

test("Corpus: what once found a defect finds nothing any more", { timeout: CORPUS_LIMIT_MS }, async (t) => {
  assert.ok(corpus().length > 0);
  for (const entry of corpus()) {
    await t.test(entry.finding, async () => {
      await campaign.runAlone(corpusCase(entry));
      await campaign.settle();
      // Not the failures themselves: nobody wants to wait until megabytes of a request are compared with nothing.
      assert.deepEqual(
        campaign.failures.splice(0).map(({ problem }) => problem),
        [],
      );
    });
  }
});
