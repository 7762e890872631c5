import { on } from "../../access/Permission.ts";
import type { ListMultipartUploadsOutput, MultipartUpload } from "../../protocol/generated/types.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { isUploadIdOf } from "../../store/uploads/multipart.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { UploadRecord } from "../../store/records/UploadRecord.ts";
import type { UploadPage } from "../../store/uploads/uploadPages.ts";
import { pageOfUploads } from "../../store/uploads/uploadPages.ts";
import { actingOwnerId } from "../../store/buckets/ownership.ts";
import { unlessEmpty } from "./listedObjects.ts";
import { listLimit } from "./listLimit.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { urlEncoder } from "./listEncoding.ts";

/** Most uploads a page shows, and how many it shows when nothing is asked. */
const MAX_UPLOADS_PER_PAGE = 1_000;

/**
 * Lists the uploads under way in a bucket, by key and then by time of initiation.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
 */
export const ListMultipartUploads: Operation<"ListMultipartUploads"> = operation({
  name: "ListMultipartUploads",
  permissions: on.bucket("s3:ListBucketMultipartUploads"),
  resource: "bucket",
  async handle(input, context) {
    const encode = urlEncoder(input.EncodingType);
    const limit = listLimit("max-uploads", input.MaxUploads, MAX_UPLOADS_PER_PAGE);
    const keyMarker = input.KeyMarker ?? "";
    // S3 ignores an upload-id-marker without a key-marker.
    const uploadIdMarker = keyMarker === "" ? "" : (input.UploadIdMarker ?? "");
    checkUploadIdMarker(context.bucket, keyMarker, uploadIdMarker);
    const plan = {
      prefix: input.Prefix ?? "",
      delimiter: input.Delimiter ?? "",
      afterKey: keyMarker,
      afterUploadId: uploadIdMarker,
      limit,
    };
    const page = await pageOfUploads(context.store, context.bucket, plan);
    const output: ListMultipartUploadsOutput = {
      Bucket: context.bucket.name,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: uploadIdMarker,
      ...nextMarkers(page, encode),
      Prefix: unlessEmpty(plan.prefix, encode),
      Delimiter: unlessEmpty(plan.delimiter, encode),
      EncodingType: input.EncodingType,
      MaxUploads: limit,
      IsTruncated: page.more,
      Uploads: page.items.flatMap((item) => ("upload" in item ? [listedUpload(context.bucket, item.upload, encode)] : [])),
      CommonPrefixes: page.items.flatMap((item) => ("commonPrefix" in item ? [{ Prefix: encode(item.commonPrefix) }] : [])),
    };
    return { output };
  },
});

/** S3 looks at the id alone: an upload that has ended meanwhile is a marker as good as any. */
function checkUploadIdMarker(bucket: BucketRecord, keyMarker: string, marker: string): void {
  if (marker === "" || isUploadIdOf(bucket, keyMarker, marker)) return;
  throw invalidArgument("upload-id-marker", marker, {
    message: "Invalid uploadId marker",
    explanation:
      `upload-id-marker is ${quoted(marker)}, no upload id of the key in key-marker, ${quoted(keyMarker)}; send the NextKeyMarker and ` +
      "NextUploadIdMarker of the page before.",
  });
}

/** Where the next page begins; without one, S3 names the last upload shown. */
function nextMarkers(
  { items, more }: UploadPage,
  encode: (text: string) => string,
): Pick<ListMultipartUploadsOutput, "NextKeyMarker" | "NextUploadIdMarker"> {
  const last = more ? items.at(-1) : items.findLast((item) => "upload" in item);
  if (last === undefined) return { NextKeyMarker: "", NextUploadIdMarker: "" };
  if ("commonPrefix" in last) return { NextKeyMarker: encode(last.commonPrefix), NextUploadIdMarker: "" };
  return { NextKeyMarker: encode(last.upload.key), NextUploadIdMarker: last.upload.uploadId };
}

function listedUpload(bucket: BucketRecord, upload: UploadRecord, encode: (text: string) => string): MultipartUpload {
  return {
    UploadId: upload.uploadId,
    Key: encode(upload.key),
    Initiated: new Date(upload.initiatedAtMs),
    StorageClass: upload.storageClass,
    Owner: { ID: actingOwnerId(bucket, upload) },
    Initiator: { ID: upload.initiatorId, DisplayName: upload.initiatorName },
    ChecksumAlgorithm: upload.checksumAlgorithm,
    ChecksumType: upload.checksumType,
  };
}
