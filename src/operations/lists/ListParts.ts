import { on } from "../../access/Permission.ts";
import { actingOwnerId } from "../../store/buckets/ownership.ts";
import { findUpload } from "../../store/uploads/multipart.ts";
import { pageOfParts } from "../../store/uploads/uploadPages.ts";
import { partChecksumMembers } from "../headers/checksumMembers.ts";
import { abortMembers } from "../headers/lifecycleHeaders.ts";
import { listLimit, partNumberMarker } from "./listLimit.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/** Most parts a page shows, and how many it shows when nothing is asked. */
const MAX_PARTS_PER_PAGE = 1_000;

/**
 * Lists the parts of an upload under way, by number.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
 */
export const ListParts: Operation<"ListParts"> = operation({
  name: "ListParts",
  permissions: on.object("s3:ListMultipartUploadParts"),
  resource: "object",
  async handle(input, context) {
    const limit = listLimit("max-parts", input.MaxParts, MAX_PARTS_PER_PAGE);
    const afterPartNumber = partNumberMarker(input.PartNumberMarker);
    const upload = await findUpload(context.store, context.bucket, input.Key, input.UploadId);
    const page = await pageOfParts(context.store, upload.uploadId, afterPartNumber, limit);
    const last = page.parts.at(-1);
    return {
      output: {
        ...(await abortMembers(context, upload)),
        Bucket: context.bucket.name,
        Key: upload.key,
        UploadId: upload.uploadId,
        Initiator: { ID: upload.initiatorId, DisplayName: upload.initiatorName },
        Owner: { ID: actingOwnerId(context.bucket, upload) },
        StorageClass: upload.storageClass,
        PartNumberMarker: String(afterPartNumber),
        NextPartNumberMarker: String(last?.partNumber ?? 0),
        MaxParts: limit,
        IsTruncated: page.more,
        ChecksumAlgorithm: upload.checksumAlgorithm,
        ChecksumType: upload.checksumType,
        Parts: page.parts.map((part) => ({
          PartNumber: part.partNumber,
          LastModified: new Date(part.lastModifiedMs),
          ETag: `"${part.etag}"`,
          Size: part.sizeBytes,
          // What S3 sums up of its own accord it keeps to itself until the object is made.
          ...partChecksumMembers(upload.checksumAlgorithm === undefined ? undefined : part.checksum),
        })),
      },
    };
  },
});
