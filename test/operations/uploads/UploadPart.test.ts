import assert from "node:assert/strict";
import { test } from "node:test";
import { UploadPart } from "../../../src/operations/uploads/UploadPart.ts";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { bytesOf, contextFor, CUSTOMER_KEY, digestOf, payloadOf, refusal } from "../contextFor.ts";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { Uploads } from "../uploads.ts";

test("UploadPart: a part sent again replaces the one before", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  await uploads.part("k", id, 1, "old");
  await uploads.complete("k", id, [await uploads.part("k", id, 1, "new")]);
  const { output } = await GetObject.handle(uploads.target("k"), contextFor({ store: uploads.store, bucket: uploads.bucket }));
  assert.equal((await bytesOf(output.Body)).toString(), "new");
});

test("UploadPart: part numbers outside 1 to 10000 answer InvalidArgument", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  for (const partNumber of [0, 10_001, -1]) {
    await refusal(uploads.part("k", id, partNumber, "x"), {
      code: "InvalidArgument",
      message: "Part number must be an integer between 1 and 10000, inclusive",
      details: { ArgumentName: "partNumber", ArgumentValue: String(partNumber) },
    });
  }
});

test("UploadPart: an unknown upload answers NoSuchUpload", async () => {
  const uploads = await Uploads.inNewBucket();
  await refusal(uploads.part("k", "nothing", 1, "x"), { code: "NoSuchUpload", details: { UploadId: "nothing" } });
});

function mismatch(expected: string, actual: string) {
  const message = `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`;
  return { code: "InvalidRequest", message } as const;
}

test("UploadPart: a checksum of another algorithm than the upload's answers InvalidRequest", async () => {
  const uploads = await Uploads.inNewBucket();
  const composite = await uploads.begin("k", { ChecksumAlgorithm: "SHA1" });
  await refusal(uploads.part("k", composite, 1, "x", "CRC32"), mismatch("sha1", "crc32"));
  const fullObject = await uploads.begin("k", { ChecksumAlgorithm: "CRC64NVME" });
  await refusal(uploads.part("k", fullObject, 1, "x", "CRC32"), mismatch("crc64nvme", "crc32"));
});

test("UploadPart: a part without a checksum answers InvalidRequest where the object's is made of the parts' own", async () => {
  const uploads = await Uploads.inNewBucket();
  const composite = await uploads.begin("k", { ChecksumAlgorithm: "SHA256" });
  await refusal(uploads.part("k", composite, 1, "x", "none"), mismatch("sha256", "null"));
  const fullObject = await uploads.begin("k", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const { ChecksumCRC32 } = await uploads.part("k", fullObject, 1, "x", "none");
  assert.equal(ChecksumCRC32, digestOf("CRC32", Buffer.from("x")).toString("base64"));
});

test("UploadPart: an upload without an algorithm shows the checksum a part brings, and none where it brings none", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k", {});
  const etag = `"${digestOf("MD5", Buffer.from("x")).toString("hex")}"`;
  const shown = { ServerSideEncryption: "AES256" };
  const sha1 = digestOf("SHA1", Buffer.from("x")).toString("base64");
  assert.deepEqual(await uploads.part("k", id, 1, "x", "SHA1"), { PartNumber: 1, ETag: etag, ...shown, ChecksumSHA1: sha1 });
  assert.deepEqual(await uploads.part("k", id, 2, "x", "none"), { PartNumber: 2, ETag: etag, ...shown });
});

test("UploadPart: a customer's key for an upload that was begun without one answers InvalidRequest, and stores nothing", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const payload = payloadOf("x");
  const context = contextFor({ store: uploads.store, bucket: uploads.bucket, payload, secure: true });
  const input = { ...uploads.target("k"), ...CUSTOMER_KEY, UploadId: id, PartNumber: 1, Body: payload };
  await refusal(UploadPart.handle(input, context), {
    code: "InvalidRequest",
    message:
      "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
  });
  assert.equal((await uploads.store.blobs.statistics()).blobs, 0);
});

test("UploadPart: a body that is not what it claims to be leaves no part behind", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const payload = payloadOf("x", { declared: "CRC32", failure: new S3Error("BadDigest", { explanation: "changed on its way" }) });
  const context = contextFor({ store: uploads.store, bucket: uploads.bucket, payload });
  const uploading = UploadPart.handle({ ...uploads.target("k"), UploadId: id, PartNumber: 1, Body: payload }, context);
  await refusal(uploading, { code: "BadDigest" });
  const listing = [{ PartNumber: 1, ETag: "9dd4e461268c8034f5c8564e155c67a6", ChecksumCRC32: "jNwbgw==" }];
  await refusal(uploads.complete("k", id, listing), { code: "InvalidPart" });
  assert.equal((await uploads.store.blobs.statistics()).blobs, 0);
});
