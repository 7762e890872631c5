import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, refusals } from "./refusals.ts";
import { sha256 } from "./signing.ts";

/** What goes wrong with PutObject: what its headers ask for, and what its body turns out to be. */

const BODY = "hello";

function put(headers: Readonly<Record<string, string>>): Row["asked"] {
  return { method: "PUT", path: "/bucket/new", headers, body: BODY };
}

function md5(text: string, encoding: "base64" | "hex"): string {
  return createHash("md5").update(text).digest(encoding);
}

function crc32Base64(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
}

const NOT_IMPLEMENTED = "A header you provided implies functionality that is not implemented";
const TAGGING_FORM =
  "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.";

refusals("PutObject", [
  {
    cause: "a key of 1,025 bytes",
    asked: { method: "PUT", path: `/bucket/${"k".repeat(1025)}`, body: BODY },
    answer: {
      status: 400,
      code: "KeyTooLongError",
      message: "Your key is too long",
      details: { Size: "1025", MaxSizeAllowed: "1024" },
      says: "The key has 1025 bytes of UTF-8; 1024 are possible, so use a shorter one.",
    },
  },
  {
    cause: "2,049 bytes of metadata",
    asked: put({ "x-amz-meta-a": "m".repeat(2048) }),
    answer: {
      status: 400,
      code: "MetadataTooLarge",
      message: "Your metadata headers exceed the maximum allowed metadata size",
      details: { Size: "2049", MaxSizeAllowed: "2048" },
      says: "The names and values of the x-amz-meta-* headers come to 2049 bytes of UTF-8, names without that prefix; 2048 are possible.",
    },
  },
  {
    cause: "an unknown storage class",
    asked: put({ "x-amz-storage-class": "LUKEWARM" }),
    answer: {
      status: 400,
      code: "InvalidStorageClass",
      message: "The storage class you specified is not valid",
      details: { StorageClassRequested: "LUKEWARM" },
      says: 'x-amz-storage-class is "LUKEWARM"; it can be STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE.',
    },
  },
  {
    cause: "a storage class of other kinds of buckets",
    asked: put({ "x-amz-storage-class": "OUTPOSTS" }),
    answer: {
      status: 400,
      code: "InvalidStorageClass",
      message: "The storage class you specified is not valid",
      details: { StorageClassRequested: "OUTPOSTS" },
      says: 'x-amz-storage-class is "OUTPOSTS"; it can be STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE.',
    },
  },
  {
    cause: "a redirect to nowhere",
    asked: put({ "x-amz-website-redirect-location": "elsewhere" }),
    answer: {
      status: 400,
      code: "InvalidRedirectLocation",
      message: "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
      says: 'x-amz-website-redirect-location is "elsewhere"; it must be a path from "/" or an http:// or https:// address.',
    },
  },
  {
    cause: "an unknown canned ACL",
    asked: put({ "x-amz-acl": "everybody" }),
    answer: invalidArgument(
      "",
      "x-amz-acl",
      "everybody",
      'x-amz-acl is "everybody"; it can be authenticated-read, aws-exec-read, bucket-owner-full-control, bucket-owner-read, private, public-read, public-read-write.',
    ),
  },
  {
    cause: "a canned ACL where ACLs are disabled",
    asked: put({ "x-amz-acl": "public-read" }),
    answer: {
      status: 400,
      code: "AccessControlListNotSupported",
      message: "The bucket does not allow ACLs",
      says: 'The canned ACL "public-read" came. ACLs are disabled for this bucket (Object Ownership is BucketOwnerEnforced): leave ACLs out, or have the bucket\'s owner enable them by PutBucketOwnershipControls.',
    },
  },
  {
    cause: "a grant where ACLs are disabled",
    asked: put({ "x-amz-grant-read": 'id="1"' }),
    answer: {
      status: 400,
      code: "AccessControlListNotSupported",
      message: "The bucket does not allow ACLs",
      says: "Grants came. ACLs are disabled for this bucket (Object Ownership is BucketOwnerEnforced): leave ACLs out, or have the bucket's owner enable them by PutBucketOwnershipControls.",
    },
  },
  {
    cause: "a grant that cannot be read",
    asked: put({ "x-amz-grant-read": "everybody" }),
    answer: invalidArgument(
      "Argument format not recognized",
      "x-amz-grant-read",
      "everybody",
      'x-amz-grant-read is "everybody"; it lists grantees as id="…", uri="…" or emailAddress="…", between commas.',
    ),
  },
  {
    cause: "a canned ACL and a grant",
    asked: put({ "x-amz-acl": "private", "x-amz-grant-read": 'id="1"' }),
    answer: invalidRequest(
      "Specifying both Canned ACLs and Header Grants is not allowed",
      'x-amz-acl is "private", and x-amz-grant-read came too; send one of the two.',
    ),
  },
  {
    cause: "tags that are no query",
    asked: put({ "x-amz-tagging": "a=%zz" }),
    answer: invalidArgument(
      TAGGING_FORM,
      "x-amz-tagging",
      "a=%zz",
      'x-amz-tagging is "a=%zz", which is not percent-encoded UTF-8; it has the form key=value&key2=value2.',
    ),
  },
  {
    cause: "a tag twice",
    asked: put({ "x-amz-tagging": "a=1&a=2" }),
    answer: invalidArgument(
      TAGGING_FORM,
      "x-amz-tagging",
      "a=1&a=2",
      'x-amz-tagging is "a=1&a=2", which names the key "a" twice; it has the form key=value&key2=value2.',
    ),
  },
  ...[
    ["a tag without a key", "="],
    ["a tag with two values", "TagSet=[{Key=a,Value=b}]"],
  ].map(([cause, tagging]) => ({
    cause: cause!,
    asked: put({ "x-amz-tagging": tagging! }),
    answer: invalidArgument(
      TAGGING_FORM,
      "x-amz-tagging",
      tagging,
      `x-amz-tagging is "${tagging}", which holds "${tagging}", no key with one value; it has the form key=value&key2=value2.`,
    ),
  })),
  {
    cause: "eleven tags",
    asked: put({ "x-amz-tagging": [..."abcdefghijk"].map((key) => `${key}=1`).join("&") }),
    answer: {
      status: 400,
      code: "BadRequest",
      message: "Object tags cannot be greater than 10",
      says: "11 tags came; 10 are possible.",
    },
  },
  {
    cause: "a reserved tag key",
    asked: put({ "x-amz-tagging": "aws:a=1" }),
    answer: {
      status: 400,
      code: "InvalidTag",
      message: "Your TagKey cannot be prefixed with aws:",
      details: { TagKey: "aws:a" },
      says: 'The key "aws:a" begins with "aws:", which is reserved.',
    },
  },
  {
    cause: "a tag key with signs",
    asked: put({ "x-amz-tagging": "a%3F=1" }),
    answer: {
      status: 400,
      code: "InvalidTag",
      message: "The TagKey you have provided is invalid",
      details: { TagKey: "a?" },
      says: 'The key "a?" is none: it has 1 to 128 letters, digits, spaces and _.:/=+-@ signs.',
    },
  },
  {
    cause: "a tag value with signs",
    asked: put({ "x-amz-tagging": "a=%3C" }),
    answer: {
      status: 400,
      code: "InvalidTag",
      message: "The TagValue you have provided is invalid",
      details: { TagKey: "a", TagValue: "<" },
      says: 'The value "<" is none: it has up to 256 letters, digits, spaces and _.:/=+-@ signs.',
    },
  },
  {
    cause: "an unknown encryption",
    asked: put({ "x-amz-server-side-encryption": "ROT13" }),
    answer: invalidArgument(
      "The encryption method specified is not supported",
      "x-amz-server-side-encryption",
      "ROT13",
      'x-amz-server-side-encryption is "ROT13"; it can be AES256, aws:kms or aws:kms:dsse.',
    ),
  },
  {
    cause: "an encryption of other services' files",
    asked: put({ "x-amz-server-side-encryption": "aws:fsx" }),
    answer: invalidArgument(
      "The encryption method specified is not supported",
      "x-amz-server-side-encryption",
      "aws:fsx",
      'x-amz-server-side-encryption is "aws:fsx", which is for what S3 shows of other services\' files; objects here take AES256, aws:kms and aws:kms:dsse.',
    ),
  },
  {
    cause: "a key of KMS without KMS",
    asked: put({ "x-amz-server-side-encryption-aws-kms-key-id": "alias/a" }),
    answer: invalidArgument(
      "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
      "x-amz-server-side-encryption",
      undefined,
      "x-amz-server-side-encryption-aws-kms-key-id came, and x-amz-server-side-encryption is missing: it is for aws:kms and aws:kms:dsse.",
    ),
  },
  {
    cause: "a context for KMS that is no base64",
    asked: put({ "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-context": "{}" }),
    answer: invalidArgument(
      "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
      "x-amz-server-side-encryption-context",
      "{}",
      'x-amz-server-side-encryption-context is "{}"; it is the base64 of a JSON object whose values are all texts.',
    ),
  },
  {
    cause: "a customer's key over plain HTTP",
    asked: put({ "x-amz-server-side-encryption-customer-key": "secret" }),
    answer: invalidArgument(
      "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
      "x-amz-server-side-encryption",
      undefined,
      "The request came over plain HTTP, which shows the key to everybody on the way; use https, or have the operator allow it with --sse-c-over-http.",
    ),
  },
  {
    cause: "an unknown lock mode",
    asked: put({ "x-amz-object-lock-mode": "FOREVER" }),
    answer: invalidArgument(
      "Unknown wormMode directive.",
      "x-amz-object-lock-mode",
      "FOREVER",
      'x-amz-object-lock-mode is "FOREVER"; it can be COMPLIANCE, GOVERNANCE.',
    ),
  },
  {
    cause: "a legal hold neither on nor off",
    asked: put({ "x-amz-object-lock-legal-hold": "MAYBE" }),
    answer: invalidArgument(
      "Legal Hold must be either of 'ON' or 'OFF'",
      "x-amz-object-lock-legal-hold",
      "MAYBE",
      'x-amz-object-lock-legal-hold is "MAYBE"; it can be OFF, ON.',
    ),
  },
  {
    cause: "a retention date that is none",
    asked: put({ "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": "tomorrow" }),
    answer: invalidArgument(
      "The retain until date must be provided in ISO 8601 format",
      "x-amz-object-lock-retain-until-date",
      "tomorrow",
      'x-amz-object-lock-retain-until-date is "tomorrow"; it must be a date, such as 2026-03-01T12:00:00Z.',
    ),
  },
  {
    cause: "a lock mode without a date",
    asked: put({ "x-amz-object-lock-mode": "GOVERNANCE" }),
    answer: invalidArgument(
      "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
      "x-amz-object-lock-retain-until-date",
      undefined,
      "x-amz-object-lock-mode came without x-amz-object-lock-retain-until-date; send both, or neither.",
    ),
  },
  {
    cause: "a retention that is over",
    asked: put({ "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": "2026-03-01T11:00:00.000Z" }),
    answer: invalidArgument(
      "The retain until date must be in the future!",
      "x-amz-object-lock-retain-until-date",
      "2026-03-01T11:00:00.000Z",
      "x-amz-object-lock-retain-until-date is 2026-03-01T11:00:00.000Z, and the server's time is 2026-03-01T12:00:00.000Z.",
    ),
  },
  {
    cause: "a retention where there is no Object Lock",
    asked: put({ "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-retain-until-date": "2027-03-01T11:00:00.000Z" }),
    answer: invalidRequest(
      "Bucket is missing Object Lock Configuration",
      "Retention and legal hold need a bucket with Object Lock, which this one does not have.",
    ),
  },
  {
    cause: "an offset to write at, which is not built",
    asked: put({ "x-amz-write-offset-bytes": "5" }),
    answer: {
      status: 501,
      code: "NotImplemented",
      message: NOT_IMPLEMENTED,
      details: { Header: "x-amz-write-offset-bytes" },
      says: "Appending to objects is not available in this store, and x-amz-write-offset-bytes asks for it. Nothing was done; leave it out.",
    },
  },
]);

