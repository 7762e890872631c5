import assert from "node:assert/strict";
import { test } from "node:test";
import { Campaign, CASES_PER_ROUND } from "../fuzz/Campaign.ts";
import { corpus, corpusCase } from "../fuzz/corpus.ts";

const DURATION_MS = 60_000;
/** Less than a tenth of what a small machine does: a server that slow would be the finding. */
const FEWEST_REQUESTS = 5_000;
/** The same every time, so that a change is judged by what it changes; `npm run fuzz -- --seed N` takes others. */
const SEED = 816_095_450;

test("Server: a minute of broken requests crashes nothing, hangs nothing, leaks nothing and changes nothing", async (t) => {
  const campaign = await Campaign.start(SEED);
  t.after(() => campaign.stop());
  for (const entry of corpus()) await campaign.run(corpusCase(entry));
  const endMs = performance.now() + DURATION_MS;
  const isEnough = (): boolean => performance.now() > endMs;
  for (let first = 0; !isEnough() && campaign.failures.length === 0; first += CASES_PER_ROUND)
    await campaign.round(first, first + CASES_PER_ROUND, isEnough);
  const { requests, answers } = campaign.counts;
  t.diagnostic(`seed ${SEED}: ${requests} requests, ${answers} answers`);
  const found = campaign.failures.map(
    ({ problem, fuzzCase }) => `${problem} (npm run fuzz -- --seed ${SEED} --case ${fuzzCase?.index})`,
  );
  assert.deepEqual(found, []);
  assert.ok(requests > FEWEST_REQUESTS, `only ${requests} requests were sent`);
});
