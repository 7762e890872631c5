import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateMultipartUpload } from "../../../src/operations/uploads/CreateMultipartUpload.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { contextFor, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

test("CreateMultipartUpload: what it is given comes back with the object", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k", {
    ContentType: "text/plain",
    Metadata: { colour: "blue" },
    StorageClass: "STANDARD_IA",
    ChecksumAlgorithm: "CRC32",
  });
  await uploads.complete("k", id, [await uploads.part("k", id, 1, "all")]);
  const { output } = await HeadObject.handle(uploads.target("k"), contextFor({ store: uploads.store, bucket: uploads.bucket }));
  assert.equal(output.ContentType, "text/plain");
  assert.deepEqual(output.Metadata, { colour: "blue" });
  assert.equal(output.StorageClass, "STANDARD_IA");
});

test("CreateMultipartUpload: it names the algorithm and the type it will use", async () => {
  const uploads = await Uploads.inNewBucket();
  const context = contextFor({ store: uploads.store, bucket: uploads.bucket });
  const { output } = await CreateMultipartUpload.handle({ ...uploads.target("k"), ChecksumAlgorithm: "CRC64NVME" }, context);
  assert.equal(output.ChecksumAlgorithm, "CRC64NVME");
  assert.equal(output.ChecksumType, "FULL_OBJECT");
});

test("CreateMultipartUpload: a type the algorithm does not have answers InvalidRequest", async () => {
  const uploads = await Uploads.inNewBucket();
  await refusal(uploads.begin("k", { ChecksumAlgorithm: "SHA256", ChecksumType: "FULL_OBJECT" }), {
    code: "InvalidRequest",
    message: "The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.",
  });
});

test("CreateMultipartUpload: a type without algorithm answers InvalidRequest", async () => {
  const uploads = await Uploads.inNewBucket();
  await refusal(uploads.begin("k", { ChecksumType: "COMPOSITE" }), {
    code: "InvalidRequest",
    message: "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
  });
});
