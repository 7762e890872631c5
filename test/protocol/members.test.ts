import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { decodeHead } from "../../src/protocol/rest/decode.ts";
import { expectRefusal } from "../auth/expectRefusal.ts";
import type { Refusal } from "../auth/expectRefusal.ts";
import { wireRequest } from "./wireRequest.ts";

/** What the texts of parameters and headers mean, and with what they are refused. */

type Headers = Readonly<Record<string, string>>;

/** A request that has what its operation cannot do without, and one more parameter or header. */
interface OneMore {
  readonly name: OperationName;
  readonly target: string;
  readonly headers: Headers;
}

const ATTRIBUTES = "x-amz-object-attributes";
const COPY: Headers = { "x-amz-copy-source": "/b/other" };
const OPERATIONS: Readonly<Partial<Record<OperationName, readonly [target: string, headers?: Headers]>>> = {
  CopyObject: ["/b/k", COPY],
  CreateBucket: ["/b"],
  DeleteObject: ["/b/k"],
  GetObjectAttributes: ["/b/k?attributes", { [ATTRIBUTES]: "ETag" }],
  ListBuckets: ["/"],
  ListObjects: ["/b"],
  ListObjectsV2: ["/b?list-type=2"],
  ListParts: ["/b/k?uploadId=u"],
  CompleteMultipartUpload: ["/b/k?uploadId=u"],
  CreateMultipartUpload: ["/b/k?uploads"],
  PutBucketPolicy: ["/b?policy"],
};

function oneMore(name: OperationName, wire: string, text: string): OneMore {
  const [target, headers = {}] = OPERATIONS[name] ?? ["/b/k"];
  // Headers of S3 have its prefix, and so have HTTP's conditions.
  if (/^(?:x-amz-|if-|range$)/.test(wire)) return { name, target, headers: { ...headers, [wire]: text } };
  return { name, target: `${target}${target.includes("?") ? "&" : "?"}${wire}=${encodeURIComponent(text)}`, headers };
}

function decoded({ name, target, headers }: OneMore): Record<string, unknown> {
  return decodeHead(name, wireRequest("GET", target, headers));
}

for (const [name, wire, text, member, value] of [
  ["ListObjects", "max-keys", "0", "MaxKeys", 0],
  ["ListObjects", "max-keys", "-0", "MaxKeys", 0],
  ["ListObjects", "max-keys", "0007", "MaxKeys", 7],
  ["ListObjects", "max-keys", "-1", "MaxKeys", -1],
  ["ListObjects", "max-keys", "2147483647", "MaxKeys", 2_147_483_647],
  ["ListObjects", "max-keys", "-2147483648", "MaxKeys", -2_147_483_648],
  ["ListObjects", "max-keys", "", "MaxKeys", undefined],
  ["ListBuckets", "max-buckets", "", "MaxBuckets", undefined],
  ["ListParts", "max-parts", "", "MaxParts", undefined],
  ["ListParts", "part-number-marker", "", "PartNumberMarker", undefined],
  ["ListParts", "part-number-marker", "007", "PartNumberMarker", "7"],
  ["GetObject", "partNumber", "2147483647", "PartNumber", 2_147_483_647],
  ["PutObject", "x-amz-write-offset-bytes", "2147483648", "WriteOffsetBytes", 2_147_483_648],
  ["PutObject", "x-amz-write-offset-bytes", "9007199254740991", "WriteOffsetBytes", 9_007_199_254_740_991],
  ["CompleteMultipartUpload", "x-amz-mp-object-size", "5497558138880", "MpuObjectSize", 5_497_558_138_880],
  ["ListObjectsV2", "fetch-owner", "true", "FetchOwner", true],
  ["ListObjectsV2", "fetch-owner", "TRUE", "FetchOwner", true],
  ["ListObjectsV2", "fetch-owner", "False", "FetchOwner", false],
  ["ListObjectsV2", "fetch-owner", "", "FetchOwner", false],
  ["DeleteObject", "x-amz-bypass-governance-retention", "perhaps", "BypassGovernanceRetention", false],
  ["DeleteObject", "x-amz-bypass-governance-retention", "True", "BypassGovernanceRetention", true],
  ["ListObjects", "encoding-type", "", "EncodingType", ""],
  ["ListObjects", "encoding-type", "punycode", "EncodingType", "punycode"],
  ["PutObject", "x-amz-storage-class", "ICE", "StorageClass", "ICE"],
  ["PutObject", "x-amz-acl", "public-read", "ACL", "public-read"],
  ["GetObject", "x-amz-checksum-mode", "no", "ChecksumMode", "no"],
  ["ListObjects", "x-amz-optional-object-attributes", "", "OptionalObjectAttributes", undefined],
  ["ListObjects", "x-amz-optional-object-attributes", " RestoreStatus ,,", "OptionalObjectAttributes", ["RestoreStatus"]],
  ["GetObject", "if-modified-since", "1994-11-06T08:49:37Z", "IfModifiedSince", new Date("1994-11-06T08:49:37Z")],
  ["GetObject", "if-unmodified-since", "soon", "IfUnmodifiedSince", undefined],
  ["CopyObject", "x-amz-copy-source-if-modified-since", "soon", "CopySourceIfModifiedSince", undefined],
  ["CopyObject", "x-amz-copy-source-if-unmodified-since", "soon", "CopySourceIfUnmodifiedSince", undefined],
  [
    "PutObject",
    "x-amz-object-lock-retain-until-date",
    "2030-01-01T00:00:00Z",
    "ObjectLockRetainUntilDate",
    new Date("2030-01-01T00:00:00Z"),
  ],
  ["PutObject", "x-amz-server-side-encryption", "AES256", "ServerSideEncryption", "AES256"],
  ["GetObject", "if-range", '"e"', "IfRange", '"e"'],
  ["HeadObject", "if-range", '"e"', "IfRange", '"e"'],
  ["CopyObject", "range", "bytes=0-1", "Range", "bytes=0-1"],
  ["ListObjects", "start-after", "k", "StartAfter", "k"],
] as const) {
  test(`${name}: ${wire} "${text}" is ${JSON.stringify(value)}`, () => {
    const input = decoded(oneMore(name, wire, text));
    assert.deepEqual(input[member], value);
    assert.equal(member in input, value !== undefined);
  });
}

