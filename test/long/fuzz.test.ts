import assert from "node:assert/strict";
import { test } from "node:test";
import { Campaign, CASES_PER_ROUND } from "../fuzz/Campaign.ts";
import { corpus, corpusCase } from "../fuzz/corpus.ts";
import type { ServerKind } from "../fuzz/serverMessages.ts";

/** The same every time, so that a change is judged by what it changes; `npm run fuzz -- --seed N` takes others. */
const SEED = 816_095_450;

/** A server, how `npm run fuzz` is told to fuzz it, and for how long it is fuzzed here. */
interface Run {
  readonly what: string;
  readonly flags: string;
  readonly kind: ServerKind;
  readonly durationMs: number;
  /** Less than a tenth of what a small machine does: a server that slow would be the finding. */
  readonly fewestRequests: number;
}

const RUNS: readonly Run[] = [
  {
    what: "in memory",
    flags: "",
    kind: { durable: false, tls: false, workers: 1 },
    durationMs: 60_000,
    fewestRequests: 5_000,
  },
  {
    what: "of two worker processes on disk, over TLS",
    flags: "--workers 2 --tls ",
    kind: { durable: true, tls: true, workers: 2 },
    durationMs: 15_000,
    fewestRequests: 500,
  },
];

for (const { what, flags, kind, durationMs, fewestRequests } of RUNS) {
  test(`Server ${what}: broken requests crash nothing, hang nothing, leak nothing and change nothing`, async (t) => {
    const campaign = await Campaign.start(SEED, kind);
    t.after(() => campaign.stop());
    for (const entry of corpus()) await campaign.runAlone(corpusCase(entry));
    const endMs = performance.now() + durationMs;
    const isEnough = (): boolean => performance.now() > endMs;
    for (let first = 0; !isEnough() && campaign.failures.length === 0; first += CASES_PER_ROUND)
      await campaign.round(first, first + CASES_PER_ROUND, isEnough);
    const { requests, answers } = campaign.counts;
    t.diagnostic(`seed ${SEED}: ${requests} requests, ${answers} answers`);
    const found = campaign.failures.map(
      ({ problem, fuzzCase }) => `${problem} (npm run fuzz -- ${flags}--seed ${SEED} --case ${fuzzCase?.index})`,
    );
    assert.deepEqual(found, []);
    assert.ok(requests > fewestRequests, `only ${requests} requests were sent`);
  });
}
