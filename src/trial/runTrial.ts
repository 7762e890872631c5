import { spawn } from "node:child_process";
import { once } from "node:events";
import type { FaultRule, Scenario } from "../faults/FaultRule.ts";
import { Holdfast } from "../index.ts";
import { callsOf } from "./calls.ts";
import { judge } from "./judge.ts";
import type { Comparison } from "./leftBehind.ts";
import { differencesOf, leftBehind } from "./leftBehind.ts";
import type { TrialResult } from "./Trial.ts";
import type { TrialEndpoint } from "./TrialClient.ts";
import { TrialClient } from "./TrialClient.ts";

/** A command that is to be ended has so long to end by itself. */
const END_GRACE_MS = 5_000;

/** The command cannot be started; the message says why. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** What is tried, and how. */
export interface TrialOptions {
  readonly scenario: Scenario;
  /** Buckets that are there when the command begins; the first one is told to it. */
  readonly buckets: readonly string[];
  readonly comparison?: Comparison | undefined;
  readonly timeoutMs: number;
  /** The command and its arguments, in which {endpoint}, {host}, {bucket}, {region}, {access-key} and {secret-key} stand for what they say. */
  readonly command: readonly string[];
  /** Where the command's standard output goes. */
  readonly output: "stdout" | "stderr";
  /** What the command finds in its environment beside the store. */
  readonly environment: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

/** Runs a command against a fresh store in memory that fails as a scenario says, and judges how it took that. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  await using holdfast = await Holdfast.start({ faults: true });
  const target = holdfast.clientConfig();
  const client = new TrialClient(target, options.clock);
  for (const bucket of options.buckets) await client.createBucket(bucket);
  const prepared = (await holdfast.requests()).length;
  const rules = await applyScenario(holdfast, options.scenario);
  const startedAtMs = options.clock();
  const end = await runCommand(options, target);
  const milliseconds = options.clock() - startedAtMs;
  const records = (await holdfast.requests()).slice(prepared);
  const planned = await holdfast.faults.list();
  // What follows only looks.
  await holdfast.faults.clear();
  return {
    scenario: options.scenario.name,
    command: options.command,
    ...end,
    milliseconds,
    judgement: judge(callsOf(records, new Map(rules.map((rule) => [rule.id, rule])))),
    struck: planned.map(({ id, struck }) => ({ id, struck })),
    left: await leftBehind(client),
    differences: options.comparison === undefined ? undefined : await differencesOf(client, options.comparison),
  };
}

async function applyScenario(holdfast: Holdfast, { rules }: Scenario): Promise<readonly FaultRule[]> {
  await holdfast.faults.clear();
  return holdfast.faults.add(rules.map(({ id, ...rule }) => (id === undefined ? rule : { id, ...rule })));
}

async function runCommand(
  { command, buckets, environment, output, signal, timeoutMs }: TrialOptions,
  target: TrialEndpoint,
): Promise<Pick<TrialResult, "exitCode" | "timedOut">> {
  const { endpoint, region, credentials } = target;
  const places: Readonly<Record<string, string>> = {
    endpoint,
    host: new URL(endpoint).host,
    bucket: buckets[0]!,
    region,
    "access-key": credentials.accessKeyId,
    "secret-key": credentials.secretAccessKey,
  };
  const [name = "", ...given] = command.map((word) =>
    word.replace(/\{([a-z-]+)\}/g, (whole, place: string) => places[place] ?? whole),
  );
  // A group of its own, so that what the command starts ends with it.
  const child = spawn(name, given, {
    stdio: ["inherit", output === "stdout" ? "inherit" : 2, "inherit"],
    env: environmentOf(target, buckets[0]!, environment),
    detached: true,
  });
  const endGroup = (kind: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, kind);
    } catch {
      // It has ended by itself.
    }
  };
  let timedOut = false;
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    endGroup("SIGTERM");
    killing = setTimeout(() => endGroup("SIGKILL"), END_GRACE_MS);
  };
  const timer = setTimeout(() => {
    timedOut = true;
    stop();
  }, timeoutMs);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [failure] = await Promise.race([once(child, "spawn").then(() => []), once(child, "error")]);
    if (failure !== undefined) throw new CommandError(`${name} cannot be run: ${(failure as Error).message}.`);
    const [exitCode] = (await once(child, "close")) as [number | null];
    return { exitCode: exitCode ?? undefined, timedOut };
  } finally {
    clearTimeout(timer);
    clearTimeout(killing);
    signal.removeEventListener("abort", stop);
    endGroup("SIGKILL");
  }
}

/** Where SDKs and tools look for a store and for keys; what could lead them elsewhere is taken away. */
function environmentOf(
  { endpoint, region, credentials }: TrialEndpoint,
  bucket: string,
  { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...inherited }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...inherited,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
    HOLDFAST_ENDPOINT: endpoint,
    HOLDFAST_BUCKET: bucket,
  };
}
