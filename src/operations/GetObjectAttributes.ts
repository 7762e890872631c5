import type {
  GetObjectAttributesOutput,
  GetObjectAttributesParts,
  GetObjectAttributesRequest,
} from "../protocol/generated/types.ts";
import { S3Error } from "../errors/S3Error.ts";
import { withFreshContent } from "../store/content.ts";
import { readParts } from "../store/objects.ts";
import type { ObjectRecord } from "../store/records/ObjectRecord.ts";
import type { ChecksumMembers } from "./checksumMembers.ts";
import { checksumMembers } from "./checksumMembers.ts";
import { presentObject } from "./objectReads.ts";
import type { Operation } from "./Operation.ts";
import { operation } from "./Operation.ts";
import type { RequestContext } from "./RequestContext.ts";
import { checkEncryptionHeaders } from "./encryptionHeaders.ts";
import { refuseCustomerKey } from "./unbuilt.ts";
import { checkVersionIdForm } from "./versionIds.ts";

/** Most parts a page shows, and how many it shows when nothing is asked. */
const MAX_PARTS_PER_PAGE = 1000;
const LARGEST_LIMIT = 2 ** 31 - 1;

/**
 * Describes an object by the attributes asked for.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
export const GetObjectAttributes: Operation<"GetObjectAttributes"> = operation({
  name: "GetObjectAttributes",
  action: "s3:GetObjectAttributes",
  resource: "object",
  async handle(input, context) {
    const wanted = new Set(input.ObjectAttributes);
    const maxParts = checkedMaxParts(input.MaxParts);
    checkVersionIdForm(input.VersionId);
    checkEncryptionHeaders(input, context);
    return withFreshContent(async () => {
      const object = await presentObject(context, context.bucket!, input.Key, input.VersionId);
      refuseCustomerKey(input);
      const output: GetObjectAttributesOutput = {
        LastModified: new Date(object.lastModifiedMs),
        // Unlike everywhere else, S3 shows this ETag without quotes.
        ETag: wanted.has("ETag") ? object.etag : undefined,
        Checksum: wanted.has("Checksum") ? shownChecksum(object) : undefined,
        ObjectParts: wanted.has("ObjectParts") ? await objectParts(context, object, input, maxParts) : undefined,
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

function checkedMaxParts(maxParts: number | undefined): number {
  if (maxParts === undefined) return MAX_PARTS_PER_PAGE;
  if (Number.isInteger(maxParts) && maxParts >= 0 && maxParts <= LARGEST_LIMIT) return Math.min(maxParts, MAX_PARTS_PER_PAGE);
  throw new S3Error("InvalidArgument", {
    message: `Argument max-parts must be an integer between 0 and ${LARGEST_LIMIT}`,
    details: [
      ["ArgumentName", "max-parts"],
      ["ArgumentValue", String(maxParts)],
    ],
    explanation: `x-amz-max-parts is ${maxParts}; pages hold up to ${MAX_PARTS_PER_PAGE} parts.`,
  });
}

/** The parts of a multipart object. S3 lists them only where each has a checksum of its own: where the object's is composite. */
async function objectParts(
  context: RequestContext,
  object: ObjectRecord,
  input: GetObjectAttributesRequest,
  maxParts: number,
): Promise<GetObjectAttributesParts | undefined> {
  if (object.partsCount === 0) return undefined;
  const { checksum } = object;
  if (checksum?.type !== "COMPOSITE") return { TotalPartsCount: object.partsCount };
  const marker = partNumberMarker(input.PartNumberMarker);
  const following = (await readParts(context.store, object)).filter(({ partNumber }) => partNumber > marker);
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

function partNumberMarker(sent: string | undefined): number {
  const marker = Number(sent ?? 0);
  if (Number.isInteger(marker) && marker >= 0 && marker <= LARGEST_LIMIT) return marker;
  throw new S3Error("InvalidArgument", {
    message: `Argument part-number-marker must be an integer between 0 and ${LARGEST_LIMIT}`,
    details: [
      ["ArgumentName", "part-number-marker"],
      ["ArgumentValue", sent],
    ],
    explanation:
      "x-amz-part-number-marker is the number of the last part already seen: the NextPartNumberMarker of the page before.",
  });
}
