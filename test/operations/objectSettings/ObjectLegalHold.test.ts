import { test } from "node:test";
import { GetObjectLegalHold } from "../../../src/operations/objectSettings/ObjectLegalHold.ts";
import { contextFor, refusal } from "../contextFor.ts";

test("GetObjectLegalHold: no bucket has Object Lock, whatever the object", async () => {
  const ask = (VersionId?: string) => GetObjectLegalHold.handle({ Bucket: "bucket", Key: "k", VersionId }, contextFor());
  await refusal(ask(), { code: "InvalidRequest", message: "Bucket is missing Object Lock Configuration" });
  await refusal(ask("v1"), { code: "InvalidArgument", message: "Invalid version id specified" });
});
