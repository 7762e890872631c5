import type { BlobId } from "../store/blobs/BlobEngine.ts";
import { deadBlobRow, namedBlobRow } from "../store/records/blobRows.ts";
import { perhaps } from "../store/records/Row.ts";
import type { Store } from "../store/Store.ts";
import { readRows } from "../store/transact.ts";

/** Suspects looked up together. */
const BATCH_SUSPECTS = 256;

/** What start-up found among the blobs of runs that were cut short. */
export interface Verdict {
  readonly judged: number;
  readonly orphansRemoved: number;
}

/** How suspects are judged. */
export interface JudgeOptions {
  readonly signal: AbortSignal;
  /** Judges every blob, not only those of runs that were cut short. Only when nothing is being written, by any process. */
  readonly all?: boolean;
}

/**
 * Removes the blobs that a run which was cut short left without a commit. Safe beside requests: blobs of the present run are not
 * suspects, and no commit names an earlier run's blob that none names now. An abort leaves the rest to the next start.
 */
export async function judgeSuspects(store: Store, options: JudgeOptions): Promise<Verdict> {
  let judged = 0;
  let orphansRemoved = 0;
  let batch: BlobId[] = [];
  const judgeBatch = async (): Promise<void> => {
    for (const orphan of await orphans(store, batch)) {
      await store.blobs.remove(orphan);
      orphansRemoved++;
    }
    judged += batch.length;
    batch = [];
  };
  for await (const id of store.blobs.suspects({ all: options.all === true })) {
    batch.push(id);
    if (batch.length === BATCH_SUSPECTS) await judgeBatch();
    if (options.signal.aborted) return { judged, orphansRemoved };
  }
  await judgeBatch();
  await store.blobs.suspectsJudged();
  return { judged, orphansRemoved };
}

/** Those that are neither named nor dead; the dead are the collector's, who knows of their readers. */
async function orphans(store: Store, blobs: readonly BlobId[]): Promise<BlobId[]> {
  // What a queued row says does not matter, nor whether it can be read.
  const { named, dead } = await readRows(store, {
    named: blobs.map(namedBlobRow),
    dead: blobs.map((blob) => perhaps(deadBlobRow(blob))),
  });
  return blobs.filter((_, index) => named[index] === undefined && dead[index] === undefined);
}