refusals("PutObject's body", [
  {
    cause: "a Content-MD5 that is none",
    asked: put({ "Content-MD5": "not md5" }),
    answer: {
      status: 400,
      code: "InvalidDigest",
      message: "The Content-MD5 you specified was invalid.",
      details: { "Content-MD5": "not md5" },
      says: `Content-MD5 is "not md5"; it must be the base64 of the 16 bytes of the body's MD5, 24 characters.`,
    },
  },
  {
    cause: "a Content-MD5 of other bytes",
    asked: put({ "Content-MD5": md5("other", "base64") }),
    readsBody: true,
    answer: {
      status: 400,
      code: "BadDigest",
      message: "The Content-MD5 you specified did not match what we received.",
      details: { CalculatedDigest: md5(BODY, "base64"), ExpectedDigest: md5("other", "hex") },
      says: "The MD5 of the body that came is not the one in Content-MD5: it was changed on its way. Nothing was stored.",
    },
  },
  {
    cause: "a CRC32 of other bytes",
    asked: put({ "x-amz-checksum-crc32": crc32Base64("other") }),
    readsBody: true,
    answer: {
      status: 400,
      code: "BadDigest",
      message: "The CRC32 you specified did not match the calculated checksum.",
      says: "The body that came has the CRC32 NhCmhg==, not 2Vg1IA==: it was changed on its way, or is not the one meant. Nothing was stored.",
    },
  },
  {
    cause: "a SHA-256 of other bytes as what was signed",
    asked: put({ "x-amz-content-sha256": sha256("other") }),
    readsBody: true,
    answer: {
      status: 400,
      code: "XAmzContentSHA256Mismatch",
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      details: { ClientComputedContentSHA256: sha256("other"), S3ComputedContentSHA256: sha256(BODY) },
      says: "The body that came is not the one whose SHA-256 was signed. Nothing was stored.",
    },
  },
  {
    cause: "a checksum that is none",
    asked: put({ "x-amz-checksum-crc32": "AAAA" }),
    answer: invalidRequest(
      "Value for x-amz-checksum-crc32 header is invalid.",
      'x-amz-checksum-crc32 is "AAAA"; it must be the base64 of 4 bytes.',
    ),
  },
  {
    cause: "a checksum S3 does not have",
    asked: put({ "x-amz-checksum-adler32": "AAAAAA==" }),
    answer: invalidRequest(
      "The algorithm type you specified in x-amz-checksum- header is invalid.",
      '"x-amz-checksum-adler32" came; S3 has x-amz-checksum- crc32, crc32c, crc64nvme, sha1, sha256, sha512, md5, xxhash64, xxhash3, xxhash128.',
    ),
  },
  {
    cause: "two checksums",
    asked: put({ "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc32c": "AAAAAA==" }),
    answer: invalidRequest(
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
      "Both CRC32 and CRC32C came; send one of them.",
    ),
  },
  {
    cause: "a checksum and a trailer for one",
    asked: put({ "x-amz-checksum-crc32": "AAAAAA==", "x-amz-trailer": "x-amz-checksum-crc32" }),
    answer: invalidRequest(
      "Expecting a single x-amz-checksum- header",
      "The checksum is announced by a header and by x-amz-trailer; send it once.",
    ),
  },
  {
    cause: "a trailer that is no checksum",
    asked: put({ "x-amz-trailer": "x-amz-meta-a" }),
    answer: invalidRequest(
      "The value specified in the x-amz-trailer header is not supported",
      'A trailer can hold one x-amz-checksum-* value, not "x-amz-meta-a".',
    ),
  },
  {
    cause: "an SDK's algorithm without its checksum",
    asked: put({ "x-amz-sdk-checksum-algorithm": "CRC32" }),
    answer: invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
      'x-amz-sdk-checksum-algorithm is "CRC32"; send the checksum too, or leave the header out.',
    ),
  },
  {
    cause: "an SDK's algorithm beside another checksum",
    asked: put({ "x-amz-sdk-checksum-algorithm": "SHA1", "x-amz-checksum-crc32": "AAAAAA==" }),
    answer: invalidRequest(
      "Value for x-amz-sdk-checksum-algorithm header is invalid.",
      'x-amz-sdk-checksum-algorithm is "SHA1", but the checksum that came is CRC32; name that one.',
    ),
  },
  {
    cause: "an SDK's algorithm that S3 does not have",
    asked: put({ "x-amz-sdk-checksum-algorithm": "ADLER32", "x-amz-checksum-crc32": "AAAAAA==" }),
    answer: invalidRequest(
      "Value for x-amz-sdk-checksum-algorithm header is invalid.",
      'x-amz-sdk-checksum-algorithm is "ADLER32", but the checksum that came is CRC32; name that one.',
    ),
  },
  {
    cause: "more than 5 GiB",
    asked: put({ "Content-Length": "5368709121" }),
    answer: {
      status: 400,
      code: "EntityTooLarge",
      message: "Your proposed upload exceeds the maximum allowed size",
      details: { ProposedSize: "5368709121", MaxSizeAllowed: "5368709120" },
      says: "The body has 5368709121 bytes, and one request can bring 5368709120; larger objects are made by multipart uploads.",
    },
  },
]);
