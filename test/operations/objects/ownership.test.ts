import assert from "node:assert/strict";
import { test } from "node:test";
import { ListMultipartUploads } from "../../../src/operations/lists/ListMultipartUploads.ts";
import { ListObjects } from "../../../src/operations/lists/ListObjects.ts";
import { ListObjectsV2 } from "../../../src/operations/lists/ListObjectsV2.ts";
import { ListObjectVersions } from "../../../src/operations/lists/ListObjectVersions.ts";
import { ListParts } from "../../../src/operations/lists/ListParts.ts";
import { GetObjectAcl } from "../../../src/operations/objectSettings/ObjectAcl.ts";
import { PutBucketOwnershipControls } from "../../../src/operations/settings/BucketOwnershipControls.ts";
import { DeletePublicAccessBlock } from "../../../src/operations/settings/PublicAccessBlock.ts";
import { CompleteMultipartUpload } from "../../../src/operations/uploads/CompleteMultipartUpload.ts";
import { CreateMultipartUpload } from "../../../src/operations/uploads/CreateMultipartUpload.ts";
import { UploadPart } from "../../../src/operations/uploads/UploadPart.ts";
import { OWNER, payloadOf, refusal, STRANGER } from "../contextFor.ts";
import { inWords } from "../grants.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

/** Who owns what others write into OWNER's bucket, and the ACL it gets. */

const GUEST = { caller: STRANGER, may: () => true };

async function bucketBy(ObjectOwnership: string): Promise<VersionedBucket> {
  const bucket = await VersionedBucket.made({ ObjectOwnership });
  await bucket.ask(DeletePublicAccessBlock, {});
  return bucket;
}

async function shown(bucket: VersionedBucket): Promise<readonly string[]> {
  return inWords(await bucket.ask(GetObjectAcl, {}));
}

/** The ids that lists name as owners: of objects in both lists, and of versions. */
async function listedOwners(bucket: VersionedBucket): Promise<readonly (string | undefined)[]> {
  const [{ Contents: one }, { Contents: two }, { Versions: versions }] = [
    await bucket.ask(ListObjects, {}),
    await bucket.ask(ListObjectsV2, { FetchOwner: true }),
    await bucket.ask(ListObjectVersions, {}),
  ];
  return [one, two, versions].map((list) => list?.[0]?.Owner?.ID);
}

test("PutObject: who owns an object follows Object Ownership, in ACLs and lists", async () => {
  const expected = [
    ["BucketOwnerEnforced", undefined, "owner"],
    ["BucketOwnerEnforced", "bucket-owner-full-control", "owner"],
    ["BucketOwnerPreferred", undefined, "stranger"],
    ["BucketOwnerPreferred", "bucket-owner-full-control", "owner"],
    ["ObjectWriter", undefined, "stranger"],
  ] as const;
  for (const [ownership, ACL, owner] of expected) {
    const bucket = await bucketBy(ownership);
    await bucket.put("text", { ACL }, GUEST);
    assert.deepEqual(await shown(bucket), [`of ${owner}`, `FULL_CONTROL ${owner}`], `${ownership}, ${ACL}`);
    const { canonicalId } = owner === "owner" ? OWNER : STRANGER;
    assert.deepEqual(await listedOwners(bucket), [canonicalId, canonicalId, canonicalId], `${ownership}, ${ACL}`);
  }
});

test("PutObject: headers give an object its ACL, and a new version begins without the old one's", async () => {
  const bucket = await bucketBy("ObjectWriter");
  await bucket.put("text", { ACL: "bucket-owner-full-control" }, GUEST);
  assert.deepEqual(await shown(bucket), ["of stranger", "FULL_CONTROL stranger", "FULL_CONTROL owner"]);
  await bucket.put("text", { GrantRead: `id=${OWNER.canonicalId}` }, GUEST);
  assert.deepEqual(await shown(bucket), ["of stranger", "READ owner"]);
  await bucket.put("text", {}, GUEST);
  assert.deepEqual(await shown(bucket), ["of stranger", "FULL_CONTROL stranger"]);
});

