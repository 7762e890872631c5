import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeletePublicAccessBlock,
  GetPublicAccessBlock,
  PutPublicAccessBlock,
} from "../../../src/operations/settings/PublicAccessBlock.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo, document } from "./newBucket.ts";

const SWITCHES = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"] as const;

test("GetPublicAccessBlock: everything public is blocked", async () => {
  const inside = SWITCHES.map((name) => `<${name}>true</${name}>`).join("");
  assert.deepEqual(await answerTo(GetPublicAccessBlock, { Bucket: "bucket" }), [
    200,
    document("PublicAccessBlockConfiguration", inside),
  ]);
});

test("PutPublicAccessBlock: every combination is shown as it was put, and a switch that is not said is off", async () => {
  const bucket = await VersionedBucket.made();
  for (let bits = 0; bits < 16; bits++) {
    const configuration = Object.fromEntries(SWITCHES.map((name, index) => [name, ((bits >> index) & 1) === 1]));
    const onlyTrue = Object.fromEntries(Object.entries(configuration).filter(([, on]) => on));
    for (const sent of bits === 0 ? [configuration] : [configuration, onlyTrue]) {
      await bucket.ask(PutPublicAccessBlock, { PublicAccessBlockConfiguration: sent });
      const { PublicAccessBlockConfiguration: shown } = await bucket.ask(GetPublicAccessBlock, {});
      assert.deepEqual(shown, configuration);
    }
  }
});

test("PutPublicAccessBlock: a document that says nothing is InvalidRequest", async () => {
  const bucket = await VersionedBucket.made();
  await refusal(bucket.ask(PutPublicAccessBlock, { PublicAccessBlockConfiguration: {} }), {
    code: "InvalidRequest",
    status: 400,
    message: "Must specify at least one configuration.",
  });
});

test("DeletePublicAccessBlock: leaves none to show, also the second time", async () => {
  assert.deepEqual(await answerTo(DeletePublicAccessBlock, { Bucket: "bucket" }), [204, ""]);
  const bucket = await VersionedBucket.made();
  for (let times = 0; times < 2; times++) await bucket.ask(DeletePublicAccessBlock, {});
  await refusal(bucket.ask(GetPublicAccessBlock, {}), {
    code: "NoSuchPublicAccessBlockConfiguration",
    status: 404,
    message: "The public access block configuration was not found",
    details: { BucketName: "bucket" },
  });
  assert.equal((await bucket.record()).publicAccessBlock, undefined);
});