test("GetObjectAttributes: attributes are a list, with blanks around its items or without, and numbers beside it may be nonsense", () => {
  const attributes = (text: string, others: Headers = {}): Record<string, unknown> =>
    decodeHead("GetObjectAttributes", wireRequest("GET", "/b/k?attributes", { [ATTRIBUTES]: text, ...others }));
  assert.deepEqual(attributes("ETag, ObjectSize,,\tStorageClass ")["ObjectAttributes"], ["ETag", "ObjectSize", "StorageClass"]);
  const { MaxParts, PartNumberMarker } = attributes("ETag", { "x-amz-max-parts": "many", "x-amz-part-number-marker": "" });
  assert.deepEqual([MaxParts, PartNumberMarker], [undefined, undefined]);
  assert.equal(attributes("ETag", { "x-amz-max-parts": "12" })["MaxParts"], 12);
});

/** A refusal that names the parameter or header and what it said. */
function argument(name: string, value: string, message = "Invalid Argument"): Refusal {
  const details = [
    ["ArgumentName", name],
    ["ArgumentValue", value],
  ] as const;
  return { code: "InvalidArgument", status: 400, message, details };
}
const request = (message: string): Refusal => ({ code: "InvalidRequest", status: 400, message, details: [] });
const noNumber = (name: string, value: string): Refusal =>
  argument(name, value, `Provided ${name} not an integer or within integer range`);
const noValue = (wire: string, value: string, name: OperationName): Refusal =>
  argument(wire, value, `The value of ${wire} is not valid for ${name}.`);
const NO_PART = "Part number must be an integer between 1 and 10000, inclusive";
const NO_ATTRIBUTES = "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty";
const ALGORITHMS = "CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64";

