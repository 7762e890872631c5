import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObjectAcl, PutObjectAcl } from "../../../src/operations/objectSettings/ObjectAcl.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { PutBucketOwnershipControls } from "../../../src/operations/settings/BucketOwnershipControls.ts";
import { DeletePublicAccessBlock, PutPublicAccessBlock } from "../../../src/operations/settings/PublicAccessBlock.ts";
import type { OperationInputs } from "../../../src/protocol/generated/types.ts";
import type { ContextOptions } from "../contextFor.ts";
import { contextFor, OWNER, payloadOf, refusal, STRANGER } from "../contextFor.ts";
import { inWords, policyOf } from "../grants.ts";
import { Uploads } from "../uploads.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

test("GetObjectAcl: the bucket's owner has full control of every object there is", async () => {
  const uploads = await Uploads.inNewBucket();
  const { store, bucket } = uploads;
  const payload = payloadOf("x");
  await PutObject.handle({ ...uploads.target("k"), Body: payload }, contextFor({ store, bucket, payload }));
  const acl = (key: string, VersionId?: string) =>
    GetObjectAcl.handle({ ...uploads.target(key), VersionId }, contextFor({ store, bucket }));
  const { canonicalId: ID } = OWNER;
  const owned = { Owner: { ID }, Grants: [{ Grantee: { Type: "CanonicalUser", ID }, Permission: "FULL_CONTROL" }] };
  assert.deepEqual((await acl("k")).output, owned);
  assert.deepEqual((await acl("k", "null")).output, owned);
  await refusal(acl("nothing"), { code: "NoSuchKey", details: { Key: "nothing" } });
  await refusal(acl("k", "v1"), { code: "InvalidArgument", message: "Invalid version id specified" });
});

type PutInput = Omit<OperationInputs["PutObjectAcl"], "Bucket" | "Key">;

/** A bucket with versions and ACLs, that blocks nothing, and in it an object. */
async function withObject(options: ContextOptions = {}): Promise<readonly [VersionedBucket, string]> {
  const bucket = await VersionedBucket.made({ ObjectOwnership: "ObjectWriter" });
  await bucket.version("Enabled");
  await bucket.ask(DeletePublicAccessBlock, {});
  return [bucket, (await bucket.put("text", {}, options))!];
}

async function shown(bucket: VersionedBucket, VersionId?: string): Promise<readonly string[]> {
  return inWords(await bucket.ask(GetObjectAcl, { VersionId }));
}

test("PutObjectAcl: sets the ACL of the current version, or of one by its id, and leaves all else as it was", async () => {
  const [bucket, first] = await withObject();
  const second = await bucket.put("more", { Tagging: "a=b" });
  const before = await bucket.head();
  await bucket.ask(PutObjectAcl, { ACL: "public-read" });
  await bucket.ask(PutObjectAcl, { VersionId: first, AccessControlPolicy: policyOf(["READ owner"]) });
  assert.deepEqual(await shown(bucket), ["of owner", "FULL_CONTROL owner", "READ global/AllUsers"]);
  assert.deepEqual(await shown(bucket, second), await shown(bucket));
  assert.deepEqual(await shown(bucket, first), ["of owner", "READ owner"]);
  assert.deepEqual(await bucket.head(), before);
  assert.deepEqual(await bucket.read(), ["more", second]);
});

test("PutObjectAcl: says of which version it was", async () => {
  const [bucket, id] = await withObject();
  const context = contextFor({ store: bucket.store, bucket: await bucket.record() });
  const target = { Bucket: "bucket", Key: "key" };
  const put = await PutObjectAcl.handle({ ...target, ACL: "private" }, context);
  const got = await GetObjectAcl.handle({ ...target }, context);
  assert.deepEqual([put.headers, got.headers], [{ "x-amz-version-id": id }, { "x-amz-version-id": id }]);
});

