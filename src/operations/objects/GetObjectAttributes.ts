import { on } from "../../access/Permission.ts";
import { byVersion } from "./permissions.ts";
import type { GetObjectAttributesOutput, GetObjectAttributesParts } from "../../protocol/generated/types.ts";
import { withFreshContent } from "../../store/objects/content.ts";
import { readParts } from "../../store/objects/objects.ts";
import type { ContentPart } from "../../store/records/ContentRecord.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { ChecksumMembers } from "../headers/checksumMembers.ts";
import { checksumMembers } from "../headers/checksumMembers.ts";
import { partNumberMarker } from "../lists/listLimit.ts";
import { presentObject } from "./presentVersion.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { sentCustomerKey } from "../headers/customerKey.ts";
import { checkKeyOf } from "./readKeys.ts";
import { checkVersionId } from "./versionIds.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";

/** Most parts a page shows, and how many it shows when nothing is asked. */
const MAX_PARTS_PER_PAGE = 1000;

/**
 * Describes an object by the attributes asked for.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
export const GetObjectAttributes: Operation<"GetObjectAttributes"> = operation({
  name: "GetObjectAttributes",
  permissions: byVersion(
    on.object("s3:GetObjectAttributes", "s3:GetObject"),
    on.object("s3:GetObjectVersionAttributes", "s3:GetObjectVersion"),
  ),
  resource: "object",
  async handle(input, context) {
    const wanted = new Set(input.ObjectAttributes);
    const maxParts = wantedParts(input.MaxParts);
    const marker = partNumberMarker(input.PartNumberMarker);
    checkVersionId(input.VersionId);
    const customerKey = sentCustomerKey(input, context);
    return withFreshContent(async () => {
      const object = await presentObject(context, context.bucket, input);
      checkKeyOf(object, customerKey);
      // Read whatever is asked for: they tell whether the size is right.
      const parts = await readParts(context.store, object);
      const output: GetObjectAttributesOutput = {
        LastModified: new Date(object.lastModifiedMs),
        VersionId: shownVersionId(context.bucket, object),
        // Unlike everywhere else, S3 shows this ETag without quotes.
        ETag: wanted.has("ETag") ? object.etag : undefined,
        Checksum: wanted.has("Checksum") ? shownChecksum(object) : undefined,
        ObjectParts: wanted.has("ObjectParts") ? objectParts(object, parts, marker, maxParts) : undefined,
        StorageClass: wanted.has("StorageClass") ? object.storageClass : undefined,
        ObjectSize: wanted.has("ObjectSize") ? object.sizeBytes : undefined,
      };
      return { output };
    });
  },
});

/** The object's checksum. Unlike everywhere else, S3 shows a composite one without the number of parts behind it. */
function shownChecksum({ checksum }: ObjectRecord): ChecksumMembers | undefined {
  return checksum && checksumMembers({ ...checksum, value: checksum.value.replace(/-\d+$/, "") });
}

/** Unlike where lists are asked for, S3 passes over what cannot be here. */
function wantedParts(asked: number | undefined): number {
  return asked === undefined || asked < 0 ? MAX_PARTS_PER_PAGE : Math.min(asked, MAX_PARTS_PER_PAGE);
}

/** The parts of a multipart object. S3 lists them only where each has a checksum of its own: where the object's is composite. */
function objectParts(
  object: ObjectRecord,
  parts: readonly ContentPart[],
  marker: number,
  maxParts: number,
): GetObjectAttributesParts | undefined {
  if (object.partsCount === 0) return undefined;
  const { checksum } = object;
  if (checksum?.type !== "COMPOSITE") return { TotalPartsCount: object.partsCount };
  const following = parts.filter(({ partNumber }) => partNumber > marker);
  const page = following.slice(0, maxParts);
  return {
    TotalPartsCount: object.partsCount,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.partNumber ?? marker),
    MaxParts: maxParts,
    IsTruncated: following.length > page.length,
    Parts: page.map((part) => ({
      PartNumber: part.partNumber,
      Size: part.sizeBytes,
      [`Checksum${checksum.algorithm}`]: part.checksum,
    })),
  };
}
