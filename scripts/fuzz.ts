/**
 * `npm run fuzz -- --requests 1000000`: sends broken requests to a server in a process of its own, and says what must not have happened.
 * `--seed` repeats a run, `--from` continues one behind a case, `--case` sends one case and shows it, and with `--keep TEXT` adds it to the
 * corpus, as what found TEXT. The server keeps everything in memory; `--engine durable` has it on LMDB and files in a temporary folder,
 * `--tls` speaks TLS, and with `--workers 2` worker processes answer on one durable store.
 */
import { parseArgs } from "node:util";
import type { Failure } from "../test/fuzz/Campaign.ts";
import { Campaign, CASES_PER_ROUND } from "../test/fuzz/Campaign.ts";
import { corpus, corpusCase, keepCase } from "../test/fuzz/corpus.ts";

const PROGRESS_INTERVAL_MS = 5_000;
/** A run that found so much need not go on. */
const MAX_FAILURES = 50;
const MAX_SHOWN_CHARACTERS = 3_000;

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000_000) },
    from: { type: "string", default: "0" },
    case: { type: "string" },
    keep: { type: "string" },
    engine: { type: "string" },
    tls: { type: "boolean", default: false },
    workers: { type: "string", default: "1" },
  },
});
const workers = Number(values.workers);
const engine = values.engine ?? (workers > 1 ? "durable" : "memory");
if (engine !== "durable" && (engine !== "memory" || workers > 1))
  throw new Error("--engine is memory, or durable, as several --workers need it");
const seed = Number(values.seed);
/** What starts a server of this kind. */
const SERVER_FLAGS = `${engine === "durable" ? "--engine durable " : ""}${values.tls ? "--tls " : ""}${workers > 1 ? `--workers ${workers} ` : ""}`;
let shownFailures = 0;
const campaign = await Campaign.start(seed, { durable: engine === "durable", tls: values.tls, workers });
try {
  if (values.case === undefined) await runMany(Number(values.from), Number(values.requests));
  else await runOne(Number(values.case));
} finally {
  await campaign.stop();
}
showFailures();
const codes = [...campaign.counts.codes].toSorted(([, a], [, b]) => b - a).map(([code, count]) => `${code}: ${count}`);
process.stdout.write(`${codes.join(", ")}\n${summary()}\n`);
process.exitCode = campaign.failures.length === 0 ? 0 : 1;

async function runMany(from: number, requests: number): Promise<void> {
  const startedAtMs = performance.now();
  for (const entry of corpus()) await campaign.runAlone(corpusCase(entry));
  let first = from;
  const progress = setInterval(() => {
    const perSecond = campaign.counts.requests / ((performance.now() - startedAtMs) / 1000);
    process.stderr.write(`${summary()}, ${perSecond.toFixed(0)}/s; to continue: --seed ${seed} --from ${first}\n`);
  }, PROGRESS_INTERVAL_MS);
  const isEnough = (): boolean => campaign.counts.requests >= requests || campaign.failures.length >= MAX_FAILURES;
  while (!isEnough()) {
    await campaign.round(first, first + CASES_PER_ROUND, isEnough);
    first += CASES_PER_ROUND;
    showFailures();
  }
  clearInterval(progress);
}

async function runOne(index: number): Promise<void> {
  const fuzzCase = campaign.caseOf(index);
  for (const { title, bytes } of fuzzCase.requests) process.stdout.write(`--- ${title}\n${shown(bytes)}\n`);
  process.stdout.write(`--- delivered ${JSON.stringify(fuzzCase.delivery)}\n`);
  const { answers, cpuMs } = await campaign.runAlone(fuzzCase);
  for (const { status, headers, body } of answers) {
    process.stdout.write(`=== ${status}\n${headers.map(([name, value]) => `${name}: ${value}\n`).join("")}\n${shown(body)}\n`);
  }
  process.stdout.write(`--- ${cpuMs.toFixed(1)} ms of the processors\n`);
  await campaign.settle();
  if (values.keep !== undefined) keepCase(fuzzCase, values.keep);
}

/** Writes what has been found since the last time. */
function showFailures(): void {
  for (const failure of campaign.failures.slice(shownFailures)) process.stdout.write(described(failure));
  shownFailures = campaign.failures.length;
}

function described({ problem, fuzzCase, history }: Failure): string {
  if (fuzzCase === undefined) return `\nFAILED: ${problem}\n`;
  const before = history.slice(0, -1);
  return [
    `\nFAILED: ${problem}`,
    `  ${fuzzCase.requests.map(({ title }) => title).join(" | ")}, ${JSON.stringify(fuzzCase.delivery)}`,
    `  again: npm run fuzz -- ${SERVER_FLAGS}--seed ${seed} --case ${fuzzCase.index}${before.length === 0 ? "" : `   (on its connection before: ${before.join(" ")})`}`,
    `  or, if it needs the requests before it: npm run fuzz -- ${SERVER_FLAGS}--seed ${seed} --from ${roundOf(fuzzCase.index)} --requests ${CASES_PER_ROUND}`,
    "",
  ].join("\n");
}

/** Where the round of a case begins: there, the server's content is what it was at first. */
function roundOf(index: number): number {
  return index - (index % CASES_PER_ROUND);
}

function summary(): string {
  const { cases, requests, answers, cut, statuses } = campaign.counts;
  const byStatus = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`);
  return `seed ${seed}: ${requests} requests in ${cases} cases, ${answers} answers (${byStatus.join(", ")}), ${cut} cut off, ${campaign.failures.length} failures`;
}

function shown(bytes: Buffer): string {
  const text = bytes.subarray(0, MAX_SHOWN_CHARACTERS).toString("latin1");
  // eslint-disable-next-line no-control-regex -- what a terminal would act on is shown as an escape
  return text.replace(/[\0-\u0009\u000b-\u001f\u007f-\u00ff]/g, (character) => JSON.stringify(character).slice(1, -1));
}
