import assert from "node:assert/strict";
import { test } from "node:test";
import { ListParts } from "../../../src/operations/lists/ListParts.ts";
import { contextFor, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

async function list(uploads: Uploads, UploadId: string, more: { MaxParts?: number; PartNumberMarker?: string } = {}) {
  const input = { ...uploads.target("k"), UploadId, ...more };
  return (await ListParts.handle(input, contextFor({ store: uploads.store, bucket: uploads.bucket }))).output;
}

test("ListParts: parts come by number, page by page", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  for (const number of [10_000, 3, 1, 256]) await uploads.part("k", id, number, `part ${number}`);
  const first = await list(uploads, id, { MaxParts: 2 });
  assert.deepEqual(
    first.Parts!.map(({ PartNumber, Size }) => [PartNumber, Size]),
    [
      [1, 6],
      [3, 6],
    ],
  );
  assert.equal(first.IsTruncated, true);
  assert.equal(first.NextPartNumberMarker, "3");
  const second = await list(uploads, id, { PartNumberMarker: first.NextPartNumberMarker });
  assert.deepEqual(
    second.Parts!.map(({ PartNumber }) => PartNumber),
    [256, 10_000],
  );
  assert.equal(second.IsTruncated, false);
  assert.equal(second.ChecksumAlgorithm, "CRC32");
  assert.ok(second.Parts!.every(({ ChecksumCRC32 }) => ChecksumCRC32 !== undefined));
});

test("ListParts: an upload without an algorithm shows no checksums, whatever its parts brought", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k", {});
  await uploads.part("k", id, 1, "x", "CRC32");
  const { ChecksumAlgorithm, ChecksumType, Parts } = await list(uploads, id);
  assert.deepEqual([ChecksumAlgorithm, ChecksumType], [undefined, undefined]);
  assert.deepEqual(Object.keys(Parts![0]!), ["PartNumber", "LastModified", "ETag", "Size"]);
});

test("ListParts: an unknown upload answers NoSuchUpload, also for a key that does not exist", async () => {
  const uploads = await Uploads.inNewBucket();
  await refusal(list(uploads, "nothing"), { code: "NoSuchUpload" });
});
