import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkAccessLog } from "../config/checkAccessLog.ts";
import { checkTlsFiles } from "../config/checkTlsFiles.ts";
import { checkVaultFiles } from "../config/checkVault.ts";
import { loadSettings, SETTING_FLAGS } from "../config/loadSettings.ts";
import { readArguments } from "../config/readArguments.ts";
import { ProcessMemory } from "../server/ProcessMemory.ts";
import type { RunningServer } from "../server/startServer.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { WriteLockHolder } from "../store/metadata/WriteLockHolder.ts";
import { describeHolder } from "../store/metadata/WriteLockHolder.ts";
import type { Command } from "./Command.ts";
import { describeOffset, describeTestClock } from "./describeClock.ts";
import { withProgress } from "./progress.ts";

/** A server that has not ended this long after its requests had to does not wait for its commits any longer; its workers are ended first. */
const GIVE_UP_AFTER_MS = 10_000;

/** `holdfast serve`: runs a server until a signal ends it. */
export const serve: Command = async (args) => {
  // A server that is starting reads everything anyway.
  let renew = async (): Promise<void> => undefined;
  process.on("SIGHUP", () => void renew());
  const readFile = (path: string): string => readFileSync(path, "utf8");
  const { flags } = readArguments(args, SETTING_FLAGS);
  const settings = loadSettings({ flags, environment: process.env, readFile });
  checkTlsFiles(settings, readFile);
  checkVaultFiles(settings, readFile);
  checkAccessLog(settings);
  const { startServer } = await import("../server/startServer.ts");
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(0);
  let holder: WriteLockHolder | undefined;
  const server = await withProgress(
    () => `Starting on ${settings.data} … ${seconds()} s${holder?.isHolding() === true ? `: ${describeHolder(holder)}` : ""}`,
    () => startServer(settings, (seen) => (holder = seen)),
  );
  // Not before: until then these signals end the process by themselves, whatever its start waits for, and nothing has been acknowledged.
  const signalled = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  renew = () => server.renew();
  ProcessMemory.keepSmall();
  process.stdout.write(announcement(server, settings));
  void signalled.then(() => {
    process.stderr.write("Stopping: requests under way are finished.\n");
    setTimeout(giveUp, settings.shutdownTimeoutMs + GIVE_UP_AFTER_MS).unref();
    return server.stop();
  });
  const code = await server.stopped;
  // Workers' channels and the log's stream may outlive the last commit by a moment; nothing waits for them.
  process.exit(code);
};

/** The last commits wait for a disk that does not answer, or for a lock that another process keeps. What they hold was not acknowledged. */
function giveUp(): void {
  process.stderr.write("Stopped without the last commits, which could not be finished.\n");
  process.exit(1);
}

/** Hosts that only this machine reaches. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/i;

function announcement(server: RunningServer, settings: ServerSettings): string {
  const { accessKeyId, secretAccessKey, accountId, created, state } = server.firstUser;
  const isUsable = state === "usable";
  const where = settings.firstUser === undefined ? join(server.dataFolder, "credentials.json") : "HOLDFAST_SECRET_ACCESS_KEY";
  const regions = [settings.region].flat();
  const lines = [
    `Holdfast listens on ${server.endpoint}`,
    "",
    `  ${regions.length > 1 ? "regions" : "region "}       ${regions.join(", ")}`,
    `  access key    ${accessKeyId}${isUsable ? "" : `   (${state}; holdfast user list shows the others)`}`,
    `  secret key    ${created ? `${secretAccessKey}   (shown this once; kept in ${where})` : `in ${where}`}`,
    `  account id    ${accountId}`,
    `  data folder   ${server.dataFolder}`,
    `  durability    ${settings.durability}`,
    `  workers       ${settings.workers}`,
    ...clockLines(server, settings),
  ];
  if (!LOOPBACK.test(settings.host))
    lines.push("", `  Open to the network: whoever reaches ${settings.host} can send requests, signed ones included.`);
  if (isUsable)
    lines.push("", "To use it with the AWS CLI:", "", ...exports(server, settings, created ? secretAccessKey : undefined));
  lines.push("");
  return `${lines.join("\n")}\n`;
}

/** What there is to know of time, where it is not simply real. */
function clockLines({ testClockAheadMs }: RunningServer, { testClock }: ServerSettings): string[] {
  if (testClock) return [`  test clock    ${describeTestClock(testClockAheadMs)}   (holdfast clock moves it)`];
  if (testClockAheadMs === 0) return [];
  const offset = describeOffset(testClockAheadMs);
  return ["", `  Real time counts: the folder's test clock is ${offset}, and is left alone without --test-clock.`];
}

/** Lines to paste into a shell. A secret that was shown before is read from where it is kept. */
function exports(server: RunningServer, settings: ServerSettings, secret: string | undefined): string[] {
  const reading = `$(sed -n 's/.*"secretAccessKey": "\\(.*\\)".*/\\1/p' '${join(server.dataFolder, "credentials.json")}')`;
  const shown = secret ?? (settings.firstUser === undefined ? `"${reading}"` : '"$HOLDFAST_SECRET_ACCESS_KEY"');
  return [
    `  export AWS_ACCESS_KEY_ID=${server.firstUser.accessKeyId} AWS_SECRET_ACCESS_KEY=${shown}`,
    `  export AWS_DEFAULT_REGION=${[settings.region].flat()[0]} AWS_ENDPOINT_URL=${server.endpoint}`,
    `  aws --endpoint-url ${server.endpoint} s3 mb s3://first-bucket`,
  ];
}
