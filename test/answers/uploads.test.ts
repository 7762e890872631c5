import type { Refusal, Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, malformedXml, refusals } from "./refusals.ts";

/** What goes wrong with multipart uploads, from their beginning to their end. */

/** The MD5 of "part!", which is what the parts hold. */
const PART_ETAG = "6976b63fd78f932a855711f7bb06c196";

function part(query: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Row["asked"] {
  return { method: "PUT", path: "/bucket/upload", query: { uploadId: "{uploadId}", ...query }, headers, body: "part!" };
}

function create(headers: Readonly<Record<string, string>>): Row["asked"] {
  return { method: "POST", path: "/bucket/upload", query: { uploads: "" }, headers };
}

/** A CompleteMultipartUpload of the parts given, each as its elements. */
function complete(
  parts: readonly string[],
  headers: Readonly<Record<string, string>> = {},
  uploadId = "{uploadId}",
): Row["asked"] {
  const list = parts.map((elements) => `<Part>${elements}</Part>`).join("");
  const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`;
  return { method: "POST", path: "/bucket/upload", query: { uploadId }, headers, body };
}

function listed(number: number, etag = PART_ETAG): string {
  return `<PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag>`;
}

function invalidPart(number: number, etag: string, says: string, uploadId = "{uploadId}"): Refusal {
  return {
    status: 400,
    code: "InvalidPart",
    message:
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag " +
      "may not match the part's entity tag.",
    details: { UploadId: uploadId, PartNumber: String(number), ETag: etag },
    says,
  };
}

function badDigest(message: string, says: string): Refusal {
  return { status: 400, code: "BadDigest", message, says };
}

function noSuchUpload(uploadId: string): Refusal {
  return {
    status: 404,
    code: "NoSuchUpload",
    message:
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    details: { UploadId: uploadId },
    says: `No upload "${uploadId}" is under way for this key; it may have been completed or aborted, or belong to another key.`,
  };
}

const CHECKSUM_ALGORITHMS = "CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64";

refusals(
  "CreateMultipartUpload",
  [
    {
      cause: "an unknown checksum algorithm",
      asked: create({ "x-amz-checksum-algorithm": "ADLER32" }),
      answer: invalidRequest(
        `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${CHECKSUM_ALGORITHMS}]`,
        `x-amz-checksum-algorithm is "ADLER32"; it can be ${CHECKSUM_ALGORITHMS}.`,
      ),
    },
    {
      cause: "a checksum type without an algorithm",
      asked: create({ "x-amz-checksum-type": "COMPOSITE" }),
      answer: invalidRequest(
        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
        "x-amz-checksum-type is COMPOSITE, but no x-amz-checksum-algorithm says of what.",
      ),
    },
    {
      cause: "a checksum type that its algorithm does not have",
      asked: create({ "x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "FULL_OBJECT" }),
      answer: invalidRequest(
        "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.",
        "x-amz-checksum-type is FULL_OBJECT; multipart uploads with SHA256 have COMPOSITE checksums.",
      ),
    },
    {
      cause: "an unknown checksum type",
      asked: create({ "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "PARTIAL" }),
      answer: invalidRequest(
        "Value for x-amz-checksum-type header is invalid.",
        'x-amz-checksum-type is "PARTIAL"; it can be COMPOSITE, FULL_OBJECT.',
      ),
    },
    {
      cause: "an unknown storage class",
      asked: create({ "x-amz-storage-class": "LUKEWARM" }),
      answer: {
        status: 400,
        code: "InvalidStorageClass",
        message: "The storage class you specified is not valid",
        details: { StorageClassRequested: "LUKEWARM" },
        says: 'x-amz-storage-class is "LUKEWARM"; it can be STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE.',
      },
    },
    {
      cause: "2,049 bytes of metadata",
      asked: create({ "x-amz-meta-a": "m".repeat(2048) }),
      answer: {
        status: 400,
        code: "MetadataTooLarge",
        message: "Your metadata headers exceed the maximum allowed metadata size",
        details: { Size: "2049", MaxSizeAllowed: "2048" },
        says: "The names and values of the x-amz-meta-* headers come to 2049 bytes of UTF-8, names without that prefix; 2048 are possible.",
      },
    },
    {
      cause: "a key of 1,025 bytes",
      asked: { method: "POST", path: `/bucket/${"k".repeat(1025)}`, query: { uploads: "" } },
      answer: {
        status: 400,
        code: "KeyTooLongError",
        message: "Your key is too long",
        details: { Size: "1025", MaxSizeAllowed: "1024" },
        says: "The key has 1025 bytes of UTF-8; 1024 are possible, so use a shorter one.",
      },
    },
  ].map((row) => ({ ...row, anonymous: "Anonymous users cannot initiate multipart uploads. Please authenticate." })),
);

refusals("UploadPart", [
  {
    cause: "part 0",
    asked: part({ partNumber: "0" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "0",
      "partNumber is 0; an upload has parts 1 to 10000.",
    ),
  },
  {
    cause: "part 10,001",
    asked: part({ partNumber: "10001" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "10001",
      "partNumber is 10001; an upload has parts 1 to 10000.",
    ),
  },
  {
    cause: "a part that is no number",
    asked: part({ partNumber: "one" }),
    answer: invalidArgument(
      "Part number must be an integer between 1 and 10000, inclusive",
      "partNumber",
      "one",
      'partNumber is "one"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "an upload that is not there",
    asked: part({ partNumber: "1", uploadId: "x" }),
    answer: noSuchUpload("x"),
  },
  {
    cause: "another checksum than the upload's",
    asked: part({ partNumber: "1", uploadId: "{compositeId}" }, { "x-amz-checksum-crc32c": "AAAAAA==" }),
    answer: invalidRequest(
      "Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: crc32c",
      "The upload was begun with CRC32, COMPOSITE; send x-amz-checksum-crc32 with every part.",
    ),
  },
  {
    cause: "no checksum for a composite upload",
    asked: part({ partNumber: "1", uploadId: "{compositeId}" }),
    answer: invalidRequest(
      "Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: null",
      "The upload was begun with CRC32, COMPOSITE; send x-amz-checksum-crc32 with every part.",
    ),
  },
  {
    cause: "another checksum than a full-object upload's",
    asked: part({ partNumber: "1", uploadId: "{fullObjectId}" }, { "x-amz-checksum-sha1": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }),
    answer: invalidRequest(
      "Checksum Type mismatch occurred, expected checksum Type: crc32c, actual checksum Type: sha1",
      "The upload was begun with CRC32C, FULL_OBJECT; send x-amz-checksum-crc32c with every part, or none.",
    ),
  },
  {
    cause: "a checksum of other bytes for an upload without",
    asked: part({ partNumber: "1" }, { "x-amz-checksum-sha1": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=" }),
    readsBody: true,
    answer: badDigest(
      "The SHA1 you specified did not match the calculated checksum.",
      "The body that came has the SHA1 4+Hsepk8tZSQoq0WzAss/ywF+GY=, not AAAAAAAAAAAAAAAAAAAAAAAAAAA=: it was changed on its way, or is not the one meant. Nothing was stored.",
    ),
  },
  {
    cause: "encryption, which its upload decides",
    asked: part({ partNumber: "1" }, { "x-amz-server-side-encryption": "AES256" }),
    answer: invalidArgument(
      "x-amz-server-side-encryption header is not supported for this operation.",
      "x-amz-server-side-encryption",
      "AES256",
      'x-amz-server-side-encryption is "AES256", and UploadPart does not take it: objects are encrypted as their PUT or CreateMultipartUpload says.',
    ),
  },
  {
    cause: "a Content-MD5 of other bytes",
    asked: part({ partNumber: "1" }, { "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==" }),
    readsBody: true,
    answer: {
      status: 400,
      code: "BadDigest",
      message: "The Content-MD5 you specified did not match what we received.",
      details: { CalculatedDigest: "aXa2P9ePkyqFVxH3uwbBlg==", ExpectedDigest: "1B2M2Y8AsgTpgAmY7PhCfg==" },
      says: "The MD5 of the body that came is not the one in Content-MD5: it was changed on its way. Nothing was stored.",
    },
  },
  {
    cause: "more than 5 GiB",
    asked: part({ partNumber: "1" }, { "Content-Length": "5368709121" }),
    answer: {
      status: 400,
      code: "EntityTooLarge",
      message: "Your proposed upload exceeds the maximum allowed size",
      details: { ProposedSize: "5368709121", MaxSizeAllowed: "5368709120" },
      says: "The body has 5368709121 bytes, and one request can bring 5368709120; larger objects are made by multipart uploads.",
    },
  },
]);

refusals("AbortMultipartUpload", [
  {
    cause: "an upload that is not there",
    asked: { method: "DELETE", path: "/bucket/upload", query: { uploadId: "x" } },
    answer: noSuchUpload("x"),
  },
  {
    cause: "an upload of another key",
    asked: { method: "DELETE", path: "/bucket/key", query: { uploadId: "{uploadId}" } },
    answer: noSuchUpload("{uploadId}"),
  },
]);

refusals(
  "CompleteMultipartUpload",
  [
    {
      cause: "no parts",
      asked: complete([]),
      answer: malformedXml("CompleteMultipartUpload has no Part elements; name every part of the object."),
    },
    {
      cause: "no body",
      asked: { method: "POST", path: "/bucket/upload", query: { uploadId: "{uploadId}" } },
      readsBody: false,
      answer: invalidRequest(
        "You must specify at least one part",
        "The request has no body, and so names no parts; name every part that belongs to the object.",
      ),
    },
    {
      cause: "no body for an upload that is not there",
      asked: { method: "POST", path: "/bucket/upload", query: { uploadId: "x" } },
      readsBody: false,
      answer: noSuchUpload("x"),
    },
    {
      cause: "part 0",
      asked: complete([listed(0)]),
      answer: invalidArgument("PartNumber must be >= 1", "PartNumber", "0", "The list names part 0; part numbers begin at 1."),
    },
    {
      cause: "parts out of order",
      asked: complete([listed(2), listed(1)]),
      answer: {
        status: 400,
        code: "InvalidPartOrder",
        message: "The list of parts was not in ascending order. Parts must be ordered by part number.",
        details: { UploadId: "{uploadId}" },
        says: "Part 1 is listed after part 2; list each part once, in ascending order.",
      },
    },
    {
      cause: "a part twice",
      asked: complete([listed(1), listed(1)]),
      answer: {
        status: 400,
        code: "InvalidPartOrder",
        message: "The list of parts was not in ascending order. Parts must be ordered by part number.",
        details: { UploadId: "{uploadId}" },
        says: "Part 1 is listed after part 1; list each part once, in ascending order.",
      },
    },
    {
      cause: "a part that was never uploaded",
      asked: complete([listed(1), listed(9)]),
      answer: invalidPart(9, PART_ETAG, "Part 9 was never uploaded to this upload."),
    },
    {
      cause: "a part with another ETag",
      asked: complete([listed(1, "0123456789abcdef0123456789abcdef")]),
      answer: invalidPart(
        1,
        "0123456789abcdef0123456789abcdef",
        'Part 1 has the ETag "6976b63fd78f932a855711f7bb06c196", not "0123456789abcdef0123456789abcdef"; it may have been uploaded again since.',
      ),
    },
    {
      cause: "a small part before the last",
      asked: complete([listed(1), listed(2)]),
      answer: {
        status: 400,
        code: "EntityTooSmall",
        message: "Your proposed upload is smaller than the minimum allowed size",
        details: { ProposedSize: "5", MinSizeAllowed: "5242880", PartNumber: "1", ETag: PART_ETAG },
        says: "Part 1 has 5 bytes; every part but the last needs at least 5242880.",
      },
    },
    {
      cause: "an upload that is not there",
      asked: complete([listed(1)], {}, "x"),
      answer: noSuchUpload("x"),
    },
    {
      cause: "a part without its number",
      asked: complete([`<ETag>"${PART_ETAG}"</ETag>`]),
      answer: malformedXml("A Part has no PartNumber; each needs both."),
    },
    {
      cause: "a part whose number is none",
      asked: complete(["<PartNumber>one</PartNumber><ETag>e</ETag>"]),
      answer: malformedXml('PartNumber is "one", which is not a number.'),
    },
    {
      cause: "two checksums of a part",
      asked: complete([`${listed(1)}<ChecksumCRC32>AAAAAA==</ChecksumCRC32><ChecksumCRC32C>AAAAAA==</ChecksumCRC32C>`]),
      answer: invalidArgument(
        "Invalid Base64 or multiple checksums present in request",
        "Checksum",
        undefined,
        "Part 1 names 2 checksums; one is allowed.",
      ),
    },
    {
      cause: "another checksum of a part",
      asked: complete([`${listed(1)}<ChecksumCRC32>AAAAAA==</ChecksumCRC32>`], {}, "{compositeId}"),
      answer: invalidPart(
        1,
        PART_ETAG,
        'Part 1 has the CRC32 7CWXJg==, not "AAAAAA=="; it may have been uploaded again since.',
        "{compositeId}",
      ),
    },
    {
      cause: "a checksum of a part of an upload without",
      asked: complete([`${listed(1)}<ChecksumCRC32>7CWXJg==</ChecksumCRC32>`]),
      answer: invalidPart(
        1,
        PART_ETAG,
        "CreateMultipartUpload named no checksum algorithm, so no part keeps a checksum; leave ChecksumCRC32 out.",
      ),
    },
    {
      cause: "a checksum of a part by another algorithm",
      asked: complete([`${listed(1)}<ChecksumCRC32C>AAAAAA==</ChecksumCRC32C>`], {}, "{compositeId}"),
      answer: badDigest(
        "The crc32c you specified for part 1 did not match what we received.",
        "The upload was begun with CRC32, and part 1 is listed with a CRC32C; send ChecksumCRC32.",
      ),
    },
    {
      cause: "no checksum of a part of a composite upload",
      asked: complete([listed(1)], {}, "{compositeId}"),
      answer: invalidRequest(
        "The upload was created using a crc32 checksum. The complete request must include the checksum for each part. " +
          "It was missing for part 1 in the request.",
        "Add the ChecksumCRC32 element that UploadPart answered with to each Part.",
      ),
    },
    {
      cause: "another checksum mode",
      asked: complete([listed(1)], { "x-amz-checksum-type": "FULL_OBJECT" }, "{compositeId}"),
      answer: invalidRequest(
        "The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.",
        "x-amz-checksum-type is FULL_OBJECT here; leave it out or send what CreateMultipartUpload was given.",
      ),
    },
    {
      cause: "a checksum mode for an upload without",
      asked: complete([listed(1)], { "x-amz-checksum-type": "FULL_OBJECT" }),
      answer: invalidRequest(
        "The upload was created using the null checksum mode. The complete request must use the same checksum mode.",
        "x-amz-checksum-type is FULL_OBJECT here, and CreateMultipartUpload was given no algorithm; leave it out.",
      ),
    },
    {
      cause: "another size",
      asked: complete([listed(1)], { "x-amz-mp-object-size": "6" }),
      answer: invalidRequest(
        "The provided 'x-amz-mp-object-size' header value 6 does not match what was computed: 5",
        "The listed parts come to 5 bytes, not to the announced 6; a part may be missing from the list.",
      ),
    },
    {
      cause: "a size that is none",
      asked: complete([listed(1)], { "x-amz-mp-object-size": "big" }),
      readsBody: false,
      answer: invalidRequest(
        "Value for x-amz-mp-object-size header is invalid: 'big'",
        'x-amz-mp-object-size is "big"; it must be a whole number.',
      ),
    },
    {
      cause: "another checksum of the object",
      asked: complete([listed(1)], { "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=" }),
      answer: badDigest(
        "The crc64nvme you specified did not match the calculated checksum.",
        'The parts give CRC64NVME TwkqNiygOw4= (FULL_OBJECT), not CRC64NVME "AAAAAAAAAAA=".',
      ),
    },
    {
      cause: "the checksum of a full object without its type",
      asked: complete([listed(1)], { "x-amz-checksum-crc32c": "fYbFBw==" }, "{fullObjectId}"),
      answer: badDigest(
        "The crc32c you specified did not match the calculated checksum.",
        "Without x-amz-checksum-type the CRC32C sent counts as COMPOSITE; the upload was begun with FULL_OBJECT, so send that.",
      ),
    },
    {
      cause: "a checksum of the object that is none",
      asked: complete([listed(1)], { "x-amz-checksum-crc32": "7CWXJg==-one" }, "{compositeId}"),
      readsBody: false,
      answer: invalidRequest(
        "Value for x-amz-checksum-crc32 header is invalid.",
        'x-amz-checksum-crc32 is "7CWXJg==-one"; it must be the base64 of 4 bytes.',
      ),
    },
    {
      cause: "a number of parts behind a checksum that has none",
      asked: complete([listed(1)], { "x-amz-checksum-crc64nvme": "TwkqNiygOw4=-1" }),
      readsBody: false,
      answer: invalidRequest(
        "Value for x-amz-checksum-crc64nvme header is invalid.",
        'x-amz-checksum-crc64nvme is "TwkqNiygOw4=-1"; it must be the base64 of 8 bytes.',
      ),
    },
    {
      cause: "two checksums of the object",
      asked: complete([listed(1)], { "x-amz-checksum-crc32": "7CWXJg==", "x-amz-checksum-crc32c": "fYbFBw==" }),
      readsBody: false,
      answer: invalidRequest(
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        "Both CRC32 and CRC32C came; send one of them.",
      ),
    },
    {
      cause: "a form that If-None-Match does not take",
      asked: complete([listed(1)], { "If-None-Match": '"e"' }),
      answer: {
        status: 501,
        code: "NotImplemented",
        message: "A header you provided implies functionality that is not implemented",
        details: {
          Header: "If-None-Match",
          additionalMessage: "We don't accept the provided value of If-None-Match header for this API",
        },
        says: 'A write takes If-None-Match only with the value *, which means "if there is no such object"; "e" came.',
      },
    },
    {
      cause: "no object for If-Match",
      asked: complete([listed(1)], { "If-Match": '"e"' }),
      answer: {
        status: 404,
        code: "NoSuchKey",
        message: "The specified key does not exist.",
        details: { Key: "upload" },
        says: 'If-Match is "e", which can only hold for an object that exists, and there is none under this key.',
      },
    },
  ].map((row) => ({ readsBody: true, ...row, declaration: false })),
);
