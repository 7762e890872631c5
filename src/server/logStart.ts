import type { Logger } from "pino";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { packageVersion } from "./packageVersion.ts";

/** What a server that has started says of where it is. */
export interface StartFacts {
  readonly endpoint: string;
  /** Not there in a server in memory. */
  readonly dataFolder: string | undefined;
}

/** Logs that a server has started: at level info in a line, and at debug what it was told. Named one by one: no secret is among them. */
export function logStart(log: Logger, settings: ServerSettings, { endpoint, dataFolder }: StartFacts): void {
  log.info({ version: packageVersion(), endpoint }, "started");
  log.debug(
    {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      dataFolder,
      durability: settings.durability,
      workers: settings.workers,
      regions: [settings.region].flat(),
      domains: settings.domains,
      isTls: settings.tlsCertificatePath !== undefined,
      trustProxy: settings.trustProxy,
      accessLog: settings.accessLogPath,
      journalSizeBytes: settings.journalSizeBytes,
      defaultEncryption: settings.defaultEncryption,
      keyRing: settings.keyRingPath,
      isVaultUsed: settings.vaultAddress !== undefined,
      users: settings.users.length,
      testClock: settings.testClock,
      faults: settings.faults,
    },
    "settings",
  );
}
