import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { UploadPartCopy } from "../../../src/operations/uploads/UploadPartCopy.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { bytesOf, contextFor, digestOf, payloadOf, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

/** A bucket with the object "source", and an upload for "k". */
async function withSource(content: string): Promise<{ uploads: Uploads; id: string; copy: (range?: string) => Promise<string> }> {
  const uploads = await Uploads.inNewBucket();
  const payload = payloadOf(content);
  await PutObject.handle(
    { ...uploads.target("source"), Body: payload },
    contextFor({ store: uploads.store, bucket: uploads.bucket, payload }),
  );
  const id = await uploads.begin("k");
  const copy = async (range?: string): Promise<string> => {
    const input = {
      ...uploads.target("k"),
      UploadId: id,
      PartNumber: 1,
      CopySource: `/${uploads.bucket.name}/source`,
      CopySourceRange: range,
    };
    const { output } = await UploadPartCopy.handle(input, contextFor({ store: uploads.store, bucket: uploads.bucket }));
    const part = { PartNumber: 1, ETag: output.CopyPartResult!.ETag, ChecksumCRC32: output.CopyPartResult!.ChecksumCRC32 };
    await uploads.complete("k", id, [part]);
    const got = await GetObject.handle(uploads.target("k"), contextFor({ store: uploads.store, bucket: uploads.bucket }));
    return (await bytesOf(got.output.Body)).toString();
  };
  return { uploads, id, copy };
}

test("UploadPartCopy: the whole source becomes a part", async () => {
  const { copy } = await withSource("0123456789");
  assert.equal(await copy(), "0123456789");
});

test("UploadPartCopy: S3 sums up what it copies itself, also for a composite checksum", async () => {
  const { uploads } = await withSource("0123456789");
  const copied = async (ChecksumAlgorithm: "SHA256" | undefined) => {
    const UploadId = await uploads.begin("k", { ChecksumAlgorithm });
    const input = { ...uploads.target("k"), UploadId, PartNumber: 1, CopySource: `/${uploads.bucket.name}/source` };
    const context = contextFor({ store: uploads.store, bucket: uploads.bucket });
    const {
      ETag: _etag,
      LastModified: _date,
      ...checksums
    } = (await UploadPartCopy.handle(input, context)).output.CopyPartResult!;
    return checksums;
  };
  const value = digestOf("SHA256", Buffer.from("0123456789")).toString("base64");
  assert.deepEqual(await copied("SHA256"), { ChecksumSHA256: value });
  assert.deepEqual(await copied(undefined), {});
});

test("UploadPartCopy: a range of the source becomes a part", async () => {
  const { copy } = await withSource("0123456789");
  assert.equal(await copy("bytes=2-4"), "234");
});

test("UploadPartCopy: a range that does not parse, is backwards or goes beyond the source is refused with S3's texts", async () => {
  const { copy } = await withSource("0123456789");
  const form =
    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of " +
    "the first and last bytes to copy";
  for (const range of ["2-4", "bytes=2-", "bytes=-4", "bytes=4-2", "bytes=0-1,3-4"]) {
    await refusal(copy(range), {
      code: "InvalidArgument",
      message: form,
      details: { ArgumentName: "x-amz-copy-source-range", ArgumentValue: range },
    });
  }
  await refusal(copy("bytes=3-10"), {
    code: "InvalidArgument",
    message: "Range specified is not valid for source object of size: 10",
  });
  await refusal(copy("bytes=10-12"), {
    code: "InvalidRequest",
    message: "The specified copy range is invalid for the source object size",
  });
});

test("UploadPartCopy: a source that is not there answers NoSuchKey", async () => {
  const { uploads, id } = await withSource("0");
  const input = { ...uploads.target("k"), UploadId: id, PartNumber: 1, CopySource: `${uploads.bucket.name}/nothing` };
  const copying = UploadPartCopy.handle(input, contextFor({ store: uploads.store, bucket: uploads.bucket }));
  await refusal(copying, { code: "NoSuchKey", details: { Key: "nothing" } });
});
