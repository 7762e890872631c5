import type { DamagedObject, ScrubProgress } from "../tasks/scrub.ts";
import { scrub as scrubStore } from "../tasks/scrub.ts";
import type { Command } from "./Command.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";
import { withProgress } from "./progress.ts";
import { commandNamed } from "./table/commandTable.ts";

/** Exit code when something is damaged. */
const DAMAGED_EXIT_CODE = 1;
/** What shells give for a program that SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130;

/** `holdfast scrub`: reads every stored byte, compares every checksum, and names what is damaged. Changes nothing. */
export const scrub: Command = async (args) => {
  const { settings } = readDataArguments(args, commandNamed("scrub"));
  let progress: ScrubProgress = { buckets: 0, objects: 0, parts: 0, sizeBytes: 0, damaged: 0 };
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  const done = await withProgress(
    () => describe(progress),
    () =>
      onDataFolder(settings, (store) =>
        scrubStore(store, {
          signal: abort.signal,
          onProgress: (now) => (progress = now),
          onDamage: ({ object, problems }) => process.stdout.write(`DAMAGED  ${placeOf(object)}${problems.join("; ")}\n`),
        }),
      ),
  );
  process.stdout.write(`${describe(done)}\n`);
  if (abort.signal.aborted) {
    process.stderr.write("Interrupted: what was not compared may be damaged too.\n");
    return INTERRUPTED_EXIT_CODE;
  }
  return done.damaged === 0 ? 0 : DAMAGED_EXIT_CODE;
};

function placeOf(object: DamagedObject | undefined): string {
  if (object === undefined) return "";
  const { bucket, key, versionId, part } = object;
  const version = versionId === undefined ? "" : ` (version ${versionId})`;
  return `${bucket}  ${key}${part === undefined ? version : ` (part ${part.partNumber} of upload ${part.uploadId})`}  `;
}

function describe({ objects, parts, sizeBytes, damaged }: ScrubProgress): string {
  return `${objects} objects and ${parts} parts, ${(sizeBytes / 1024 ** 2).toFixed(1)} MiB compared, ${damaged} damaged`;
}
