import { join, resolve } from "node:path";
import type { Warn } from "../journal/folder/SegmentWriter.ts";
import { judgeSuspects } from "../tasks/judgeSuspects.ts";
import { runCollector } from "../tasks/collect.ts";
import { DataFolder } from "../store/folder/dataFolder.ts";
import { INDEX_FILE } from "../store/metadata/lmdb/indexFile.ts";
import { FolderWatch } from "../store/folder/FolderWatch.ts";
import type { WriteLockHolder } from "../store/metadata/WriteLockHolder.ts";
import type { Store } from "../store/Store.ts";
import { accountIdOf } from "../store/accounts/accountIds.ts";
import { FIRST_USER_NAME } from "../store/accounts/accountForms.ts";
import type { FirstKey } from "../store/accounts/accounts.ts";
import { addAccount, setKeptKey, stateOf } from "../store/accounts/accounts.ts";
import { takeOverAccounts } from "../store/accounts/takeOver.ts";
import { newAccessKeyId, newSecretAccessKey } from "../store/accounts/randomNames.ts";
import type { Journal } from "../journal/Journal.ts";
import { endpointOf } from "./endpointOf.ts";
import { exposition } from "./figures/exposition.ts";
import type { TlsMaterial } from "./http/tlsMaterial.ts";
import { readTlsMaterial } from "./http/tlsMaterial.ts";
import { FIRST_PROCESS, ownFigures } from "./figures/ProcessFigures.ts";
import { processUse } from "./figures/ProcessUse.ts";
import { createLog, failureLog } from "./log.ts";
import { logStart } from "./logStart.ts";
import { LockWarden } from "./LockWarden.ts";
import { makeBuckets } from "./makeBuckets.ts";
import { openJournal, readJournal } from "./openJournal.ts";
import { closeStore, openStore } from "./openStore.ts";
import { requestLog } from "./requests/requestLog.ts";
import { packageVersion } from "./packageVersion.ts";
import { renew } from "./renew.ts";
import { RequestProcess } from "./RequestProcess.ts";
import { ServerClock } from "./ServerClock.ts";
import { ServerLifecycle } from "./ServerLifecycle.ts";
import { sharedResult } from "./figures/sharedResult.ts";
import { StoreCensus } from "./figures/StoreCensus.ts";
import { readStorageClassFolders } from "../config/storageClassFolders.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { takeTestClock, testClockOffset } from "../store/testClock.ts";
import { ListeningPort } from "./workers/ListeningPort.ts";
import { WorkerPool } from "./workers/WorkerPool.ts";

/** The keys of the first user, and whether they were made just now. */
export interface FirstUser {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Whether the operator has disabled or removed this key, and it opens nothing. */
  readonly state: FirstKey["state"];
  /** Twelve digits: what x-amz-expected-bucket-owner names. */
  readonly accountId: string;
  /** Who owns buckets, in the index: 64 hexadecimal digits. */
  readonly canonicalId: string;
  readonly created: boolean;
}

/** A server that answers requests. */
export interface RunningServer {
  readonly endpoint: string;
  readonly port: number;
  readonly firstUser: FirstUser;
  /** The absolute path of the data folder. */
  readonly dataFolder: string;
  readonly clock: ServerClock;
  /** How far the folder's test clock is ahead of real time, whether the server goes by it or not. */
  readonly testClockAheadMs: number;
  /** The requests it has answered, in all its processes, and those of runs before. */
  readonly journal: Pick<Journal, "find" | "clear">;
  readonly store: Store;
  /** Resolves with the exit code once the server has stopped, whoever asked. */
  readonly stopped: Promise<number>;
  /**
   * Opens the access log anew, and reads certificate and private key again. A pair that cannot be used is logged, and the one before stays. Never
   * rejects.
   */
  renew(): Promise<void>;
  /** Stops accepting, finishes what runs (bounded), releases everything. */
  stop(): Promise<number>;
}

/** What answers the requests of a server: this process, or its workers. */
interface Frontend {
  readonly port: number;
  readonly journal: RunningServer["journal"];
  /** As that of `WorkerPool`. */
  endIfSilent(pid: number | undefined, isInTheWay: () => boolean): Promise<boolean | undefined>;
  /** Opens the access log anew, and shows another certificate, if one is given. */
  renew(tls: TlsMaterial | undefined): Promise<void>;
  /** Requests under way may take this long to finish, in milliseconds. Resolves with whether they could. */
  stop(timeoutMs: number): Promise<boolean>;
}

/**
 * Starts a durable server on a data folder and resolves when it listens; for as long as another process keeps the index's write lock, it
 * waits, and `onLockHeld` hears of it once a second. Throws `DataFolderInUseError`, `DataFolderFormatError`, and what listening throws
 * (EADDRINUSE …).
 */
