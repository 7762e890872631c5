import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { S3Error } from "../../../src/errors/S3Error.ts";
import type { ChecksumType } from "../../../src/protocol/checksumAlgorithms.ts";
import type { CompletionRequest, ListedPart, SumUp } from "../../../src/store/uploads/completion.ts";
import {
  checkPartList,
  checkUnchangedKey,
  decideCompletion,
  MIN_PART_SIZE_BYTES,
  objectIdentity,
} from "../../../src/store/uploads/completion.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import type { PartRecord } from "../../../src/store/records/PartRecord.ts";
import type { UploadRecord } from "../../../src/store/records/UploadRecord.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../../../src/store/records/ObjectRecord.ts";

const UPLOAD: UploadRecord = {
  uploadId: "u",
  key: "k",
  initiatedAtMs: 0,
  storageClass: "STANDARD",
  ownerId: "o",
  ownerName: "o",
  initiatorId: "o",
  initiatorName: "o",
  system: {},
  user: [],
  checksumAlgorithm: undefined,
  ...PLAIN_OBJECT,
  checksumType: undefined,
  begunOn: undefined,
};

const COMPOSITE_UPLOAD: UploadRecord = { ...UPLOAD, checksumAlgorithm: "SHA256", checksumType: "COMPOSITE" };

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** A stored part whose bytes nobody reads: only its hashes matter here. */
function part(partNumber: number, sizeBytes: number = MIN_PART_SIZE_BYTES): PartRecord {
  const content = `part ${partNumber}`;
  return {
    partNumber,
    sizeBytes,
    etag: createHash("md5").update(content).digest("hex"),
    lastModifiedMs: 0,
    blob: `blob-${partNumber}`,
    checksum: { algorithm: "SHA256", type: "FULL_OBJECT", value: sha256(content).toString("base64") },
    cipher: undefined,
  };
}

function stored(...parts: PartRecord[]): Map<number, PartRecord> {
  return new Map(parts.map((one) => [one.partNumber, one]));
}

function listed(...parts: PartRecord[]): ListedPart[] {
  return parts.map(({ partNumber, etag, checksum }) => ({
    partNumber,
    etag: `"${etag}"`,
    checksum: { algorithm: "SHA256", value: checksum!.value },
  }));
}

const sumUp: SumUp = (parts) => ({
  algorithm: "SHA256",
  type: "COMPOSITE",
  value: `${parts.map((one) => one.value).join("+")}-${parts.length}`,
});

function request(parts: readonly ListedPart[], more: Partial<CompletionRequest> = {}): CompletionRequest {
  return { parts, checksumType: undefined, checksum: undefined, objectSizeBytes: undefined, sumUp, ...more };
}

test("CompleteMultipartUpload: the ETag is the MD5 of the parts' MD5s and their number", () => {
  const parts = [part(1), part(4, 10)];
  const object = decideCompletion(COMPOSITE_UPLOAD, stored(...parts), request(listed(...parts)));
  const expected = createHash("md5")
    .update(Buffer.concat(parts.map((one) => Buffer.from(one.etag, "hex"))))
    .digest("hex");
  assert.equal(object.etag, `${expected}-2`);
  assert.equal(object.sizeBytes, MIN_PART_SIZE_BYTES + 10);
});

test("CompleteMultipartUpload: the object's checksum is summed up from the listed parts, and compared with the one sent", () => {
  const parts = [part(1), part(2)];
  const value = `${parts.map((one) => one.checksum!.value).join("+")}-2`;
  const sent = request(listed(...parts), { checksum: { algorithm: "SHA256", type: "COMPOSITE", value } });
  const object = decideCompletion(COMPOSITE_UPLOAD, stored(...parts), sent);
  assert.deepEqual(object.checksum, { algorithm: "SHA256", type: "COMPOSITE", value });
  const wrong = request(listed(...parts), { checksum: { algorithm: "SHA256", type: "COMPOSITE", value: `${value}x` } });
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(...parts), wrong), {
    code: "BadDigest",
    message: "The sha256 you specified did not match the calculated checksum.",
  });
});

test("CompleteMultipartUpload: an unlisted part is left out", () => {
  const parts = [part(1), part(2), part(3, 5)];
  const object = decideCompletion(COMPOSITE_UPLOAD, stored(...parts), request(listed(parts[0]!, parts[2]!)));
  assert.deepEqual(
    object.parts.map((one) => one.partNumber),
    [1, 3],
  );
});