const refused: readonly (readonly [name: OperationName, wire: string, text: string, expected: Refusal])[] = [
  ...["2147483648", "-2147483649", "1.5", "+1", " 1", "1 ", "1e3", "0x1", "ten"].map(
    (text) => ["ListObjects", "max-keys", text, noNumber("max-keys", text)] as const,
  ),
  ["ListBuckets", "max-buckets", "ten", noNumber("max-buckets", "ten")],
  ["ListParts", "max-parts", "ten", noNumber("max-parts", "ten")],
  ["ListParts", "part-number-marker", "ten", noNumber("part-number-marker", "ten")],
  ["GetObjectAttributes", "x-amz-part-number-marker", "ten", noNumber("part-number-marker", "ten")],
  ["GetObject", "partNumber", "", argument("partNumber", "", NO_PART)],
  ["GetObject", "partNumber", "2147483648", argument("partNumber", "2147483648", NO_PART)],
  ["PutObject", "x-amz-write-offset-bytes", "", argument("x-amz-write-offset-bytes", "")],
  ["PutObject", "x-amz-write-offset-bytes", "9007199254740992", argument("x-amz-write-offset-bytes", "9007199254740992")],
  [
    "CompleteMultipartUpload",
    "x-amz-mp-object-size",
    "much",
    request("Value for x-amz-mp-object-size header is invalid: 'much'"),
  ],
  ["ListObjectsV2", "fetch-owner", "yes", noValue("fetch-owner", "yes", "ListObjectsV2")],
  ["CreateBucket", "x-amz-bucket-object-lock-enabled", "", noValue("x-amz-bucket-object-lock-enabled", "", "CreateBucket")],
  ["GetObject", "x-amz-request-payer", "me", noValue("x-amz-request-payer", "me", "GetObject")],
  ["GetObject", "x-amz-request-payer", "", noValue("x-amz-request-payer", "", "GetObject")],
  ["PutObject", "x-amz-acl", "Private", argument("x-amz-acl", "Private", "")],
  ["CopyObject", "x-amz-metadata-directive", "copy", argument("x-amz-metadata-directive", "copy", "Unknown metadata directive.")],
  ["CopyObject", "x-amz-tagging-directive", "copy", argument("x-amz-tagging-directive", "copy", "Unknown tagging directive.")],
  ["PutObject", "x-amz-object-lock-mode", "x", argument("x-amz-object-lock-mode", "x", "Unknown wormMode directive.")],
  [
    "PutObject",
    "x-amz-object-lock-legal-hold",
    "on",
    argument("x-amz-object-lock-legal-hold", "on", "Legal Hold must be either of 'ON' or 'OFF'"),
  ],
  ["GetObjectAttributes", ATTRIBUTES, "etag", argument(ATTRIBUTES, "etag", "Invalid attribute name specified.")],
  ["GetObjectAttributes", ATTRIBUTES, "", request(NO_ATTRIBUTES)],
  ["GetObjectAttributes", ATTRIBUTES, " , ", request(NO_ATTRIBUTES)],
  [
    "CreateBucket",
    "x-amz-object-ownership",
    "Mine",
    {
      ...argument("", "", "Invalid x-amz-object-ownership header: Mine"),
      details: [["ArgumentName", "x-amz-object-ownership"]],
    },
  ],
  [
    "PutObject",
    "x-amz-server-side-encryption",
    "aes256",
    argument("x-amz-server-side-encryption", "aes256", "The encryption method specified is not supported"),
  ],
  ["PutObject", "x-amz-sdk-checksum-algorithm", "CRC31", request("Value for x-amz-sdk-checksum-algorithm header is invalid.")],
  [
    "CreateMultipartUpload",
    "x-amz-checksum-algorithm",
    "CRC31",
    request(`Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS}]`),
  ],
  [
    "PutBucketLifecycleConfiguration",
    "x-amz-transition-default-minimum-object-size",
    "small",
    request("Invalid TransitionDefaultMinimumObjectSize found: small"),
  ],
  ["CreateMultipartUpload", "x-amz-checksum-type", "SUM", request("Value for x-amz-checksum-type header is invalid.")],
  [
    "PutObject",
    "x-amz-object-lock-retain-until-date",
    "soon",
    argument("x-amz-object-lock-retain-until-date", "soon", "The retain until date must be provided in ISO 8601 format"),
  ],
  ["DeleteObject", "x-amz-if-match-last-modified-time", "soon", argument("x-amz-if-match-last-modified-time", "soon")],
  [
    "ListObjects",
    "x-amz-copy-source",
    "/b/other",
    argument("x-amz-copy-source", "/b/other", "You can only specify a copy source header for copy requests."),
  ],
  [
    "GetObject",
    "x-amz-server-side-encryption",
    "AES256",
    argument(
      "x-amz-server-side-encryption",
      "AES256",
      "x-amz-server-side-encryption header is not supported for this operation.",
    ),
  ],
];

for (const [name, wire, text, expected] of refused) {
  test(`${name}: ${wire} "${text}" is ${expected.code}`, async () => {
    await expectRefusal(() => decoded(oneMore(name, wire, text)), expected);
  });
}

test("PutObject, ListObjects: a number that cannot be is explained by those that can", () => {
  assert.throws(() => decoded(oneMore("PutObject", "x-amz-write-offset-bytes", "1.5")), {
    explanation: 'x-amz-write-offset-bytes is "1.5"; it must be a whole number.',
  });
  assert.throws(() => decoded(oneMore("ListObjects", "max-keys", "1.5")), {
    explanation: 'max-keys is "1.5"; it must be a whole number below 2^31.',
  });
});

test("ListObjectsV2: a value that cannot be is explained by those that can", () => {
  assert.throws(() => decoded(oneMore("ListObjectsV2", "fetch-owner", "yes")), {
    explanation: 'fetch-owner is "yes"; it can be true, false.',
  });
});

test("ListObjects: encryption is no header of a bucket's, and is passed over there", () => {
  assert.deepEqual(decoded(oneMore("ListObjects", "x-amz-server-side-encryption", "AES256")), { Bucket: "b" });
});

test("UploadPart: what is missing is named as what it is", async () => {
  const missing = (name: OperationName, target: string): (() => unknown) => {
    return () => decodeHead(name, wireRequest("GET", target));
  };
  await expectRefusal(
    missing("UploadPart", "/b/k?partNumber=1"),
    request("Missing required query parameter for this request: uploadId"),
  );
  await expectRefusal(missing("CopyObject", "/b/k"), request("Missing required header for this request: x-amz-copy-source"));
});