export async function startServer(
  settings: ServerSettings,
  onLockHeld?: (holder: WriteLockHolder) => void,
): Promise<RunningServer> {
  const log = await createLog(settings.logLevel);
  const classFolders = classFoldersOf(settings);
  const folder = await DataFolder.open(settings.data);
  let store: Store | undefined;
  let frontend: Frontend | undefined;
  const warden = new LockWarden({
    say: ({ pid, heldMs }, what) => log.error({ holderPid: pid, heldMs }, what),
    endIfSilent: async (pid, isInTheWay) => frontend?.endIfSilent(pid, isInTheWay),
  });
  try {
    store = await openStore(folder, {
      ...settings,
      warn: (facts, what) => log.warn(facts, what),
      classFolders,
      onLockHeld: (holder) => {
        onLockHeld?.(holder);
        void warden.judge(holder);
      },
    });
    await takeOverAccounts(store);
    const firstUser = await setUsers(store, folder, settings);
    await makeBuckets(store, settings, firstUser.canonicalId);
    const testClockAheadMs = await (settings.testClock ? takeTestClock(store, folder.run) : testClockOffset(store));
    await folder.noteStore();
    const census = new StoreCensus(store, {
      folders: new Map([[DATA_DISK, folder.path], ...classFolders]),
      onFailure: (what, cause) => log.error({ err: cause }, what),
    });
    frontend = await startFrontend({ store, settings, log, census, folder });
    const endpoint = endpointOf(settings, frontend.port);
    await folder.announce(endpoint);
    logStart(log, settings, { endpoint, dataFolder: folder.path });
    const tasks = startTasks(store, census, settings, log);
    return await runningServer({ settings, log, folder, store, frontend, tasks, firstUser, endpoint, testClockAheadMs });
  } catch (cause) {
    await frontend?.stop(0);
    if (store !== undefined) await closeStore(store);
    folder.close();
    throw cause;
  }
}

/** The first user's keys, from outside or from the folder, and those of the other configured users, as they are to be from now on. */
async function setUsers(store: Store, folder: DataFolder, settings: ServerSettings): Promise<FirstUser> {
  for (const user of settings.users) await addAccount(store, user);
  const given = settings.firstUser;
  if (given !== undefined) {
    const key = await addAccount(store, { name: FIRST_USER_NAME, ...given });
    const { canonicalId } = key;
    return { ...given, accountId: accountIdOf(canonicalId), canonicalId, state: stateOf(key), created: false };
  }
  const kept = await folder.credentials();
  const keys = kept ?? {
    accessKeyId: newAccessKeyId(store.randomBytes),
    secretAccessKey: newSecretAccessKey(store.randomBytes),
  };
  const { canonicalId, state } = await setKeptKey(store, keys, kept === undefined);
  if (kept === undefined) await folder.keepCredentials(keys);
  return { ...keys, accountId: accountIdOf(canonicalId), canonicalId, state, created: kept === undefined };
}

/** What the disk of the data folder is called in figures; no storage class is. */
const DATA_DISK = "data";

type Log = Awaited<ReturnType<typeof createLog>>;

/** What a frontend is made of. */
interface FrontendParts {
  readonly store: Store;
  readonly settings: ServerSettings;
  readonly log: Log;
  readonly census: StoreCensus;
  readonly folder: DataFolder;
}

/** What runs. */
const VERSIONS = { version: packageVersion(), node: process.versions.node };

async function startFrontend({ store, settings, log, census, folder }: FrontendParts): Promise<Frontend> {
  if (settings.workers === 1) {
    const warn: Warn = (facts, what) => log.warn(facts, what);
    const journal = openJournal(folder.path, settings, { warn });
    const running: RequestProcess = await RequestProcess.start(store, settings, {
      onFailure: failureLog(log),
      requestLog: requestLog(log),
      warn,
      journal,
      metricsText: async () => {
        const own = await ownFigures(running, store);
        return exposition({ ...VERSIONS, processes: [own], store: await census.figures([]) });
      },
    });
    return {
      port: running.port,
      journal,
      endIfSilent: async () => undefined,
      renew: (tls) => running.renew(tls),
      stop: (timeoutMs) => running.stop(timeoutMs),
    };
  }
  const metricsText = async (): Promise<string> => {
    const processes = await pool.figures();
    const primary = processUse(FIRST_PROCESS);
    return exposition({ ...VERSIONS, processes, primary, store: await census.figures(processes) });
  };
  const pool: WorkerPool = await WorkerPool.start({
    settings,
    tls: await readTlsMaterial(settings),
    port: await ListeningPort.bind(settings.host, settings.port),
    onWorkerSilent: (pid) => log.error({ workerPid: pid }, "a worker process says nothing any more and is ended"),
    onWorkerLost: (pid, code) => log.error({ workerPid: pid, exitCode: code }, "a worker process died and is replaced"),
    // However many workers ask at the same time.
    metricsText: sharedResult(metricsText, 0),
  });
  return {
    port: pool.port,
    journal: readJournal(folder.path, settings, () => pool.settle()),
    endIfSilent: (pid, isInTheWay) => pool.endIfSilent(pid, isInTheWay),
    renew: async (tls) => pool.renew(tls),
    stop: (timeoutMs) => pool.stop(timeoutMs).then(() => true),
  };
}

