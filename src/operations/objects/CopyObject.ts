import { writePermissions } from "./permissions.ts";
import type { CopyObjectRequest } from "../../protocol/generated/types.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import { withFreshContent } from "../../store/objects/content.ts";
import { checkTarget } from "../../store/objects/objects.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectRecord, Tag } from "../../store/records/ObjectRecord.ts";
import { checksumMembers } from "../headers/checksumMembers.ts";
import { copyContent } from "./copyContent.ts";
import type { CopySource } from "./copySource.ts";
import { MAX_COPY_SIZE_BYTES, parseCopySource, sourceBucket, sourceObject, sourcePermissions } from "./copySource.ts";
import { checkKeyLength } from "./keyLength.ts";
import { requestedMetadata, websiteRedirectLocation } from "../headers/objectMetadata.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext } from "../RequestContext.ts";
import { wantedStorageClass } from "./storageClasses.ts";
import { refuseUnbuilt } from "../headers/unbuilt.ts";
import { sentSourceKey } from "../headers/customerKey.ts";
import { writtenEncryption } from "../headers/encryptionMembers.ts";
import { refuseBlockedKey, wantedEncryption } from "../headers/wantedEncryption.ts";
import { dataKeyOf } from "./readKeys.ts";
import { wantedOwner } from "../headers/objectOwner.ts";
import { writeConditions } from "./writeConditions.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";
import { taggingHeader } from "../headers/taggingHeader.ts";
import { wantedLock } from "../headers/lockHeaders.ts";
import { shownExpiration } from "../headers/lifecycleHeaders.ts";

/**
 * Makes an object of another one's content, which the two then share: bytes are read only where a digest is missing, and written only where the
 * copy is encrypted and the source is not, or the other way round.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export const CopyObject: Operation<"CopyObject"> = operation({
  name: "CopyObject",
  permissions: (sent) => [...writePermissions(sent), ...sourcePermissions(sent)],
  resource: "object",
  anonymousRefusal: "Anonymous users cannot copy objects. Please authenticate.",
  keepsConnectionAlive: true,
  async handle(input, context) {
    checkKeyLength(input.Key);
    await refuseBlockedKey(input, context, "s3:CopyObject");
    refuseRange(input.Range);
    const source = parseCopySource(input.CopySource);
    refuseUnbuilt(input, context);
    const owned = await wantedOwner(input, context, "s3:CopyObject");
    const lock = wantedLock(input, context.bucket);
    const sourceKey = sentSourceKey(input, context);
    const wish = await wantedEncryption(input, context);
    const storageClass = wantedStorageClass(input.StorageClass);
    const metadata = replacesMetadata(input) ? requestedMetadata(input) : undefined;
    const tags = input.TaggingDirective === "REPLACE" ? taggingHeader(input.Tagging) : undefined;
    const from = await sourceBucket(context, source);
    refuseCopyOntoItself(input, source, from, context.bucket);
    const target = await checkTarget(context.store, context.bucket, input.Key, writeConditions(input), context.nowMs);
    return withFreshContent(async () => {
      const object = await sourceObject(context, from, source, input, "REST.COPY.OBJECT_GET");
      context.logObjectSize(object.sizeBytes);
      checkSize(object);
      const described = {
        ...(metadata ?? keptMetadata(object, input)),
        storageClass,
        lastModifiedMs: context.nowMs,
        ...lock,
        ...owned,
        tags: tags ?? (await copiedTags(context, from, source, object, input.Key)),
      };
      const dataKey = await dataKeyOf(context, object, { bucket: from, key: source.key }, sourceKey);
      const algorithm = input.ChecksumAlgorithm as ChecksumAlgorithm | undefined;
      const version = await copyContent(context, {
        source: object,
        dataKey,
        target,
        described,
        wish,
        algorithm,
      });
      const LastModified = new Date(context.nowMs);
      return {
        output: {
          CopyObjectResult: { ETag: `"${version.etag}"`, LastModified, ...checksumMembers(version.checksum) },
          Expiration: await shownExpiration(context, input.Key, version),
          CopySourceVersionId: shownVersionId(from, object),
          VersionId: shownVersionId(context.bucket, version),
          ...writtenEncryption(version.encryption),
        },
      };
    });
  },
});

function replacesMetadata(input: CopyObjectRequest): boolean {
  return input.MetadataDirective === "REPLACE";
}

/** Everything stays, but a website redirect belongs to one object: it must be sent anew. */
function keptMetadata(source: ObjectRecord, input: CopyObjectRequest): Pick<ObjectRecord, "system" | "user"> {
  const { websiteRedirectLocation: _left, ...system } = source.system;
  const redirect = websiteRedirectLocation(input.WebsiteRedirectLocation);
  return { system: redirect === undefined ? system : { ...system, websiteRedirectLocation: redirect }, user: source.user };
}

/** The tags of a source, which come along; whoever copies them reads and writes them, too. Throws AccessDenied. */
async function copiedTags(
  context: BucketContext,
  from: BucketRecord,
  { key, versionId }: CopySource,
  { tags }: ObjectRecord,
  to: string,
): Promise<readonly Tag[]> {
  if (tags.length === 0) return tags;
  const read = versionId === undefined ? "s3:GetObjectTagging" : "s3:GetObjectVersionTagging";
  const explanation = (action: string): string => `The source has tags, which a copy takes along, and you may not (${action}).`;
  await context.require({ action: read, bucket: from, key, versionId, explanation: explanation(read) });
  const write = "s3:PutObjectTagging";
  await context.require({ action: write, bucket: context.bucket, key: to, ofNewObject: true, explanation: explanation(write) });
  return tags;
}

function refuseRange(range: string | undefined): void {
  if (range === undefined) return;
  throw invalidArgument("Range", range, {
    message: "RANGE is not supported in Copy!",
    explanation: `Range is ${quoted(range)}; CopyObject copies whole objects, and UploadPartCopy a range by x-amz-copy-source-range.`,
  });
}

/** Throws InvalidRequest for a copy that would change nothing. */
function refuseCopyOntoItself(input: CopyObjectRequest, source: CopySource, from: BucketRecord, to: BucketRecord): void {
  if (from.id !== to.id || source.key !== input.Key || replacesMetadata(input)) return;
  // To bring an older version back is what it is for.
  if (source.versionId !== undefined && to.versioning !== undefined) return;
  const changes = [
    ...[input.StorageClass, input.WebsiteRedirectLocation, input.ChecksumAlgorithm],
    ...[input.ServerSideEncryption, input.SSECustomerAlgorithm, input.CopySourceSSECustomerAlgorithm],
  ];
  if (changes.some((change) => change !== undefined)) return;
  throw new S3Error("InvalidRequest", {
    message:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, " +
      "storage class, website redirect location or encryption attributes.",
    explanation: "Source and destination are the same object: send x-amz-metadata-directive: REPLACE with new metadata.",
  });
}

function checkSize(source: ObjectRecord): void {
  if (source.sizeBytes <= MAX_COPY_SIZE_BYTES) return;
  throw new S3Error("InvalidRequest", {
    message: `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY_SIZE_BYTES}`,
    explanation: `The source has ${source.sizeBytes} bytes; copy it with a multipart upload and UploadPartCopy.`,
  });
}
