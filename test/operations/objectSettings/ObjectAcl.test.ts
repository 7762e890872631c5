import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObjectAcl } from "../../../src/operations/objectSettings/ObjectAcl.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { contextFor, OWNER, payloadOf, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

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
