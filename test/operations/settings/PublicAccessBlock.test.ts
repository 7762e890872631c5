import assert from "node:assert/strict";
import { test } from "node:test";
import { GetPublicAccessBlock } from "../../../src/operations/settings/PublicAccessBlock.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetPublicAccessBlock: everything public is blocked", async () => {
  const switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
  const inside = switches.map((name) => `<${name}>true</${name}>`).join("");
  assert.deepEqual(await answerTo(GetPublicAccessBlock, { Bucket: "bucket" }), [
    200,
    document("PublicAccessBlockConfiguration", inside),
  ]);
});
