import { NOW_MS } from "./AnswerServer.ts";
import type { Refusal, Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, refusals } from "./refusals.ts";

/** What goes wrong with reads: the object, its conditions, its ranges and its parts. GetObject shows the text, HeadObject the same head. */

const ETAG = '"5eb63bbbe01eeed093cb22bb8f5acdc3"';
const MODIFIED = new Date(NOW_MS).toUTCString();
const EARLIER = new Date(NOW_MS - 60_000).toUTCString();
const VERSION = "v".repeat(32);

function get(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
): Row["asked"] {
  return { method: "GET", path, headers, query };
}

function failed(condition: string, says: string): Refusal {
  const message = "At least one of the pre-conditions you specified did not hold";
  return { status: 412, code: "PreconditionFailed", message, details: { Condition: condition }, says };
}

/** What a cache learns with a 304. */
const NOT_MODIFIED: Refusal = {
  status: 304,
  code: "NotModified",
  message: "Not Modified",
  headers: { etag: ETAG, "last-modified": MODIFIED },
  says: "",
};

const NO_ATTRIBUTES = invalidRequest(
  "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
  "Name the wanted attributes in x-amz-object-attributes, separated by commas.",
);

const NO_VERSION = {
  status: 404,
  code: "NoSuchVersion",
  message: "The specified version does not exist.",
  details: { Key: "key", VersionId: VERSION },
  says: `The key has no version "${VERSION}"; it may have been deleted for good, or belong to another key.`,
};

