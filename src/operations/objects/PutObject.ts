import { writePermissions } from "./permissions.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import { writeContent } from "../../store/objects/content.ts";
import { checkTarget, putObject } from "../../store/objects/objects.ts";
import { checksumMembers, DEFAULT_CHECKSUM_ALGORITHM } from "../headers/checksumMembers.ts";
import { checkKeyLength } from "./keyLength.ts";
import { requestedMetadata } from "../headers/objectMetadata.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { wantedStorageClass } from "./storageClasses.ts";
import { refuseUnbuilt } from "../headers/unbuilt.ts";
import { wantedOwner } from "../headers/objectOwner.ts";
import { refuseBlockedKey, wantedEncryption } from "../headers/wantedEncryption.ts";
import { writtenEncryption } from "../headers/encryptionMembers.ts";
import { seal } from "../../store/encryption/sealing.ts";
import { isMd5ETag, newETag } from "./etags.ts";
import { writeConditions } from "./writeConditions.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";
import { taggingHeader } from "../headers/taggingHeader.ts";
import { requireChecksum, wantedLock } from "../headers/lockHeaders.ts";
import { shownExpiration } from "../headers/lifecycleHeaders.ts";

/**
 * Stores an object. Its bytes are stored and verified first; one commit then makes them the object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export const PutObject: Operation<"PutObject"> = operation({
  name: "PutObject",
  permissions: writePermissions,
  resource: "object",
  async handle(input, context) {
    const { store, payload } = context;
    const bucket = context.bucket;
    context.logObjectSize(payload.sizeBytes);
    checkKeyLength(input.Key);
    await refuseBlockedKey(input, context, "s3:PutObject");
    refuseUnbuilt(input, context);
    const owned = await wantedOwner(input, context, "s3:PutObject");
    const lock = wantedLock(input, context.bucket);
    requireChecksum(lock, bucket, input.ContentMD5 !== undefined || payload.declared !== undefined, "Object");
    const storageClass = wantedStorageClass(input.StorageClass);
    const { system, user } = requestedMetadata(input);
    const wish = await wantedEncryption(input, context);
    const target = await checkTarget(store, bucket, input.Key, writeConditions(input), context.nowMs);
    const sealed = await seal(store, wish, target);
    const algorithm = payload.declared?.algorithm ?? DEFAULT_CHECKSUM_ALGORITHM;
    if (isMd5ETag(sealed?.encryption)) payload.want("MD5");
    payload.want(algorithm);
    const written = await writeContent(store, payload, context.nowMs, { dataKey: sealed?.dataKey, storageClass });
    // A form's file was only known not to be larger.
    context.logObjectSize(written.sizeBytes);
    const encryption = sealed?.encryption;
    const etag = newETag(store, encryption, () => payload.digest("MD5"));
    const checksum: ObjectChecksum = { algorithm, type: "FULL_OBJECT", value: payload.digest(algorithm).toString("base64") };
    const object = {
      lastModifiedMs: context.nowMs,
      sizeBytes: written.sizeBytes,
      etag,
      storageClass,
      checksum,
      system,
      user,
      partsCount: 0,
      encryption,
      ...lock,
      ...owned,
      tags: taggingHeader(input.Tagging),
    };
    const version = await putObject(store, target, object, written);
    const output = {
      ETag: `"${etag}"`,
      Expiration: await shownExpiration(context, input.Key, object),
      ...checksumMembers(checksum),
      VersionId: shownVersionId(bucket, version),
      ...writtenEncryption(encryption),
    };
    return { output, lastModifiedMs: context.nowMs };
  },
});