test("PutObjectAcl: an object that another account wrote stays theirs, whoever sets its ACL", async () => {
  const [bucket] = await withObject({ caller: STRANGER });
  assert.deepEqual(await shown(bucket), ["of stranger", "FULL_CONTROL stranger"]);
  await bucket.ask(PutObjectAcl, { ACL: "bucket-owner-full-control" });
  assert.deepEqual(await shown(bucket), ["of stranger", "FULL_CONTROL stranger", "FULL_CONTROL owner"]);
  await bucket.ask(PutObjectAcl, { ACL: "bucket-owner-read" });
  assert.deepEqual(await shown(bucket), ["of stranger", "FULL_CONTROL stranger", "READ owner"]);
  const given = policyOf(["FULL_CONTROL owner"], OWNER.canonicalId);
  await refusal(bucket.ask(PutObjectAcl, { AccessControlPolicy: given }), { code: "AccessDenied", status: 403 });
  await bucket.ask(PutObjectAcl, { AccessControlPolicy: policyOf(["READ owner"], STRANGER.canonicalId) });
  assert.deepEqual(await shown(bucket), ["of stranger", "READ owner"]);
});

test("PutObjectAcl: what is not there is NoSuchKey or NoSuchVersion, and a delete marker MethodNotAllowed", async () => {
  const [bucket] = await withObject();
  await refusal(bucket.ask(PutObjectAcl, { Key: "none", ACL: "private" }), { code: "NoSuchKey" });
  const VersionId = (await bucket.delete()).VersionId!;
  await refusal(bucket.ask(PutObjectAcl, { ACL: "private" }), { code: "NoSuchKey" });
  await refusal(bucket.ask(PutObjectAcl, { VersionId, ACL: "private" }), { code: "MethodNotAllowed", status: 405 });
  await refusal(bucket.ask(PutObjectAcl, { VersionId: "v1", ACL: "private" }), { code: "InvalidArgument" });
});

test("PutObjectAcl: where ACLs are disabled, only what holds anyway can be said, and changes nothing", async () => {
  const [bucket] = await withObject({ caller: STRANGER });
  await bucket.ask(PutObjectAcl, { GrantRead: `id=${OWNER.canonicalId}` });
  const setOwnership = (ObjectOwnership: string) =>
    bucket.ask(PutBucketOwnershipControls, { OwnershipControls: { Rules: [{ ObjectOwnership }] } });
  await setOwnership("BucketOwnerEnforced");
  assert.deepEqual(await shown(bucket), ["of owner", "FULL_CONTROL owner"]);
  const put = (input: PutInput, caller = OWNER) => bucket.ask(PutObjectAcl, input, { caller });
  const full = `id=${OWNER.canonicalId}`;
  await put({ ACL: "bucket-owner-full-control" }, STRANGER);
  await put({ ACL: "private" });
  await put({ GrantFullControl: full });
  await put({ AccessControlPolicy: policyOf(["FULL_CONTROL owner"]) });
  const refused: readonly (readonly [PutInput, typeof OWNER])[] = [
    [{ ACL: "private" }, STRANGER],
    [{ ACL: "public-read" }, OWNER],
    [{ ACL: "bucket-owner-read" }, OWNER],
    [{ GrantRead: full }, OWNER],
    [{ GrantFullControl: full, GrantRead: full }, OWNER],
    [{ AccessControlPolicy: policyOf([]) }, OWNER],
  ];
  for (const [input, caller] of refused) {
    await refusal(put(input, caller), { code: "AccessControlListNotSupported", status: 400 });
  }
  await setOwnership("BucketOwnerPreferred");
  assert.deepEqual(await shown(bucket), ["of stranger", "READ owner"]);
});

test("PutObjectAcl: a public ACL is refused where it is blocked, by the action of the version", async () => {
  const [bucket, VersionId] = await withObject();
  await bucket.ask(PutPublicAccessBlock, { PublicAccessBlockConfiguration: { BlockPublicAcls: true } });
  const message = (action: string): string =>
    `User: ${OWNER.arn} is not authorized to perform: ${action} on resource: "arn:aws:s3:::bucket/key" because public ACLs ` +
    "are prevented by the BlockPublicAcls setting in S3 Block Public Access.";
  await refusal(bucket.ask(PutObjectAcl, { ACL: "public-read" }), { code: "AccessDenied", message: message("s3:PutObjectAcl") });
  await refusal(bucket.ask(PutObjectAcl, { VersionId, ACL: "public-read" }), {
    code: "AccessDenied",
    message: message("s3:PutObjectVersionAcl"),
  });
});