const READS: readonly Row[] = [
  {
    cause: "a key that is not there",
    asked: get("/bucket/none"),
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "none" },
      says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
    },
  },
  {
    cause: "a key of 1,025 bytes",
    asked: get(`/bucket/${"k".repeat(1025)}`),
    answer: {
      status: 400,
      code: "KeyTooLongError",
      message: "Your key is too long",
      details: { Size: "1025", MaxSizeAllowed: "1024" },
      says: "The key has 1025 bytes of UTF-8; 1024 are possible, so use a shorter one.",
    },
  },
  {
    cause: "a version that is not there",
    asked: get("/bucket/key", {}, { versionId: VERSION }),
    answer: NO_VERSION,
  },
  {
    cause: "a version that cannot be",
    asked: get("/bucket/key", {}, { versionId: "v1" }),
    answer: invalidArgument(
      "Invalid version id specified",
      "versionId",
      "v1",
      'A version id has 32 letters, digits, dots, dashes and underscores, or is "null"; "v1" came.',
    ),
  },
  {
    cause: "a range and a part at once",
    asked: get("/bucket/key", { Range: "bytes=0-1" }, { partNumber: "1" }),
    answer: invalidRequest(
      "Cannot specify both Range header and partNumber query parameter",
      'Range is "bytes=0-1" and partNumber 1; both choose bytes of the object, so send one of them.',
    ),
  },
  {
    cause: "an empty part number",
    asked: get("/bucket/key", {}, { partNumber: "" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "",
      'partNumber is ""; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "part 0",
    asked: get("/bucket/key", {}, { partNumber: "0" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "0",
      "partNumber is 0; an upload has parts 1 to 10000.",
    ),
  },
  {
    cause: "part 10,001",
    asked: get("/bucket/key", {}, { partNumber: "10001" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "10001",
      "partNumber is 10001; an upload has parts 1 to 10000.",
    ),
  },
  {
    cause: "a part that is no number",
    asked: get("/bucket/key", {}, { partNumber: "one" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "one",
      'partNumber is "one"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "an unknown checksum mode",
    asked: get("/bucket/key", { "x-amz-checksum-mode": "MAYBE" }),
    answer: invalidRequest(
      "Value for x-amz-checksum-mode header is invalid.",
      'x-amz-checksum-mode is "MAYBE"; it can be ENABLED.',
    ),
  },
  {
    cause: "a copy source",
    asked: get("/bucket/key", { "x-amz-copy-source": "/bucket/other" }),
    answer: invalidArgument(
      "You can only specify a copy source header for copy requests.",
      "x-amz-copy-source",
      "/bucket/other",
      'The request means GetObject, which copies nothing; leave x-amz-copy-source ("/bucket/other") out.',
    ),
  },
  {
    cause: "encryption",
    asked: get("/bucket/key", { "x-amz-server-side-encryption": "AES256" }),
    answer: invalidArgument(
      "x-amz-server-side-encryption header is not supported for this operation.",
      "x-amz-server-side-encryption",
      "AES256",
      'x-amz-server-side-encryption is "AES256", and GetObject does not take it: objects are encrypted as their PUT or CreateMultipartUpload says.',
    ),
  },
  {
    cause: "a customer's key over plain HTTP",
    asked: get("/bucket/key", { "x-amz-server-side-encryption-customer-algorithm": "AES256" }),
    answer: invalidArgument(
      "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
      "x-amz-server-side-encryption",
      undefined,
      "The request came over plain HTTP, which shows the key to everybody on the way; use https, or have the operator allow it with --sse-c-over-http.",
    ),
  },
  {
    cause: "signed chunks, which no read has",
    asked: get("/bucket/key", { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" }),
    answer: invalidRequest(
      "The value of x-amz-content-sha256 header is invalid.",
      "GetObject uploads no object, and only an upload can be sent aws-chunked; send the body's SHA-256 or UNSIGNED-PAYLOAD.",
    ),
  },
  {
    cause: "another object than If-Match names",
    asked: get("/bucket/key", { "If-Match": '"other"' }),
    answer: failed(
      "If-Match",
      `If-Match is "other", and the object's ETag is "5eb63bbbe01eeed093cb22bb8f5acdc3": it is another object, or was replaced.`,
    ),
  },
  {
    cause: "an object changed after If-Unmodified-Since",
    asked: get("/bucket/key", { "If-Unmodified-Since": EARLIER }),
    answer: failed(
      "If-Unmodified-Since",
      "If-Unmodified-Since is Sun, 01 Mar 2026 11:59:00 GMT, and the object was last modified at Sun, 01 Mar 2026 12:00:00 GMT, after it.",
    ),
  },
  { cause: "an object known by If-None-Match", asked: get("/bucket/key", { "If-None-Match": ETAG }), answer: NOT_MODIFIED },
  {
    cause: "an object unchanged since If-Modified-Since",
    asked: get("/bucket/key", { "If-Modified-Since": MODIFIED }),
    answer: NOT_MODIFIED,
  },
  {
    cause: "an object that holds both of If-None-Match and If-Modified-Since",
    asked: get("/bucket/key", { "If-None-Match": ETAG, "If-Modified-Since": EARLIER }),
    answer: NOT_MODIFIED,
  },
  {
    cause: "a range behind the end",
    asked: get("/bucket/key", { Range: "bytes=11-" }),
    answer: {
      status: 416,
      code: "InvalidRange",
      message: "The requested range is not satisfiable",
      details: { RangeRequested: "bytes=11-", ActualObjectSize: "11" },
      says: `Range is "bytes=11-", and the object's bytes are 0 to 10; it holds none of them.`,
    },
  },
  {
    cause: "the last 0 bytes",
    asked: get("/bucket/key", { Range: "bytes=-0" }),
    answer: {
      status: 416,
      code: "InvalidRange",
      message: "The requested range is not satisfiable",
      details: { RangeRequested: "bytes=-0", ActualObjectSize: "11" },
      says: `Range is "bytes=-0", and the object's bytes are 0 to 10; it holds none of them.`,
    },
  },
  {
    cause: "a part behind the last",
    asked: get("/bucket/key", {}, { partNumber: "2" }),
    answer: {
      status: 416,
      code: "InvalidPartNumber",
      message: "The requested partnumber is not satisfiable",
      details: { PartNumberRequested: "2", ActualPartCount: "1" },
      says: "The object has one part; part 2 was asked for.",
    },
  },
];

refusals("GetObject", [
  ...READS,
  {
    cause: "an archived object",
    asked: get("/bucket/archived"),
    answer: {
      status: 403,
      code: "InvalidObjectState",
      message: "The operation is not valid for the object's storage class",
      details: { StorageClass: "GLACIER" },
      says: "The object was stored as GLACIER, an archive: S3 reads such objects only after a restore.",
    },
  },
  {
    cause: "an override that no header can hold",
    asked: get("/bucket/key", {}, { "response-content-disposition": "attachment; filename=€" }),
    answer: invalidArgument(
      "Header value cannot be represented using ISO-8859-1.",
      "response-content-disposition",
      "attachment; filename=€",
      "response-content-disposition holds a character that an HTTP header cannot carry; encode it, for file names as filename*=UTF-8''….",
    ),
  },
]);

refusals(
  "HeadObject",
  READS.map((row) => ({ ...row, asked: { ...row.asked, method: "HEAD" } })),
);

refusals("GetObjectTagging", [
  {
    cause: "a key that is not there",
    asked: get("/bucket/none", {}, { tagging: "" }),
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "bucket/none" },
      says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
    },
  },
]);

refusals("GetObjectAttributes", [
  {
    cause: "no attributes",
    asked: get("/bucket/key", {}, { attributes: "" }),
    declaration: false,
    answer: invalidRequest(
      "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
      "Name the wanted attributes in x-amz-object-attributes, separated by commas.",
    ),
  },
  {
    cause: "an unknown attribute",
    asked: get("/bucket/key", { "x-amz-object-attributes": "ETag,Colour" }, { attributes: "" }),
    stage: "early",
    answer: invalidArgument(
      "Invalid attribute name specified.",
      "x-amz-object-attributes",
      "Colour",
      'x-amz-object-attributes is "Colour"; it can be Checksum, ETag, ObjectParts, ObjectSize, StorageClass.',
    ),
  },
  {
    cause: "an empty list of attributes",
    asked: get("/bucket/key", { "x-amz-object-attributes": "" }, { attributes: "" }),
    declaration: false,
    answer: NO_ATTRIBUTES,
  },
  {
    cause: "a list of attributes with nothing between its commas",
    asked: get("/bucket/key", { "x-amz-object-attributes": " , " }, { attributes: "" }),
    declaration: false,
    answer: NO_ATTRIBUTES,
  },
  {
    cause: "a negative part to go on behind",
    asked: get("/bucket/key", { "x-amz-object-attributes": "ETag", "x-amz-part-number-marker": "-2" }, { attributes: "" }),
    declaration: false,
    answer: invalidArgument(
      "Argument part-number-marker must be an integer between 0 and 2147483647",
      "part-number-marker",
      "-2",
      "part-number-marker is -2; send the NextPartNumberMarker of the page before, or leave it out.",
    ),
  },
  {
    cause: "a part to go on behind that is no number",
    asked: get("/bucket/key", { "x-amz-object-attributes": "ETag", "x-amz-part-number-marker": "x" }, { attributes: "" }),
    declaration: false,
    answer: invalidArgument(
      "Provided part-number-marker not an integer or within integer range",
      "part-number-marker",
      "x",
      'x-amz-part-number-marker is "x"; it must be a whole number.',
    ),
  },
  {
    cause: "a version that is not there",
    asked: get("/bucket/key", { "x-amz-object-attributes": "ETag" }, { attributes: "", versionId: VERSION }),
    declaration: false,
    answer: NO_VERSION,
  },
  {
    cause: "a key that is not there",
    asked: get("/bucket/none", { "x-amz-object-attributes": "ETag" }, { attributes: "" }),
    declaration: false,
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "none" },
      says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
    },
  },
]);
