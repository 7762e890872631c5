import { OptionError } from "../config/OptionError.ts";
import { readArguments } from "../config/readArguments.ts";
import { DURATION_FORM, readDuration } from "../config/times.ts";
import type { Scenario } from "../faults/FaultRule.ts";
import { FaultRuleError } from "../faults/FaultRule.ts";
import { openScenario } from "../server/faults/scenarioFile.ts";
import type { Comparison } from "../trial/leftBehind.ts";
import type { TrialResult } from "../trial/Trial.ts";
import type { TrialOptions } from "../trial/runTrial.ts";
import { CommandError, runTrial } from "../trial/runTrial.ts";
import { tellTrial } from "../trial/tellTrial.ts";
import { argumentForm } from "./argumentForm.ts";
import type { Command } from "./Command.ts";
import { commandNamed } from "./table/commandTable.ts";
import { wrongUse } from "./usage.ts";

const FAILED_EXIT_CODE = 1;
const DEFAULT_SCENARIO = "s3s-bad-day";
const DEFAULT_BUCKET = "trial";
const DEFAULT_TIMEOUT_MS: number = 10 * 60_000;

const COMMAND = commandNamed("try-client");

/** `holdfast try-client`: runs a command against a fresh store that fails on purpose, and tells how it took that. */
export const tryClient: Command = async (args) => {
  const border = args.indexOf("--");
  const command = border === -1 ? [] : args.slice(border + 1);
  const { flags } = readArguments(border === -1 ? args : args.slice(0, border), argumentForm(COMMAND));
  if (command.length === 0) throw wrongUse(COMMAND, "What is to be tried stands behind --.");
  const flag = (name: string): string | undefined => flags.get(name) as string | undefined;
  const isJson = flag("json") === "true";
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  const bucket = flag("bucket") ?? DEFAULT_BUCKET;
  const result = await trial({
    scenario: await scenarioOf(flag("scenario") ?? DEFAULT_SCENARIO, readSeed(flag("seed"))),
    buckets: [bucket],
    comparison: readComparison(flag("compare"), bucket),
    timeoutMs: readTimeout(flag("timeout")),
    command,
    output: isJson ? "stderr" : "stdout",
    environment: process.env,
    clock: Date.now,
    signal: abort.signal,
  });
  process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : `\n${tellTrial(result)}`);
  return passes(result) ? 0 : FAILED_EXIT_CODE;
};

async function trial(options: TrialOptions): Promise<TrialResult> {
  try {
    return await runTrial(options);
  } catch (cause) {
    throw cause instanceof CommandError ? new OptionError(cause.message) : cause;
  }
}

/** Whether the command ended well, nothing is missing or left behind, and no question was answered with no. */
function passes({ exitCode, judgement, left, differences }: TrialResult): boolean {
  const { retriesInternalError, slowsDown, readsCodes } = judgement;
  const says = [retriesInternalError, slowsDown, readsCodes];
  return exitCode === 0 && left.uploads.length === 0 && (differences ?? []).length === 0 && !says.includes("no");
}

/** A scenario by its name or its file. */
async function scenarioOf(nameOrPath: string, seed: number | undefined): Promise<Scenario> {
  try {
    return await openScenario(nameOrPath, seed);
  } catch (cause) {
    throw cause instanceof FaultRuleError ? new OptionError(cause.message) : cause;
  }
}

function readSeed(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,15}$/.test(given)) throw new OptionError(`--seed is "${given}", which is not a whole number.`);
  return Number(given);
}

function readTimeout(given: string | undefined): number {
  const timeMs = given === undefined ? DEFAULT_TIMEOUT_MS : readDuration(given);
  if (timeMs === undefined) throw new OptionError(`--timeout is "${given}", which is not ${DURATION_FORM}.`);
  return timeMs;
}

/** "FOLDER=s3://BUCKET/PREFIX"; without a place, the files belong into the trial's own bucket. */
function readComparison(given: string | undefined, bucket: string): Comparison | undefined {
  if (given === undefined) return undefined;
  const place = /^(.+?)(?:=s3:\/\/([^/]+)(?:\/(.*))?)?$/.exec(given)!;
  return { folder: place[1]!, bucket: place[2] ?? bucket, prefix: place[3] ?? "" };
}
