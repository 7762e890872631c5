import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObjectAttributes } from "../../../src/operations/objects/GetObjectAttributes.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { writeBlob } from "../../../src/store/objects/content.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import { objectRow } from "../../../src/store/records/ObjectRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import { commit } from "../../store/testStore.ts";
import type { ContextOptions } from "../contextFor.ts";
import { bucketIn, contextFor, CUSTOMER_KEY, digestOf, memoryStore, NOW_MS, payloadOf, refusal } from "../contextFor.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../../../src/store/records/ObjectRecord.ts";

const ALL = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

async function opened() {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  await PutObject.handle({ Bucket: "bucket", Key: "key" }, contextFor({ store, bucket, payload: payloadOf("text") }));
  const attributes = async (input: object = {}, options: ContextOptions = {}) => {
    const request = { Bucket: "bucket", Key: "key", ObjectAttributes: ALL, ...input };
    return (await GetObjectAttributes.handle(request, contextFor({ store, bucket, ...options }))).output;
  };
  const multipart = async (type: "COMPOSITE" | "FULL_OBJECT") => {
    const parts = [1, 3, 7, 9].map((partNumber) => ({ partNumber, sizeBytes: partNumber, checksum: `sum${partNumber}` }));
    const object = {
      lastModifiedMs: NOW_MS,
      sizeBytes: 20,
      etag: "abc-4",
      storageClass: "STANDARD",
      ownerId: "",
      ownerName: "",
      ...UNVERSIONED,
      ...PLAIN_OBJECT,
      content: { kind: "content", id: "0102" } as const,
      system: {},
      user: [],
      partsCount: 4,
      checksum: { algorithm: "CRC32", type, value: type === "COMPOSITE" ? "whole-4" : "whole" } as const,
    };
    const { blob, sizeBytes, changes } = await writeBlob(store, payloadOf(Buffer.alloc(object.sizeBytes)));
    const content = { references: 1, segments: [{ blob: blob!, sizeBytes, salt: undefined }], parts, cipher: undefined };
    await commit(store, [...changes, put(contentRow("0102"), content), put(objectRow(bucket.id, "parts"), object)]);
  };
  return { attributes, multipart };
}

test("GetObjectAttributes: shows all attributes, the ETag without quotes, and no parts where there are none", async () => {
  const { attributes } = await opened();
  assert.deepEqual(await attributes(), {
    LastModified: new Date(NOW_MS),
    VersionId: undefined,
    ETag: digestOf("MD5", Buffer.from("text")).toString("hex"),
    Checksum: { ChecksumCRC64NVME: digestOf("CRC64NVME", Buffer.from("text")).toString("base64"), ChecksumType: "FULL_OBJECT" },
    ObjectParts: undefined,
    StorageClass: "STANDARD",
    ObjectSize: 4,
  });
});

test("GetObjectAttributes: shows only what is asked for", async () => {
  const { attributes } = await opened();
  const output = await attributes({ ObjectAttributes: ["ObjectSize"] });
  assert.equal(output.ObjectSize, 4);
  assert.deepEqual([output.ETag, output.Checksum, output.StorageClass], [undefined, undefined, undefined]);
});

test("GetObjectAttributes: pages through the parts of a composite object by their numbers", async () => {
  const { attributes, multipart } = await opened();
  await multipart("COMPOSITE");
  const page = async (input: object) => (await attributes({ Key: "parts", ...input })).ObjectParts;
  assert.deepEqual(await page({ MaxParts: 2 }), {
    TotalPartsCount: 4,
    PartNumberMarker: "0",
    NextPartNumberMarker: "3",
    MaxParts: 2,
    IsTruncated: true,
    Parts: [
      { PartNumber: 1, Size: 1, ChecksumCRC32: "sum1" },
      { PartNumber: 3, Size: 3, ChecksumCRC32: "sum3" },
    ],
  });
  const last = await page({ PartNumberMarker: "3" });
  assert.deepEqual(
    last?.Parts?.map(({ PartNumber }) => PartNumber),
    [7, 9],
  );
  assert.equal(last?.IsTruncated, false);
  assert.equal(last?.MaxParts, 1000);
  assert.deepEqual((await page({ MaxParts: 0 }))?.Parts, []);
  assert.equal((await page({ MaxParts: 5000 }))?.MaxParts, 1000);
  assert.equal((await page({ MaxParts: -1 }))?.MaxParts, 1000, "S3 passes it over");
});

test("GetObjectAttributes: shows a composite checksum without the number of parts", async () => {
  const { attributes, multipart } = await opened();
  await multipart("COMPOSITE");
  assert.deepEqual((await attributes({ Key: "parts" })).Checksum, { ChecksumCRC32: "whole", ChecksumType: "COMPOSITE" });
});

test("GetObjectAttributes: only counts the parts where they have no checksums of their own", async () => {
  const { attributes, multipart } = await opened();
  await multipart("FULL_OBJECT");
  assert.deepEqual((await attributes({ Key: "parts" })).ObjectParts, { TotalPartsCount: 4 });
});

test("GetObjectAttributes: refuses what it cannot answer", async () => {
  const { attributes } = await opened();
  await refusal(attributes({ Key: "none" }), { code: "NoSuchKey", details: { Key: "none" } });
  await refusal(attributes({ VersionId: "v".repeat(32) }), { code: "NoSuchVersion", status: 404 });
  await refusal(attributes({ PartNumberMarker: "-1" }), {
    code: "InvalidArgument",
    message: "Argument part-number-marker must be an integer between 0 and 2147483647",
    details: { ArgumentName: "part-number-marker", ArgumentValue: "-1" },
  });
  await refusal(attributes(CUSTOMER_KEY, { secure: true }), { code: "InvalidRequest" });
});
