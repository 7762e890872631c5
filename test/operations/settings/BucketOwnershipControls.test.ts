import assert from "node:assert/strict";
import { test } from "node:test";
import { PutBucketAcl } from "../../../src/operations/settings/BucketAcl.ts";
import {
  DeleteBucketOwnershipControls,
  GetBucketOwnershipControls,
  PutBucketOwnershipControls,
} from "../../../src/operations/settings/BucketOwnershipControls.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketOwnershipControls: the owner of the bucket owns its objects", async () => {
  assert.deepEqual(await answerTo(GetBucketOwnershipControls, { Bucket: "bucket" }), [
    200,
    document("OwnershipControls", "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"),
  ]);
});

const rules = (...settings: string[]) => ({
  OwnershipControls: { Rules: settings.map((ObjectOwnership) => ({ ObjectOwnership })) },
});

test("PutBucketOwnershipControls: what was put last is shown, and a bucket can be made with it", async () => {
  const bucket = await VersionedBucket.made({ ObjectOwnership: "ObjectWriter" });
  const shown = async () => (await bucket.ask(GetBucketOwnershipControls, {})).OwnershipControls;
  assert.deepEqual(await shown(), { Rules: [{ ObjectOwnership: "ObjectWriter" }] });
  for (const setting of ["BucketOwnerPreferred", "BucketOwnerEnforced", "ObjectWriter"]) {
    await bucket.ask(PutBucketOwnershipControls, rules(setting));
    assert.deepEqual(await shown(), { Rules: [{ ObjectOwnership: setting }] });
  }
});

test("PutBucketOwnershipControls: two rules, or none, are MalformedXML", async () => {
  const bucket = await VersionedBucket.made();
  for (const wrong of [rules(), rules("ObjectWriter", "BucketOwnerPreferred")]) {
    await refusal(bucket.ask(PutBucketOwnershipControls, wrong), { code: "MalformedXML", status: 400 });
  }
});

test("PutBucketOwnershipControls: ACLs are not disabled while the bucket's own grants something to others", async () => {
  const bucket = await VersionedBucket.made({ ObjectOwnership: "BucketOwnerPreferred" });
  await bucket.ask(PutBucketAcl, { ACL: "log-delivery-write" });
  await refusal(bucket.ask(PutBucketOwnershipControls, rules("BucketOwnerEnforced")), {
    code: "InvalidBucketAclWithObjectOwnership",
    status: 400,
    message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
  });
  await bucket.ask(PutBucketOwnershipControls, rules("ObjectWriter"));
  await bucket.ask(PutBucketAcl, { ACL: "private" });
  await bucket.ask(PutBucketOwnershipControls, rules("BucketOwnerEnforced"));
});

test("DeleteBucketOwnershipControls: leaves none to show, which acts as ObjectWriter, also the second time", async () => {
  assert.deepEqual(await answerTo(DeleteBucketOwnershipControls, { Bucket: "bucket" }), [204, ""]);
  const bucket = await VersionedBucket.made();
  for (let times = 0; times < 2; times++) await bucket.ask(DeleteBucketOwnershipControls, {});
  await refusal(bucket.ask(GetBucketOwnershipControls, {}), {
    code: "OwnershipControlsNotFoundError",
    status: 404,
    message: "The bucket ownership controls were not found",
    details: { BucketName: "bucket" },
  });
  assert.equal((await bucket.record()).objectOwnership, "ObjectWriter");
  await bucket.ask(PutBucketOwnershipControls, rules("BucketOwnerEnforced"));
  assert.deepEqual(
    (await bucket.ask(GetBucketOwnershipControls, {})).OwnershipControls,
    rules("BucketOwnerEnforced").OwnershipControls,
  );
});
