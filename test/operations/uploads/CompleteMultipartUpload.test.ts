import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { bytesOf, contextFor, digestOf, refusal } from "../contextFor.ts";
import { FULL_PART, Uploads } from "../uploads.ts";

test("CompleteMultipartUpload: the object is its parts in order, with S3's ETag and a composite checksum", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const second = await uploads.part("k", id, 2, "end");
  const first = await uploads.part("k", id, 1, FULL_PART);
  const completed = await uploads.complete("k", id, [first, second]);
  const md5s = Buffer.concat([createHash("md5").update(FULL_PART).digest(), createHash("md5").update("end").digest()]);
  const crcs = Buffer.concat([digestOf("CRC32", FULL_PART), digestOf("CRC32", Buffer.from("end"))]);
  assert.equal(completed.ETag, `"${createHash("md5").update(md5s).digest("hex")}-2"`);
  assert.equal(completed.ChecksumCRC32, `${digestOf("CRC32", crcs).toString("base64")}-2`);
  assert.equal(completed.ChecksumType, "COMPOSITE");
  assert.equal(completed.Location, "http://localhost:9000/bucket/k");
  const { output } = await GetObject.handle(uploads.target("k"), contextFor({ store: uploads.store, bucket: uploads.bucket }));
  assert.deepEqual(await bytesOf(output.Body), Buffer.concat([FULL_PART, Buffer.from("end")]));
});

test("CompleteMultipartUpload: a full-object checksum is that of the whole, made from the parts' alone", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const parts = [await uploads.part("k", id, 1, FULL_PART), await uploads.part("k", id, 2, "end")];
  const whole = digestOf("CRC32", Buffer.concat([FULL_PART, Buffer.from("end")])).toString("base64");
  await refusal(uploads.complete("k", id, parts, { ChecksumCRC32: whole }), { code: "BadDigest" });
  const completed = await uploads.complete("k", id, parts, { ChecksumCRC32: whole, ChecksumType: "FULL_OBJECT" });
  assert.equal(completed.ChecksumCRC32, whole);
  assert.equal(completed.ChecksumType, "FULL_OBJECT");
});

test("CompleteMultipartUpload: a checksum of the whole without a type is of the algorithm's first", async () => {
  const uploads = await Uploads.inNewBucket();
  const compositeId = await uploads.begin("k");
  const parts = [await uploads.part("k", compositeId, 1, "all")];
  const composite = `${digestOf("CRC32", digestOf("CRC32", Buffer.from("all"))).toString("base64")}-1`;
  const whole = { CRC32: digestOf("CRC32", Buffer.from("all")), CRC64NVME: digestOf("CRC64NVME", Buffer.from("all")) };
  await refusal(uploads.complete("k", compositeId, parts, { ChecksumCRC32: whole.CRC32.toString("base64") }), {
    code: "BadDigest",
  });
  assert.equal((await uploads.complete("k", compositeId, parts, { ChecksumCRC32: composite })).ChecksumType, "COMPOSITE");
  const wholeId = await uploads.begin("k", { ChecksumAlgorithm: "CRC64NVME" });
  const own = [await uploads.part("k", wholeId, 1, "all", "CRC64NVME")];
  const ChecksumCRC64NVME = whole.CRC64NVME.toString("base64");
  assert.equal((await uploads.complete("k", wholeId, own, { ChecksumCRC64NVME })).ChecksumType, "FULL_OBJECT");
});

test("CompleteMultipartUpload: a composite checksum wants every part's, and no part's by another algorithm", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const parts = [await uploads.part("k", id, 1, FULL_PART), await uploads.part("k", id, 2, "end")];
  const { PartNumber, ETag } = parts[1]!;
  await refusal(uploads.complete("k", id, [parts[0]!, { PartNumber, ETag }]), { code: "InvalidRequest" });
  const ChecksumSHA256 = digestOf("SHA256", Buffer.from("end")).toString("base64");
  await refusal(uploads.complete("k", id, [parts[0]!, { PartNumber, ETag, ChecksumSHA256 }]), { code: "BadDigest" });
  const wholeId = await uploads.begin("k", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const bare = { PartNumber: 1, ETag: (await uploads.part("k", wholeId, 1, "all")).ETag };
  assert.equal((await uploads.complete("k", wholeId, [bare])).ChecksumType, "FULL_OBJECT");
});

