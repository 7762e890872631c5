import type { WireRequest } from "../../protocol/WireRequest.ts";

/** An access key id is no longer than this. */
const MAX_LENGTH = 128;

/** Version 4: "Credential=ID/…"; version 2: "AWS ID:…". */
const IN_HEADER = /^(?:AWS4-HMAC-SHA256 .{0,256}?Credential=|AWS )([^/:,\s]+)/i;

/** The access key id that a request names, in its header or its query; it may be anybody's. `undefined` where it names none. */
export function claimedAccessKeyId({ headers, query, rawQuery }: WireRequest): string | undefined {
  const authorization = headers.get("authorization");
  const claimed =
    authorization !== undefined
      ? IN_HEADER.exec(authorization)?.[1]
      : rawQuery === ""
        ? undefined
        : (query.get("X-Amz-Credential")?.split("/", 1)[0] ?? query.get("AWSAccessKeyId"));
  return claimed !== undefined && claimed.length <= MAX_LENGTH ? claimed : undefined;
}
