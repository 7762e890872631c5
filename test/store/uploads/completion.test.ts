import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
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
  const described = { etag: "e", storageClass: "STANDARD", system: {}, user: [], partsCount: 0, checksum: undefined };
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
