import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketVersioning } from "../../src/operations/GetBucketVersioning.ts";
import { encodeOutput } from "../../src/protocol/rest/encode.ts";
import { contextFor } from "./contextFor.ts";

test("GetBucketVersioning: a bucket that never had versioning shows a document without Status", async () => {
  const { output } = await GetBucketVersioning.handle({ Bucket: "bucket" }, contextFor());
  const { body } = encodeOutput("GetBucketVersioning", output);
  assert.match(String(body), /<VersioningConfiguration xmlns="[^"]+"\/>$/);
});
