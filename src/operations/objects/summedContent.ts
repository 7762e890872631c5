import type { Digest } from "../../protocol/checksums/digests.ts";
import type { Piece } from "../../protocol/Payload.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import type { DataKey } from "../../store/encryption/DataKey.ts";
import type { ContentSource } from "../../store/objects/content.ts";
import { openContent } from "../../store/objects/content.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { RequestContext } from "../RequestContext.ts";

/** Which bytes of an object are on their way, and what opens them. */
export interface OpenedObject {
  readonly object: ObjectRecord;
  readonly start: number;
  readonly end: number;
  readonly dataKey: DataKey | undefined;
}

/**
 * Bytes of an object on their way to be stored again, seen by the digests. They are opened when they are asked for, so that nothing is held where
 * there is no room for them. Stops when the client has gone. Fails as `openContent`.
 */
export function summedContent(
  context: Pick<RequestContext, "store" | "signal">,
  { object, start, end, dataKey }: OpenedObject,
  digests: readonly Digest[],
): ContentSource {
  async function* bytes(): AsyncGenerator<Piece, void, undefined> {
    const { source } = await openContent(context.store, object, start, end, dataKey);
    for await (const piece of Buffer.isBuffer(source) ? [source] : source) {
      context.signal.throwIfAborted();
      for (const digest of digests) digest.update(lentBytes(piece));
      yield piece;
    }
  }
  return Object.assign(bytes(), { sizeBytes: end - start });
}
