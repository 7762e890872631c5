import { on } from "../../access/Permission.ts";
import { pageOfObjects } from "../../store/objects/listing.ts";
import { continuationToken, continuedPosition, incorrectContinuationToken } from "./continuationTokens.ts";
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
 * Lists the objects of a bucket by key, page by page behind a continuation token.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export const ListObjectsV2: Operation<"ListObjectsV2"> = operation({
  name: "ListObjectsV2",
  permissions: on.bucket("s3:ListBucket"),
  resource: "bucket",
  async handle(input, context) {
    const bucket = context.bucket;
    const encode = urlEncoder(input.EncodingType);
    const list = `objects of ${bucket.id}`;
    const { Prefix: prefix = "", Delimiter: delimiter = "", ContinuationToken: token, FetchOwner: withOwner = false } = input;
    // A token knows where it goes on; start-after then counts no more.
    const startAfter = token === undefined ? input.StartAfter : undefined;
    const after = token === undefined ? (startAfter ?? "") : positionOf(list, token);
    const limit = listLimit("maxKeys", input.MaxKeys, MAX_KEYS_PER_PAGE);
    const restoresAtMs = restoresShownAt(input, context);
    const page = await pageOfObjects(context.store, bucket, {
      prefix,
      delimiter,
      after,
      limit,
      detail: restoresAtMs !== undefined ? "restore" : withOwner ? "owner" : "plain",
    });
    const end = endOf(page);
    return {
      output: {
        Name: bucket.name,
        Prefix: encode(prefix),
        StartAfter: startAfter === undefined ? undefined : encode(startAfter),
        ContinuationToken: token,
        NextContinuationToken: end === undefined ? undefined : continuationToken(list, end),
        KeyCount: page.items.length,
        MaxKeys: limit,
        Delimiter: unlessEmpty(delimiter, encode),
        EncodingType: input.EncodingType,
        IsTruncated: page.more,
        Contents: listedObjects(page, encode, withOwner ? context.bucket : undefined, restoresAtMs),
        CommonPrefixes: listedPrefixes(page, encode),
      },
      headers: regionHeader(bucket),
    };
  },
});

function positionOf(list: string, token: string): string {
  const position = continuedPosition(list, token);
  if (position !== undefined) return position;
  throw incorrectContinuationToken(token, " To begin at a key of your choice send start-after.");
}