test("PutObject: an ACL where ACLs are disabled is refused, but for what holds anyway", async () => {
  const bucket = await bucketBy("BucketOwnerEnforced");
  const refused = { code: "AccessControlListNotSupported", status: 400 } as const;
  await bucket.put("text", { ACL: "private" });
  await bucket.put("text", { GrantFullControl: `id=${OWNER.canonicalId}` });
  await refusal(bucket.put("text", { ACL: "private" }, GUEST), refused);
  await refusal(bucket.put("text", { ACL: "bucket-owner-read" }), refused);
  await refusal(bucket.put("text", { GrantFullControl: `id=${STRANGER.canonicalId}` }), refused);
});

test("PutObject: a public ACL is refused where it is blocked", async () => {
  const bucket = await VersionedBucket.made({ ObjectOwnership: "ObjectWriter" });
  await refusal(bucket.put("text", { ACL: "public-read" }), {
    code: "AccessDenied",
    status: 403,
    message:
      `User: ${OWNER.arn} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::bucket/key" because public ACLs ` +
      "are prevented by the BlockPublicAcls setting in S3 Block Public Access.",
  });
  await refusal(bucket.put("text", { GrantRead: "id=nobody" }), { code: "InvalidArgument", message: "Invalid id" });
});

test("CopyObject: a copy is its maker's, and does not take the ACL along", async () => {
  const bucket = await bucketBy("ObjectWriter");
  await bucket.put("text", { Key: "source", ACL: "public-read" }, GUEST);
  await bucket.copy("bucket/source");
  assert.deepEqual(await shown(bucket), ["of owner", "FULL_CONTROL owner"]);
  await bucket.copy("bucket/source", { ACL: "authenticated-read" });
  assert.deepEqual(await shown(bucket), ["of owner", "FULL_CONTROL owner", "READ global/AuthenticatedUsers"]);
});

async function begin(bucket: VersionedBucket, ACL?: string): Promise<string> {
  const { UploadId } = await bucket.ask(CreateMultipartUpload, { ACL }, GUEST);
  return UploadId!;
}

async function complete(bucket: VersionedBucket, UploadId: string): Promise<void> {
  const payload = payloadOf("part");
  const { ETag } = await bucket.ask(UploadPart, { UploadId, PartNumber: 1, Body: payload }, { payload });
  await bucket.ask(CompleteMultipartUpload, { UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
}

test("CreateMultipartUpload: who begins an upload owns it and its object, with the ACL asked for, whoever completes it", async () => {
  const bucket = await bucketBy("ObjectWriter");
  const UploadId = await begin(bucket, "bucket-owner-read");
  const { Uploads } = await bucket.ask(ListMultipartUploads, {});
  const { Owner } = await bucket.ask(ListParts, { UploadId });
  assert.deepEqual([Uploads?.[0]?.Owner?.ID, Owner?.ID], [STRANGER.canonicalId, STRANGER.canonicalId]);
  await complete(bucket, UploadId);
  assert.deepEqual(await shown(bucket), ["of stranger", "FULL_CONTROL stranger", "READ owner"]);
});

test("CompleteMultipartUpload: the object is the bucket's owner's where ACLs are disabled by then, and stays so", async () => {
  const bucket = await bucketBy("ObjectWriter");
  const UploadId = await begin(bucket, "public-read");
  const setOwnership = (ObjectOwnership: string) =>
    bucket.ask(PutBucketOwnershipControls, { OwnershipControls: { Rules: [{ ObjectOwnership }] } });
  await setOwnership("BucketOwnerEnforced");
  assert.equal((await bucket.ask(ListParts, { UploadId })).Owner?.ID, OWNER.canonicalId);
  await complete(bucket, UploadId);
  await setOwnership("ObjectWriter");
  assert.deepEqual(await shown(bucket), ["of owner", "FULL_CONTROL owner"]);
});

test("ListObjects: names the bucket's owner of every object while ACLs are disabled, and then the writers again", async () => {
  const bucket = await bucketBy("ObjectWriter");
  await bucket.put("text", {}, GUEST);
  const setOwnership = (ObjectOwnership: string) =>
    bucket.ask(PutBucketOwnershipControls, { OwnershipControls: { Rules: [{ ObjectOwnership }] } });
  await setOwnership("BucketOwnerEnforced");
  assert.deepEqual(await listedOwners(bucket), Array.from({ length: 3 }).fill(OWNER.canonicalId));
  await setOwnership("BucketOwnerPreferred");
  assert.deepEqual(await listedOwners(bucket), Array.from({ length: 3 }).fill(STRANGER.canonicalId));
});
