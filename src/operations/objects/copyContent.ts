import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import { beginDigest } from "../../protocol/checksums/digests.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { DataKey } from "../../store/encryption/DataKey.ts";
import type { EncryptionWish } from "../../store/encryption/EncryptionWish.ts";
import { layersOf, reseal, seal } from "../../store/encryption/sealing.ts";
import { writeContent } from "../../store/objects/content.ts";
import type { NewObject } from "../../store/objects/KeyHistory.ts";
import type { ObjectTarget } from "../../store/objects/objects.ts";
import { copyObject, putObject } from "../../store/objects/objects.ts";
import type { Encryption } from "../../store/records/Encryption.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { DEFAULT_CHECKSUM_ALGORITHM } from "../headers/checksumMembers.ts";
import type { RequestContext } from "../RequestContext.ts";
import { digestContent } from "./contentDigests.ts";
import { isMd5ETag, newETag } from "./etags.ts";
import { summedContent } from "./summedContent.ts";

/** The copy without what its content says of it: size, ETag, checksum, and how it is encrypted. */
export type Description = Omit<NewObject, "sizeBytes" | "etag" | "checksum" | "partsCount" | "encryption">;

/** What is to be copied, and what is to become of it. */
export interface Copying {
  readonly source: ObjectRecord;
  /** What opens the source's bytes; `undefined` where nothing has to. */
  readonly dataKey: DataKey | undefined;
  readonly target: ObjectTarget;
  readonly described: Description;
  readonly wish: EncryptionWish;
  readonly algorithm: ChecksumAlgorithm | undefined;
}

/**
 * Makes an object of another one's content, which the two then share; where one of them is encrypted and the other not, or in fewer
 * layers, the bytes are written anew. Throws `ContentGoneError`, what the key service throws, and as `copyObject`.
 */
export async function copyContent(context: RequestContext, copying: Copying): Promise<ObjectRecord> {
  return sharesBytes(copying) ? share(context, copying) : writeAnew(context, copying);
}

function sharesBytes({ source: { encryption }, wish }: Copying): boolean {
  if (encryption === undefined || wish.kind === "none") return encryption === undefined && wish.kind === "none";
  return encryption.layers >= layersOf(wish);
}

/** Bytes stay as they are; encrypted ones get their key sealed for the copy. They are read only where a digest is missing. */
async function share(context: RequestContext, copying: Copying): Promise<ObjectRecord> {
  const { source, dataKey, target, described, wish } = copying;
  const { store } = context;
  const encryption = wish.kind === "none" ? undefined : await reseal(store, dataKey!, wish, target);
  const needed = neededDigests(copying, encryption);
  if (needed.missing.length > 0) {
    context.note("reads the source to sum it up", { algorithms: needed.missing, sizeBytes: source.sizeBytes });
  }
  const found = needed.missing.length === 0 ? NONE : await digestContent(context, source, needed.missing, dataKey);
  const object = { ...described, encryption, sizeBytes: source.sizeBytes, partsCount: 0, ...summed(context, needed, found) };
  return copyObject(store, target, object, source);
}

async function writeAnew(context: RequestContext, copying: Copying): Promise<ObjectRecord> {
  const { source, dataKey, target, described, wish } = copying;
  const { store } = context;
  const sealed = await seal(store, wish, target);
  const needed = neededDigests(copying, sealed?.encryption);
  context.note("writes the source's bytes anew", { encryption: wish.kind, sizeBytes: source.sizeBytes });
  const digests = await Promise.all(needed.missing.map(beginDigest));
  try {
    const bytes = summedContent(context, { object: source, start: 0, end: source.sizeBytes, dataKey }, digests);
    const how = { dataKey: sealed?.dataKey, storageClass: described.storageClass };
    const written = await writeContent(store, bytes, context.nowMs, how);
    const found = new Map(needed.missing.map((algorithm, index) => [algorithm, digests[index]!.digest()]));
    const { sizeBytes } = written;
    const encryption = sealed?.encryption;
    const object = { ...described, encryption, sizeBytes, partsCount: 0, ...summed(context, needed, found) };
    return await putObject(store, target, object, written);
  } finally {
    for (const digest of digests) digest.release();
  }
}

type Found = ReadonlyMap<ChecksumAlgorithm, Buffer>;
const NONE: Found = new Map();

/** What is known of the copy's ETag and checksum, and what has to be read for the rest. */
interface NeededDigests {
  readonly encryption: Encryption | undefined;
  readonly keptETag: string | undefined;
  readonly kept: ObjectChecksum | undefined;
  readonly wanted: ChecksumAlgorithm;
  readonly missing: readonly ChecksumAlgorithm[];
}

/**
 * A copy is one piece: where the source was made of parts, its ETag and composite checksum say nothing of the bytes as a whole, and neither
 * does the ETag of what is under keys of KMS or the customer's.
 */
function neededDigests({ source, algorithm }: Copying, encryption: Encryption | undefined): NeededDigests {
  const wanted = algorithm ?? source.checksum?.algorithm ?? DEFAULT_CHECKSUM_ALGORITHM;
  const kept = source.checksum?.type === "FULL_OBJECT" && source.checksum.algorithm === wanted ? source.checksum : undefined;
  const keptETag = source.partsCount === 0 && isMd5ETag(source.encryption) ? source.etag : undefined;
  const missing = new Set<ChecksumAlgorithm>(kept === undefined ? [wanted] : []);
  if (isMd5ETag(encryption) && keptETag === undefined) missing.add("MD5");
  return { encryption, keptETag, kept, wanted, missing: [...missing] };
}

function summed(
  { store }: RequestContext,
  { encryption, keptETag, kept, wanted }: NeededDigests,
  found: Found,
): Pick<ObjectRecord, "etag" | "checksum"> {
  return {
    etag: isMd5ETag(encryption) && keptETag !== undefined ? keptETag : newETag(store, encryption, () => found.get("MD5")!),
    checksum: kept ?? { algorithm: wanted, type: "FULL_OBJECT", value: found.get(wanted)!.toString("base64") },
  };
}
