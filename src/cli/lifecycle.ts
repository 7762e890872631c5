import { OptionError } from "../config/OptionError.ts";
import { readTime, TIME_FORM } from "../config/times.ts";
import { findBucket } from "../store/buckets/buckets.ts";
import { NULL_VERSION_ID } from "../store/objects/versionIds.ts";
import type { Store } from "../store/Store.ts";
import { moveTestClock, SHOW, TestClockError } from "../store/testClock.ts";
import type { LifecycleAction, LifecycleEvent, LifecycleProgress } from "../tasks/lifecycle/LifecycleRun.ts";
import { NO_PROGRESS, runLifecycle } from "../tasks/lifecycle/LifecycleRun.ts";
import { chosenAction } from "./actions.ts";
import type { Command } from "./Command.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";
import { withProgress } from "./progress.ts";
import { commandNamed } from "./table/commandTable.ts";

/** Exit code when something could not be done. */
const FAILED_EXIT_CODE = 1;
/** What shells give for a program that SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130;

const COMMAND = commandNamed("lifecycle");

/** What is written for each thing that is done. */
const WORDS: Readonly<Record<LifecycleAction, string>> = {
  deleteObject: "delete",
  addDeleteMarker: "add delete marker",
  removeDeleteMarker: "remove delete marker",
  deleteVersion: "delete version",
  changeClass: "move",
  abortUpload: "abort upload",
};

/** `holdfast lifecycle run`: does what the lifecycles of buckets have due, or tells it, and why. */
export const lifecycle: Command = async (args) => {
  const read = readDataArguments(args, COMMAND);
  const { settings, flags } = read;
  chosenAction(COMMAND, read);
  const isDry = flags.get("dry-run") === "true";
  const isJson = flags.get("json") === "true";
  const atMs = readAt(flags.get("at") as string | undefined);
  if (atMs !== undefined && !isDry) throw new OptionError("What is due at another time can only be told: add --dry-run.");
  const bucket = flags.get("bucket") as string | undefined;
  let progress: LifecycleProgress = NO_PROGRESS;
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  const done = await withProgress(
    () => describe(progress, isDry),
    () =>
      onDataFolder(settings, async (store, { run }) => {
        if (bucket !== undefined && (await findBucket(store, bucket)) === undefined)
          throw new OptionError(`There is no bucket "${bucket}".`);
        const aheadMs = atMs === undefined ? await serversOffset(store, run) : 0;
        return runLifecycle(store, {
          signal: abort.signal,
          isDry,
          bucket,
          clock: () => atMs ?? store.realClock() + aheadMs,
          onPage: (now) => void (progress = now),
          onEvent: (event) => process.stdout.write(isJson ? asJson(event) : asLine(event)),
          onFailure: (what, cause) =>
            process.stderr.write(`${what}: ${cause instanceof Error ? cause.message : String(cause)}\n`),
        });
      }),
  );
  process.stdout.write(isJson ? `${JSON.stringify({ dryRun: isDry, ...done })}\n` : `${describe(done, isDry)}\n`);
  if (abort.signal.aborted) {
    process.stderr.write("Interrupted: more may be due.\n");
    return INTERRUPTED_EXIT_CODE;
  }
  return done.failed === 0 ? 0 : FAILED_EXIT_CODE;
};

function readAt(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const atMs = readTime(given);
  if (atMs === undefined) throw new OptionError(`--at is "${given}", which is not ${TIME_FORM}.`);
  return atMs;
}

/** How far the server on the folder is ahead of real time: 0 for one without a test clock. */
async function serversOffset(store: Store, run: string): Promise<number> {
  try {
    return await moveTestClock(store, run, SHOW);
  } catch (cause) {
    if (cause instanceof TestClockError) return 0;
    throw cause;
  }
}

function asLine({ action, bucket, key, record, uploadId, storageClass, atMs, ruleId }: LifecycleEvent): string {
  const version =
    record === undefined || bucket.versioning === undefined ? "" : ` (version ${record.versionId ?? NULL_VERSION_ID})`;
  const which = uploadId === undefined ? version : ` (upload ${uploadId})`;
  const where = storageClass === undefined ? "" : ` to ${storageClass}`;
  return `${WORDS[action]}  ${bucket.name}  ${key}${which}${where}  due ${new Date(atMs).toISOString()} by rule ${JSON.stringify(ruleId)}\n`;
}

function asJson({ action, bucket, key, record, uploadId, storageClass, atMs, ruleId }: LifecycleEvent): string {
  const versionId = record === undefined || bucket.versioning === undefined ? undefined : (record.versionId ?? NULL_VERSION_ID);
  const sizeBytes = record?.isDeleteMarker === false ? record.sizeBytes : undefined;
  const due = new Date(atMs).toISOString();
  return `${JSON.stringify({ action, bucket: bucket.name, key, versionId, uploadId, sizeBytes, storageClass, due, rule: ruleId })}\n`;
}

function describe({ buckets, looked, actions, failed }: LifecycleProgress, isDry: boolean): string {
  const { deleteObject, addDeleteMarker, removeDeleteMarker, deleteVersion, changeClass, abortUpload } = actions;
  const did = [
    `${deleteObject} objects and ${deleteVersion} versions deleted`,
    `${addDeleteMarker} delete markers added and ${removeDeleteMarker} removed`,
    `${changeClass} moved to another class`,
    `${abortUpload} uploads aborted`,
  ].join(", ");
  const failures = failed === 0 ? "" : `, ${failed} failed`;
  return `${isDry ? "Dry run, nothing was changed: " : ""}${buckets} buckets with a lifecycle, ${looked} objects and uploads looked at: ${did}${failures}`;
}
