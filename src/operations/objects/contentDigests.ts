import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import { beginDigest } from "../../protocol/checksums/digests.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import { openContent } from "../../store/objects/content.ts";
import type { DataKey } from "../../store/encryption/DataKey.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { RequestContext } from "../RequestContext.ts";

/**
 * Digests of an object's stored bytes, read once for all algorithms. Stops when the client has gone.
 * Throws `ContentGoneError` when the object was overwritten meanwhile (read it again), and as `openContent`.
 */
export async function digestContent(
  context: Pick<RequestContext, "store" | "signal">,
  object: ObjectRecord,
  algorithms: readonly ChecksumAlgorithm[],
  dataKey: DataKey | undefined,
): Promise<ReadonlyMap<ChecksumAlgorithm, Buffer>> {
  const digests = await Promise.all(algorithms.map(beginDigest));
  try {
    const { source } = await openContent(context.store, object, 0, object.sizeBytes, dataKey);
    for await (const piece of Buffer.isBuffer(source) ? [source] : source) {
      context.signal.throwIfAborted();
      for (const digest of digests) digest.update(lentBytes(piece));
    }
    return new Map(algorithms.map((algorithm, index) => [algorithm, digests[index]!.digest()]));
  } catch (failure) {
    for (const digest of digests) digest.release();
    throw failure;
  }
}
