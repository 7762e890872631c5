import assert from "node:assert/strict";
import { test } from "node:test";
import { ListMultipartUploads } from "../../src/operations/ListMultipartUploads.ts";
import type { ListMultipartUploadsOutput, ListMultipartUploadsRequest } from "../../src/protocol/generated/types.ts";
import { contextFor, NOW_MS, refusal } from "./contextFor.ts";
import { Uploads } from "./uploads.ts";

async function list(uploads: Uploads, more: Partial<ListMultipartUploadsRequest> = {}): Promise<ListMultipartUploadsOutput> {
  const input = { Bucket: uploads.bucket.name, ...more };
  return (await ListMultipartUploads.handle(input, contextFor({ store: uploads.store, bucket: uploads.bucket }))).output;
}

function names(output: ListMultipartUploadsOutput): string[] {
  return [...output.Uploads!.map(({ Key }) => Key!), ...output.CommonPrefixes!.map(({ Prefix }) => Prefix!)];
}

test("ListMultipartUploads: uploads come by key, and of one key by time of initiation", async () => {
  const uploads = await Uploads.inNewBucket();
  const later = await uploads.begin("b", {}, NOW_MS + 2);
  const earlier = await uploads.begin("b", {}, NOW_MS + 1);
  await uploads.begin("a", {}, NOW_MS + 3);
  const output = await list(uploads);
  assert.deepEqual(names(output), ["a", "b", "b"]);
  assert.deepEqual(
    output.Uploads!.slice(1).map(({ UploadId }) => UploadId),
    [earlier, later],
  );
});

test("ListMultipartUploads: pages go on behind the last upload, also in the middle of a key", async () => {
  const uploads = await Uploads.inNewBucket();
  const ids = [];
  for (const key of ["a", "b", "b", "b", "c"]) ids.push(await uploads.begin(key, {}, NOW_MS + ids.length));
  const found = [];
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let more = true; more;) {
    const page = await list(uploads, { MaxUploads: 2, ...markers });
    found.push(...page.Uploads!.map(({ UploadId }) => UploadId!));
    more = page.IsTruncated === true;
    if (more) markers = { KeyMarker: page.NextKeyMarker!, UploadIdMarker: page.NextUploadIdMarker! };
  }
  assert.deepEqual(found, ids);
});

test("ListMultipartUploads: keys fold at the delimiter, whatever the upload ids hold", async () => {
  const uploads = await Uploads.inNewBucket();
  for (const key of ["dir/a", "dir/b", "top", "0"]) await uploads.begin(key, {});
  assert.deepEqual(names(await list(uploads, { Delimiter: "/" })), ["0", "top", "dir/"]);
  assert.deepEqual(names(await list(uploads, { Delimiter: "/", Prefix: "dir/" })), ["dir/a", "dir/b"]);
});

test("ListMultipartUploads: an upload-id-marker that is no upload id answers InvalidArgument", async () => {
  const uploads = await Uploads.inNewBucket();
  await refusal(list(uploads, { KeyMarker: "a", UploadIdMarker: "nonsense" }), {
    code: "InvalidArgument",
    message: "Invalid uploadId marker",
    details: { ArgumentName: "upload-id-marker", ArgumentValue: "nonsense" },
  });
});
