import { randomBytes } from "node:crypto";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { newAccessKeyId, newSecretAccessKey } from "../store/accounts/randomNames.ts";
import { createLog, failureLog } from "./log.ts";
import { logStart } from "./logStart.ts";
import { MemoryServer } from "./MemoryServer.ts";
import { renew } from "./renew.ts";
import { requestLog } from "./requests/requestLog.ts";
import type { RunningServer } from "./startServer.ts";

/** A server that keeps everything in memory: what it has of one with a data folder. */
export type RunningMemoryServer = Pick<RunningServer, "endpoint" | "port" | "stopped" | "renew" | "stop"> & {
  readonly firstUser: Omit<RunningServer["firstUser"], "canonicalId">;
};

/** Starts a server in memory for the command, and resolves when it listens. Throws what listening throws (EADDRINUSE …). */
export async function startMemoryServer(settings: ServerSettings): Promise<RunningMemoryServer> {
  const log = await createLog(settings.logLevel);
  const firstUser = settings.firstUser ?? {
    accessKeyId: newAccessKeyId(randomBytes),
    secretAccessKey: newSecretAccessKey(randomBytes),
  };
  const server = await MemoryServer.start(
    { ...settings, firstUser },
    { onFailure: failureLog(log), warn: (facts, what) => log.warn(facts, what), requestLog: requestLog(log) },
  );
  logStart(log, settings, { endpoint: server.endpoint, dataFolder: undefined });
  const { promise: stopped, resolve } = Promise.withResolvers<number>();
  let stopping: Promise<number> | undefined;
  const stop = async (): Promise<number> => {
    await server.stop();
    log.info({ exitCode: 0 }, "stopped");
    resolve(0);
    return 0;
  };
  return {
    endpoint: server.endpoint,
    port: server.port,
    firstUser: { ...firstUser, accountId: server.accountId, state: "usable", created: settings.firstUser === undefined },
    stopped,
    renew: () => renew(settings, log, server),
    stop: () => (stopping ??= stop()),
  };
}