test("CompleteMultipartUpload: a wrong checksum of the whole answers BadDigest and keeps the upload", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
  const parts = [await uploads.part("k", id, 1, "all")];
  await refusal(uploads.complete("k", id, parts, { ChecksumCRC32: "AAAAAA==" }), {
    code: "BadDigest",
    message: "The crc32 you specified did not match the calculated checksum.",
  });
  assert.ok((await uploads.complete("k", id, parts)).ETag);
});

test("CompleteMultipartUpload: ConditionalRequestConflict when the object that If-Match names is deleted meanwhile", async (t) => {
  const uploads = await Uploads.inNewBucket();
  const before = await uploads.begin("k");
  const { ETag } = await uploads.complete("k", before, [await uploads.part("k", before, 1, "before")]);
  const id = await uploads.begin("k");
  const parts = [await uploads.part("k", id, 1, "after")];
  const { store, bucket } = uploads;
  const { metadata } = store;
  const deleteFirst: typeof metadata.transact = async (...given) => {
    await DeleteObject.handle(uploads.target("k"), contextFor({ store, bucket }));
    return metadata.transact(...given);
  };
  t.mock.method(metadata, "transact", deleteFirst, { times: 1 });
  await refusal(uploads.complete("k", id, parts, { IfMatch: ETag }), {
    code: "ConditionalRequestConflict",
    status: 409,
    details: { Condition: "If-Match", Key: "k" },
  });
});

test("CompleteMultipartUpload: the key written since the upload began answers 409 on If-None-Match, and 412 where it was there before", async () => {
  const uploads = await Uploads.inNewBucket();
  const [early, begunEarly] = [await uploads.begin("k"), await uploads.begin("k")];
  const parts = [await uploads.part("k", early, 1, "all")];
  await uploads.complete("k", early, parts, { IfNoneMatch: "*" });
  await uploads.part("k", begunEarly, 1, "all");
  const conflict = {
    code: "ConditionalRequestConflict",
    status: 409,
    details: { Condition: "If-None-Match", Key: "k" },
  } as const;
  await refusal(uploads.complete("k", begunEarly, parts, { IfNoneMatch: "*" }), conflict);
  const begunLate = await uploads.begin("k");
  await uploads.part("k", begunLate, 1, "all");
  await refusal(uploads.complete("k", begunLate, parts, { IfNoneMatch: "*" }), { code: "PreconditionFailed", status: 412 });
  // The first completion goes on answering, and without a condition the conflicting upload becomes the object.
  assert.ok((await uploads.complete("k", early, parts, { IfNoneMatch: "*" })).ETag);
  assert.ok((await uploads.complete("k", begunEarly, parts)).ETag);
});

test("CompleteMultipartUpload: If-Match holds for the object that was there as the upload began, and conflicts with its successor", async () => {
  const uploads = await Uploads.inNewBucket();
  const first = await uploads.begin("k");
  const parts = [await uploads.part("k", first, 1, "all")];
  const { ETag } = await uploads.complete("k", first, parts);
  const [second, third] = [await uploads.begin("k"), await uploads.begin("k")];
  for (const id of [second, third]) await uploads.part("k", id, 1, "all");
  // The successor has the same ETag: it is another object all the same.
  assert.equal((await uploads.complete("k", second, parts, { IfMatch: ETag })).ETag, ETag);
  const conflict = { code: "ConditionalRequestConflict", details: { Condition: "If-Match", Key: "k" } } as const;
  await refusal(uploads.complete("k", third, parts, { IfMatch: ETag }), conflict);
});

