import assert from "node:assert/strict";
import { test } from "node:test";
import { ListMultipartUploads } from "../../../src/operations/lists/ListMultipartUploads.ts";
import type { ListMultipartUploadsOutput, ListMultipartUploadsRequest } from "../../../src/protocol/generated/types.ts";
import { abortUpload } from "../../../src/store/uploads/multipart.ts";
import { contextFor, NOW_MS, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

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

test("ListMultipartUploads: an upload of another key is no marker, one of this key is, also when it has ended", async () => {
  const uploads = await Uploads.inNewBucket();
  const first = await uploads.begin("a", {}, NOW_MS);
  const second = await uploads.begin("a", {}, NOW_MS + 1);
  await uploads.begin("b", {}, NOW_MS + 2);
  await refusal(list(uploads, { KeyMarker: "b", UploadIdMarker: first }), {
    code: "InvalidArgument",
    message: "Invalid uploadId marker",
    details: { ArgumentName: "upload-id-marker", ArgumentValue: first },
  });
  await abortUpload(uploads.store, uploads.bucket, "a", first);
  const page = await list(uploads, { KeyMarker: "a", UploadIdMarker: first, MaxUploads: 1 });
  assert.deepEqual(page.Uploads?.[0]?.UploadId, second);
  // Of no key's digits, as the first stores made them.
  assert.deepEqual(names(await list(uploads, { KeyMarker: "a", UploadIdMarker: first.slice(0, 60) })), ["a", "b"]);
});

test("ListMultipartUploads: the next markers are those of the last upload shown, or empty", async () => {
  const uploads = await Uploads.inNewBucket();
  const next = async (more: Partial<ListMultipartUploadsRequest>): Promise<unknown[]> => {
    const output = await list(uploads, more);
    return [output.IsTruncated, output.NextKeyMarker, output.NextUploadIdMarker];
  };
  assert.deepEqual(await next({}), [false, "", ""]);
  await uploads.begin("dir/1", {});
  await uploads.begin("dir/2", {});
  assert.deepEqual(await next({ Delimiter: "/" }), [false, "", ""]);
  const id = await uploads.begin("a b", {});
  assert.deepEqual(await next({ Delimiter: "/", EncodingType: "url" }), [false, "a+b", id]);
  assert.deepEqual(await next({ MaxUploads: 1 }), [true, "a b", id]);
  const last = await uploads.begin("e", {});
  assert.deepEqual(await next({ Delimiter: "/", MaxUploads: 2 }), [true, "dir/", ""]);
  assert.deepEqual(await next({ Delimiter: "/", KeyMarker: "dir/" }), [false, "e", last]);
  assert.deepEqual(await next({ MaxUploads: 0 }), [false, "", ""]);
});