test("CompleteMultipartUpload: a part with another ETag answers InvalidPart with UploadId, PartNumber and ETag", () => {
  const parts = [{ ...listed(part(1))[0]!, etag: '"0123"' }];
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request(parts)), {
    code: "InvalidPart",
    details: [
      ["UploadId", "u"],
      ["PartNumber", "1"],
      ["ETag", "0123"],
    ],
  });
});

test("CompleteMultipartUpload: a part never uploaded answers InvalidPart", () => {
  const parts = listed(part(1), part(2));
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request(parts)), { code: "InvalidPart" });
});

test("CompleteMultipartUpload: a small part that is not the last answers EntityTooSmall with its size", () => {
  const parts = [part(1, MIN_PART_SIZE_BYTES - 1), part(2, 1)];
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(...parts), request(listed(...parts))), {
    code: "EntityTooSmall",
    details: [
      ["ProposedSize", String(MIN_PART_SIZE_BYTES - 1)],
      ["MinSizeAllowed", String(MIN_PART_SIZE_BYTES)],
      ["PartNumber", "1"],
      ["ETag", parts[0]!.etag],
    ],
  });
});

test("CompleteMultipartUpload: a composite upload without a part's checksum answers InvalidRequest", () => {
  const parts = [{ ...listed(part(1))[0]!, checksum: undefined }];
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request(parts)), {
    code: "InvalidRequest",
    message:
      "The upload was created using a sha256 checksum. The complete request must include the checksum for each part. " +
      "It was missing for part 1 in the request.",
  });
});

test("CompleteMultipartUpload: a part's checksum that is not the stored one answers InvalidPart", () => {
  const parts = [
    { ...listed(part(1))[0]!, checksum: { algorithm: "SHA256", value: sha256("other").toString("base64") } as const },
  ];
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request(parts)), {
    code: "InvalidPart",
    details: [
      ["UploadId", "u"],
      ["PartNumber", "1"],
      ["ETag", part(1).etag],
    ],
  });
});

test("CompleteMultipartUpload: a part's checksum by another algorithm than the upload's answers BadDigest", () => {
  const parts = [{ ...listed(part(1))[0]!, checksum: { algorithm: "CRC32", value: "AAAAAA==" } as const }];
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request(parts)), {
    code: "BadDigest",
    message: "The crc32 you specified for part 1 did not match what we received.",
  });
});

test("CompleteMultipartUpload: without an algorithm of the upload, a part's checksum answers InvalidPart, its own too", () => {
  assert.throws(() => decideCompletion(UPLOAD, stored(part(1)), request(listed(part(1)))), { code: "InvalidPart" });
});

test("CompleteMultipartUpload: without an algorithm of the upload, only S3's own checksum of the object is compared", () => {
  const parts = listed(part(1)).map((one) => ({ ...one, checksum: undefined }));
  const own: SumUp = () => ({ algorithm: "CRC64NVME", type: "FULL_OBJECT", value: "right" });
  const complete = (checksum: CompletionRequest["checksum"]) =>
    decideCompletion(UPLOAD, stored(part(1)), request(parts, { checksum, sumUp: own })).checksum;
  const right = { algorithm: "CRC64NVME", type: "FULL_OBJECT", value: "right" } as const;
  assert.deepEqual(complete({ algorithm: "SHA256", type: "COMPOSITE", value: "wrong" }), right);
  assert.deepEqual(complete(right), right);
  assert.throws(() => complete({ ...right, value: "wrong" }), { code: "BadDigest" });
});

test("CompleteMultipartUpload: a checksum of another type than the upload's answers BadDigest", () => {
  const upload: UploadRecord = { ...UPLOAD, checksumAlgorithm: "CRC32", checksumType: "FULL_OBJECT" };
  const parts = listed(part(1)).map((one) => ({ ...one, checksum: undefined }));
  const whole: SumUp = () => ({ algorithm: "CRC32", type: "FULL_OBJECT", value: "right" });
  const complete = (type: ChecksumType) => {
    const checksum = { algorithm: "CRC32", type, value: "right" } as const;
    return decideCompletion(upload, stored(part(1)), request(parts, { checksum, sumUp: whole }));
  };
  assert.equal(complete("FULL_OBJECT").checksum.value, "right");
  assert.throws(() => complete("COMPOSITE"), {
    code: "BadDigest",
    message: "The crc32 you specified did not match the calculated checksum.",
  });
});

test("CompleteMultipartUpload: a composite checksum may lack the number of parts, and not have another", () => {
  const value = (count: string) => `${part(1).checksum!.value}${count}`;
  const complete = (count: string) => {
    const checksum = { algorithm: "SHA256", type: "COMPOSITE", value: value(count) } as const;
    return decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request(listed(part(1)), { checksum })).checksum.value;
  };
  assert.equal(complete(""), value("-1"));
  assert.equal(complete("-1"), value("-1"));
  assert.throws(() => complete("-2"), { code: "BadDigest" });
});