test("CompleteMultipartUpload: an upload without an algorithm whose parts bring some has S3's own checksum", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k", {});
  const parts = [await uploads.part("k", id, 1, FULL_PART, "SHA256"), await uploads.part("k", id, 2, "end", "CRC32")].map(
    ({ PartNumber, ETag }) => ({ PartNumber, ETag }),
  );
  const completed = await uploads.complete("k", id, parts, { ChecksumSHA256: digestOf("SHA256", FULL_PART).toString("base64") });
  const whole = digestOf("CRC64NVME", Buffer.concat([FULL_PART, Buffer.from("end")])).toString("base64");
  assert.equal(completed.ChecksumCRC64NVME, whole);
  assert.equal(completed.ChecksumType, "FULL_OBJECT");
  assert.equal(completed.ChecksumSHA256, undefined);
  const context = contextFor({ store: uploads.store, bucket: uploads.bucket });
  const read = async (more: object) =>
    (await HeadObject.handle({ ...uploads.target("k"), ChecksumMode: "ENABLED", ...more }, context)).output;
  const { ChecksumCRC64NVME, ChecksumType } = await read({ PartNumber: 2 });
  assert.equal(ChecksumCRC64NVME, digestOf("CRC64NVME", Buffer.from("end")).toString("base64"));
  assert.equal(ChecksumType, "FULL_OBJECT");
  assert.equal((await read({})).ChecksumCRC64NVME, whole);
});

test("CompleteMultipartUpload: a document without parts answers MalformedXML, no document InvalidRequest", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  await refusal(uploads.complete("k", id, [], { MultipartUpload: {} }), { code: "MalformedXML" });
  const none = { MultipartUpload: undefined };
  await refusal(uploads.complete("k", id, [], none), { code: "InvalidRequest", message: "You must specify at least one part" });
  await refusal(uploads.complete("k", "nothing", [], none), { code: "NoSuchUpload" });
});

test("CompleteMultipartUpload: repeated, it answers as the first time", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const parts = [await uploads.part("k", id, 1, "all")];
  const first = await uploads.complete("k", id, parts);
  assert.deepEqual(await uploads.complete("k", id, parts), first);
});

test("CompleteMultipartUpload: an unknown upload answers NoSuchUpload with its id", async () => {
  const uploads = await Uploads.inNewBucket();
  const parts = [{ PartNumber: 1, ETag: "x" }];
  await refusal(uploads.complete("k", "nothing", parts), { code: "NoSuchUpload", status: 404, details: { UploadId: "nothing" } });
});

test("CompleteMultipartUpload: another key's upload answers NoSuchUpload", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  const parts = [await uploads.part("k", id, 1, "all")];
  await refusal(uploads.complete("other", id, parts), { code: "NoSuchUpload" });
});

test("CompleteMultipartUpload: If-None-Match * on an existing key answers 412 PreconditionFailed with Condition", async () => {
  const uploads = await Uploads.inNewBucket();
  for (const [index, code] of [undefined, "PreconditionFailed"].entries()) {
    const id = await uploads.begin("k");
    const completing = uploads.complete("k", id, [await uploads.part("k", id, 1, `content ${index}`)], { IfNoneMatch: "*" });
    if (code === undefined) await completing;
    else await refusal(completing, { code: "PreconditionFailed", status: 412, details: { Condition: "If-None-Match" } });
  }
});

test("CompleteMultipartUpload: of twenty racing If-None-Match *, exactly one wins", async () => {
  const uploads = await Uploads.inNewBucket();
  const racing = Array.from({ length: 20 }, async (_, index) => {
    const id = await uploads.begin("k");
    return uploads.complete("k", id, [await uploads.part("k", id, 1, `content ${index}`)], { IfNoneMatch: "*" });
  });
  const settled = await Promise.allSettled(racing);
  assert.equal(settled.filter(({ status }) => status === "fulfilled").length, 1);
});

test("HeadObject: partNumber of a multipart object shows that part, and how many there are", async () => {
  const uploads = await Uploads.inNewBucket();
  const id = await uploads.begin("k");
  await uploads.complete("k", id, [await uploads.part("k", id, 1, FULL_PART), await uploads.part("k", id, 2, "end")]);
  const context = contextFor({ store: uploads.store, bucket: uploads.bucket });
  const { output, status } = await HeadObject.handle({ ...uploads.target("k"), PartNumber: 2 }, context);
  assert.equal(status, 206);
  assert.equal(output.ContentLength, 3);
  assert.equal(output.PartsCount, 2);
});
