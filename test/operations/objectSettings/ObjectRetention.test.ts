import { test } from "node:test";
import { GetObjectRetention } from "../../../src/operations/objectSettings/ObjectRetention.ts";
import { contextFor, refusal } from "../contextFor.ts";

test("GetObjectRetention: no bucket has Object Lock, whatever the object", async () => {
  const ask = (VersionId?: string) => GetObjectRetention.handle({ Bucket: "bucket", Key: "k", VersionId }, contextFor());
  await refusal(ask(), { code: "InvalidRequest", message: "Bucket is missing Object Lock Configuration" });
  await refusal(ask("v1"), { code: "InvalidArgument", message: "Invalid version id specified" });
});
