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
import { writeConditions } from "./writeConditions.ts";

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
    checkKeyLength(input.Key);
    refuseUnbuilt(input, context);
    const storageClass = wantedStorageClass(input.StorageClass);
    const { system, user } = requestedMetadata(input);
    const target = await checkTarget(store, bucket, input.Key, writeConditions(input));
    const algorithm = payload.declared?.algorithm ?? DEFAULT_CHECKSUM_ALGORITHM;
    payload.want("MD5");
    payload.want(algorithm);
    const written = await writeContent(store, payload, context.nowMs);
    const etag = payload.digest("MD5").toString("hex");
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
    };
    await putObject(store, target, object, written);
    return { output: { ETag: `"${etag}"`, ...checksumMembers(checksum) } };
  },
});
