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

/** Bytes of an object on their way to be stored again, seen by the digests. Stops when the client has gone. Throws as `openContent`. */
export async function summedContent(
  context: Pick<RequestContext, "store" | "signal">,
  { object, start, end, dataKey }: OpenedObject,
  digests: readonly Digest[],
): Promise<ContentSource> {
  const { source, sizeBytes } = await openContent(context.store, object, start, end, dataKey);
  async function* bytes(): AsyncGenerator<Piece, void, undefined> {
    for await (const piece of Buffer.isBuffer(source) ? [source] : source) {
      context.signal.throwIfAborted();
      for (const digest of digests) digest.update(lentBytes(piece));
      yield piece;
    }
  }
  return Object.assign(bytes(), { sizeBytes });
}
