import { once } from "node:events";
import { readFileSync } from "node:fs";
import { checkAccessLog } from "../config/checkAccessLog.ts";
import { checkTlsFiles } from "../config/checkTlsFiles.ts";
import { checkVaultFiles } from "../config/checkVault.ts";
import { loadSettings, SECRET_KEY_FLAG, SETTING_FLAGS } from "../config/loadSettings.ts";
import { readArguments } from "../config/readArguments.ts";
import { ProcessMemory } from "../server/ProcessMemory.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { WriteLockHolder } from "../store/metadata/WriteLockHolder.ts";
import { describeHolder } from "../store/metadata/WriteLockHolder.ts";
import type { StartedServer } from "./announcement.ts";
import { announcement } from "./announcement.ts";
import type { Command } from "./Command.ts";
import { withProgress } from "./progress.ts";
import { ReadyFile } from "./readyFile.ts";

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
  const readyFile = ReadyFile.prepare(settings);
  const server = await (settings.memory ? startInMemory(settings) : startOnFolder(settings));
  // Not before: until then these signals end the process by themselves, whatever its start waits for, and nothing has been acknowledged.
  const ends = [once(process, "SIGTERM"), once(process, "SIGINT"), ...(settings.untilStdinEnds ? [stdinEnds()] : [])];
  renew = () => server.renew();
  ProcessMemory.keepSmall();
  await tell(server, () => readyFile?.write(server, settings));
  process.stdout.write(announcement(server, settings, settings.memory && flags.has(SECRET_KEY_FLAG)));
  void Promise.race(ends).then(() => {
    readyFile?.remove();
    process.stderr.write("Stopping: requests under way are finished.\n");
    setTimeout(giveUp, settings.shutdownTimeoutMs + GIVE_UP_AFTER_MS).unref();
    return server.stop();
  });
  const code = await server.stopped;
  readyFile?.remove();
  // Workers' channels and the log's stream may outlive the last commit by a moment; nothing waits for them.
  process.exit(code);
};

/** Says that a server listens; one that cannot say so where it was asked to is stopped. */
async function tell(server: StartedServer, say: () => void): Promise<void> {
  try {
    say();
  } catch (cause) {
    await server.stop();
    throw cause;
  }
}

/** The engines that a server needs are loaded for it alone. */
async function startInMemory(settings: ServerSettings): Promise<StartedServer> {
  const { startMemoryServer } = await import("../server/startMemoryServer.ts");
  return await startMemoryServer(settings);
}

async function startOnFolder(settings: ServerSettings): Promise<StartedServer> {
  const { startServer } = await import("../server/startServer.ts");
  const startedAt = performance.now();
  const seconds = (): string => ((performance.now() - startedAt) / 1000).toFixed(0);
  let holder: WriteLockHolder | undefined;
  return await withProgress(
    () => `Starting on ${settings.data} … ${seconds()} s${holder?.isHolding() === true ? `: ${describeHolder(holder)}` : ""}`,
    () => startServer(settings, (seen) => (holder = seen)),
  );
}

/** Resolves when nobody can write to standard input any more: whoever held the other end of a pipe has closed it, or has ended. */
async function stdinEnds(): Promise<void> {
  process.stdin.resume();
  // What is still said to somebody who has gone is not heard, and harms nothing.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  await Promise.race([once(process.stdin, "end"), once(process.stdin, "close")]).catch(() => undefined);
}

/** The last commits wait for a disk that does not answer, or for a lock that another process keeps. What they hold was not acknowledged. */
function giveUp(): void {
  process.stderr.write("Stopped without the last commits, which could not be finished.\n");
  process.exit(1);
}