/** An object of one byte, or of none. */
function objectWith(more: Partial<ObjectRecord> = {}): ObjectRecord {
  const content = { kind: "inline", id: "first" } as const;
  const owner = { ownerId: "o", ownerName: "o" };
  const described = {
    ...UNVERSIONED,
    ...PLAIN_OBJECT,
    etag: "e",
    storageClass: "STANDARD",
    system: {},
    user: [],
    partsCount: 0,
    checksum: undefined,
  };
  return { lastModifiedMs: 1, sizeBytes: 1, content, ...owner, ...described, ...more };
}

const IF_MATCH = { ifMatch: "*", ifNoneMatch: undefined };
const IF_NONE_MATCH = { ifMatch: undefined, ifNoneMatch: "*" };
const EMPTY = objectWith({ sizeBytes: 0, content: { kind: "empty" } });

const CHANGES: readonly (readonly [how: string, before: ObjectRecord | undefined, after: ObjectRecord | undefined])[] = [
  ["made", undefined, objectWith()],
  ["deleted", objectWith(), undefined],
  ["overwritten", objectWith(), objectWith({ content: { kind: "inline", id: "second" } })],
  ["overwritten by a copy with the same content", objectWith(), objectWith({ lastModifiedMs: 2 })],
  ["overwritten, both times without bytes", EMPTY, { ...EMPTY, lastModifiedMs: 2 }],
];

for (const [how, before, after] of CHANGES) {
  test(`CompleteMultipartUpload: on a condition, an object ${how} since the upload began answers ConditionalRequestConflict`, () => {
    const upload = { ...UPLOAD, begunOn: objectIdentity(before) };
    for (const [Condition, conditions] of [
      ["If-Match", IF_MATCH],
      ["If-None-Match", IF_NONE_MATCH],
    ] as const) {
      assert.throws(() => checkUnchangedKey(upload, conditions, after), {
        code: "ConditionalRequestConflict",
        details: [
          ["Condition", Condition],
          ["Key", "k"],
        ],
      });
    }
    checkUnchangedKey(upload, { ifMatch: undefined, ifNoneMatch: undefined }, after);
  });
}

test("CompleteMultipartUpload: an object unchanged since the upload began conflicts with nothing, nor does what nobody looked at", () => {
  for (const same of [undefined, objectWith(), EMPTY]) {
    checkUnchangedKey({ ...UPLOAD, begunOn: objectIdentity(same) }, IF_NONE_MATCH, same);
  }
  checkUnchangedKey({ ...UPLOAD, begunOn: undefined }, IF_MATCH, objectWith());
});

test("CompleteMultipartUpload: an announced size that the parts do not have answers InvalidRequest", () => {
  const announced = request(listed(part(1)), { objectSizeBytes: 3 });
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), announced), {
    message: `The provided 'x-amz-mp-object-size' header value 3 does not match what was computed: ${MIN_PART_SIZE_BYTES}`,
  });
});

test("CompleteMultipartUpload: another checksum type than the upload's answers InvalidRequest", () => {
  const other = request(listed(part(1)), { checksumType: "FULL_OBJECT" });
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), other), {
    message: "The upload was created using the COMPOSITE checksum mode. The complete request must use the same checksum mode.",
  });
});

test("CompleteMultipartUpload: an empty list answers InvalidRequest", () => {
  assert.throws(() => decideCompletion(COMPOSITE_UPLOAD, stored(part(1)), request([])), {
    code: "InvalidRequest",
    message: "You must specify at least one part",
  });
});

test("CompleteMultipartUpload: part 0, and parts out of order or twice are refused", () => {
  assert.throws(() => checkPartList("u", [{ partNumber: 0, etag: "", checksum: undefined }]), { code: "InvalidArgument" });
  for (const order of [
    [2, 1],
    [1, 1],
  ]) {
    const parts = order.map((partNumber) => ({ partNumber, etag: "", checksum: undefined }));
    assert.throws(() => checkPartList("u", parts), { code: "InvalidPartOrder", details: [["UploadId", "u"]] });
  }
});

const ETAG = part(1).etag;
const NO_CHECKSUMS = listed(part(1)).map((one) => ({ ...one, checksum: undefined }));

for (const etag of [ETAG, `"${ETAG}"`, ` "${ETAG}"\t`, ` ${ETAG} `]) {
  test(`CompleteMultipartUpload: the part of ETag ${etag} is found, in quotes or without`, () => {
    const parts = NO_CHECKSUMS.map((one) => ({ ...one, etag }));
    assert.equal(decideCompletion(UPLOAD, stored(part(1)), request(parts)).parts.length, 1);
  });
}