/** What runs beside requests; `stop` ends it and waits for its last commit. */
function startTasks(store: Store, census: StoreCensus, settings: ServerSettings, log: Log): { stop(): Promise<void> } {
  const onFailure = (what: string, cause: unknown): void => log.error({ err: cause }, what);
  const abort = new AbortController();
  const { signal } = abort;
  const counted = census.begin(signal).catch((cause: unknown) => {
    onFailure("The blobs of earlier runs could not be counted: there are no figures of blobs", cause);
  });
  const judged = judgeSuspects(store, { signal }).catch((cause: unknown) => {
    onFailure("Orphaned blobs could not be looked for", cause);
  });
  const collecting = runCollector(store, { signal, onFailure });
  const lifecycle = new ServerLifecycle(store, {
    intervalMs: settings.lifecycleRunMs,
    logDeliveryMs: settings.logDeliveryMs,
    onFailure,
    warn: (facts, what) => log.warn(facts, what),
    onRun: (progress) => log.info({ ...progress }, "lifecycle has run"),
  });
  census.lifecycle = lifecycle;
  return {
    async stop() {
      abort.abort();
      await Promise.all([counted, judged, collecting, lifecycle.stop(), census.ended()]);
    },
  };
}

/** The folders of storage classes, by class, as absolute paths. */
function classFoldersOf({ storageClasses }: ServerSettings): ReadonlyMap<string, string> {
  const folders = readStorageClassFolders(storageClasses, "storageClasses");
  return new Map([...folders].map(([name, given]) => [name, resolve(given)]));
}

/** What stays the same folders and files as long as a server runs. */
function watchedPaths({ path, metadataPath, blobsPath }: DataFolder, settings: ServerSettings): readonly string[] {
  const ofClasses = new Set(classFoldersOf(settings).values());
  return [path, metadataPath, join(metadataPath, INDEX_FILE), blobsPath, ...ofClasses];
}

/** What a server ends with when its data folder was taken away. */
const LOST_EXIT_CODE = 1;

interface Parts {
  readonly settings: ServerSettings;
  readonly log: Log;
  readonly folder: DataFolder;
  readonly store: Store;
  readonly frontend: Frontend;
  readonly tasks: { stop(): Promise<void> };
  readonly firstUser: FirstUser;
  readonly endpoint: string;
  readonly testClockAheadMs: number;
}

async function runningServer(parts: Parts): Promise<RunningServer> {
  const { settings, log, folder, store, frontend, tasks, firstUser, endpoint, testClockAheadMs } = parts;
  let stopping: Promise<number> | undefined;
  let resolveStopped!: (code: number) => void;
  const stopped = new Promise<number>((settle) => (resolveStopped = settle));
  const stop = async (code: number, timeoutMs: number): Promise<number> => {
    watch.stop();
    log.debug({ timeoutMs }, "stopping: requests under way are finished");
    const [finished] = await Promise.all([frontend.stop(timeoutMs), tasks.stop()]);
    if (code !== LOST_EXIT_CODE) await closeStore(store, { finished });
    folder.close();
    log.info({ exitCode: code, finished }, "stopped");
    resolveStopped(code);
    return code;
  };
  const onLost = (path: string): void => {
    log.fatal(
      { path },
      "the data folder, or one of a storage class, was removed or replaced under the server: nothing is written any more, and the server stops",
    );
    // Nothing that is still under way could be kept.
    stopping ??= stop(LOST_EXIT_CODE, 0);
  };
  const watch = await FolderWatch.start({ paths: watchedPaths(folder, settings), onLost });
  return {
    endpoint,
    port: frontend.port,
    journal: frontend.journal,
    store,
    firstUser,
    dataFolder: folder.path,
    clock: new ServerClock(() => store, folder.run),
    testClockAheadMs,
    stopped,
    renew: () => renew(settings, log, frontend),
    stop: () => (stopping ??= stop(0, settings.shutdownTimeoutMs)),
  };
}
