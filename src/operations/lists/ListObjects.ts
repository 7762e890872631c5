import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { pageOfObjects } from "../../store/objects/listing.ts";
import {
  endOf,
  listedObjects,
  listedPrefixes,
  MAX_KEYS_PER_PAGE,
  regionHeader,
  restoresShownAt,
  unlessEmpty,
} from "./listedObjects.ts";
import { urlEncoder } from "./listEncoding.ts";
import { listLimit } from "./listLimit.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Lists the objects of a bucket by key, page by page behind a marker.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
export const ListObjects: Operation<"ListObjects"> = operation({
  name: "ListObjects",
  permissions: on.bucket("s3:ListBucket"),
  resource: "bucket",
  async handle(input, context) {
    refuseStartAfter(input.StartAfter);
    const encode = urlEncoder(input.EncodingType);
    const limit = listLimit("maxKeys", input.MaxKeys, MAX_KEYS_PER_PAGE);
    const { Prefix: prefix = "", Delimiter: delimiter = "", Marker: marker = "" } = input;
    const restoresAtMs = restoresShownAt(input, context);
    const page = await pageOfObjects(context.store, context.bucket, {
      prefix,
      delimiter,
      after: marker,
      limit,
      detail: restoresAtMs === undefined ? "owner" : "restore",
    });
    // Without a delimiter the last key is the marker of the next page, and S3 leaves it at that.
    const nextMarker = delimiter === "" ? undefined : endOf(page);
    return {
      output: {
        Name: context.bucket.name,
        Prefix: encode(prefix),
        Marker: encode(marker),
        NextMarker: unlessEmpty(nextMarker, encode),
        MaxKeys: limit,
        Delimiter: unlessEmpty(delimiter, encode),
        EncodingType: input.EncodingType,
        IsTruncated: page.more,
        Contents: listedObjects(page, encode, context.bucket, restoresAtMs),
        CommonPrefixes: listedPrefixes(page, encode),
      },
      headers: regionHeader(context.bucket),
    };
  },
});

/** `start-after` belongs to ListObjectsV2; ignoring it would list from the beginning for ever. */
function refuseStartAfter(startAfter: string | undefined): void {
  if (startAfter === undefined) return;
  throw invalidArgument("start-after", startAfter, {
    message: "startAfter only supported in REST.GET.BUCKET with list-type=2",
    explanation: `start-after is ${quoted(startAfter)}; add list-type=2 to the query, or send the key as marker.`,
  });
}