test("CompleteMultipartUpload: quotes of an ETag come in pairs", () => {
  for (const etag of [`"${ETAG}x`, `x${ETAG}"`, `"${ETAG}`, `${ETAG}"`, '"', `""${ETAG}""`, `'${ETAG}'`, ""]) {
    const parts = NO_CHECKSUMS.map((one) => ({ ...one, etag }));
    assert.throws(() => decideCompletion(UPLOAD, stored(part(1)), request(parts)), { code: "InvalidPart" }, etag);
  }
});

test("CompleteMultipartUpload: a part that cannot be is explained by what is wrong with it", () => {
  const told = (upload: UploadRecord, one: ListedPart): string | undefined => {
    try {
      decideCompletion(upload, stored(part(1)), request([one]));
    } catch (error) {
      return (error as S3Error).explanation;
    }
    return assert.fail("nothing was refused");
  };
  const right = listed(part(1))[0]!;
  const value = part(1).checksum!.value;
  assert.equal(told(UPLOAD, { ...right, partNumber: 2 }), "Part 2 was never uploaded to this upload.");
  assert.equal(
    told(UPLOAD, { ...right, etag: '"0123"' }),
    `Part 1 has the ETag "${ETAG}", not "0123"; it may have been uploaded again since.`,
  );
  assert.equal(
    told(UPLOAD, right),
    "CreateMultipartUpload named no checksum algorithm, so no part keeps a checksum; leave ChecksumSHA256 out.",
  );
  assert.equal(
    told(COMPOSITE_UPLOAD, { ...right, checksum: { algorithm: "SHA256", value: "other" } }),
    `Part 1 has the SHA256 ${value}, not "other"; it may have been uploaded again since.`,
  );
});

test("CompleteMultipartUpload: parts are all but the last of 5 MiB at least, and one part may have any size", () => {
  const complete = (...parts: PartRecord[]) => decideCompletion(COMPOSITE_UPLOAD, stored(...parts), request(listed(...parts)));
  assert.equal(complete(part(1, 0)).sizeBytes, 0);
  assert.equal(complete(part(1, 5_242_880), part(2, 0)).sizeBytes, 5_242_880);
  assert.throws(() => complete(part(1, 5_242_879), part(2, 0)), { code: "EntityTooSmall" });
  assert.throws(() => complete(part(1), part(2, 1), part(3)), { code: "EntityTooSmall" });
});

test("CompleteMultipartUpload: a checksum type is the upload's, and none where it has none", () => {
  const parts = listed(part(1));
  const typed = (upload: UploadRecord, checksumType: ChecksumType | undefined, list: readonly ListedPart[] = parts) =>
    decideCompletion(upload, stored(part(1)), request(list, { checksumType }));
  assert.equal(typed(COMPOSITE_UPLOAD, "COMPOSITE").parts.length, 1);
  assert.equal(typed(UPLOAD, undefined, NO_CHECKSUMS).parts.length, 1);
  assert.throws(() => typed(UPLOAD, "FULL_OBJECT", NO_CHECKSUMS), {
    code: "InvalidRequest",
    message: "The upload was created using the null checksum mode. The complete request must use the same checksum mode.",
    explanation: "x-amz-checksum-type is FULL_OBJECT here, and CreateMultipartUpload was given no algorithm; leave it out.",
  });
});

test("CompleteMultipartUpload: an announced size that the parts have is right, be it 0", () => {
  for (const sizeBytes of [0, 7]) {
    const announced = request(listed(part(1, sizeBytes)), { objectSizeBytes: sizeBytes });
    assert.equal(decideCompletion(COMPOSITE_UPLOAD, stored(part(1, sizeBytes)), announced).sizeBytes, sizeBytes);
  }
});

test("CompleteMultipartUpload: a list begins at 1 and may leave numbers out, or hold nothing", () => {
  const list = (...numbers: number[]): ListedPart[] =>
    numbers.map((partNumber) => ({ partNumber, etag: "", checksum: undefined }));
  checkPartList("u", list());
  checkPartList("u", list(1, 2, 10_000));
  checkPartList("u", list(7));
  assert.throws(() => checkPartList("u", list(0)), {
    code: "InvalidArgument",
    message: "PartNumber must be >= 1",
    details: [
      ["ArgumentName", "PartNumber"],
      ["ArgumentValue", "0"],
    ],
  });
  assert.throws(() => checkPartList("u", list(1, -1)), { code: "InvalidArgument" });
});
