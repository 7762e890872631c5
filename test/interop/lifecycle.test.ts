import assert from "node:assert/strict";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { LifecycleRule } from "@aws-sdk/client-s3";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { refusedS3api, s3api } from "./aws.ts";
import { succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";
import { installed } from "./installed.ts";
import { python } from "./python.ts";

/** Lifecycle rules, as clients write and read them. */

const RULES = [
  {
    ID: "logs",
    Filter: { And: { Prefix: "logs/", ObjectSizeLessThan: 1000 } },
    Status: "Enabled",
    Transitions: [{ Days: 0, StorageClass: "GLACIER_IR" }],
    Expiration: { Days: 30 },
  },
  { ID: "uploads", Filter: {}, Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
] as const;

test("AWS CLI: lifecycle rules are put, shown, told of and deleted; the old put-bucket-lifecycle too", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const api = s3api(endpoint, folder);
  const refused = refusedS3api(endpoint, folder);
  const bucket = ["--bucket", "ages"];
  await api("create-bucket", ...bucket);
  const rules = (Rules: readonly unknown[]) => ["--lifecycle-configuration", JSON.stringify({ Rules })];
  const put = await api("put-bucket-lifecycle-configuration", ...bucket, ...rules(RULES));
  // Older ones do not know the header.
  if (Object.keys(put).length > 0) assert.deepEqual(put, { TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" });
  assert.deepEqual((await api("get-bucket-lifecycle-configuration", ...bucket))["Rules"], RULES);
  await writeFile(join(folder, "body"), "x");
  const stored = await api("put-object", ...bucket, "--key", "logs/1", "--body", join(folder, "body"));
  assert.match(stored["Expiration"] as string, /^expiry-date="\w{3}, \d\d \w{3} \d{4} 00:00:00 GMT", rule-id="logs"$/);
  assert.equal((await api("create-multipart-upload", ...bucket, "--key", "m"))["AbortRuleId"], "uploads");
  const none = await refused("put-bucket-lifecycle-configuration", ...bucket, ...rules([{ Status: "Enabled", Filter: {} }]));
  assert.match(none, /\(InvalidRequest\) .*: At least one action needs to be specified in a rule$/);
  const old = { ID: "old", Prefix: "tmp/", Status: "Enabled", Expiration: { Days: 1 } };
  await api("put-bucket-lifecycle", ...bucket, ...rules([old]));
  assert.deepEqual((await api("get-bucket-lifecycle", ...bucket))["Rules"], [old]);
  assert.deepEqual((await api("get-bucket-lifecycle-configuration", ...bucket))["Rules"], [old]);
  await api("delete-bucket-lifecycle", ...bucket);
  assert.match(await refused("get-bucket-lifecycle-configuration", ...bucket), /\(NoSuchLifecycleConfiguration\)/);
});

for (const version of ["Debian's", "the newest"]) {
  test(`boto3, ${version}: lifecycle rules of both forms`, async (t) => {
    const { endpoint } = await fixture(t);
    const interpreter = version === "the newest" ? join(installed("python"), "bin/python3") : undefined;
    const { stdout, stderr } = await python("lifecycle.py", endpoint, {}, interpreter);
    assert.equal(stdout.trim(), "OK", stderr);
  });
}

test("AWS SDK v3: lifecycle rules are put, shown, told of and deleted", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  const Bucket = "ages";
  await client.send(new CreateBucketCommand({ Bucket }));
  const midnight = new Date(Date.UTC(2030, 0, 1));
  const Rules: LifecycleRule[] = [
    ...(RULES as unknown as LifecycleRule[]),
    { ID: "dated", Filter: { Tag: { Key: "k", Value: "v" } }, Status: "Disabled", Expiration: { Date: midnight } },
  ];
  const TransitionDefaultMinimumObjectSize = "varies_by_storage_class";
  const put = await client.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: { Rules },
      TransitionDefaultMinimumObjectSize,
    }),
  );
  assert.equal(put.TransitionDefaultMinimumObjectSize, TransitionDefaultMinimumObjectSize);
  const shown = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  assert.deepEqual(shown.Rules, Rules);
  assert.equal(shown.TransitionDefaultMinimumObjectSize, TransitionDefaultMinimumObjectSize);
  const { Expiration } = await client.send(new PutObjectCommand({ Bucket, Key: "logs/1", Body: "x" }));
  assert.match(Expiration!, /rule-id="logs"$/);
  const upload = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "m" }));
  const parts = await client.send(new ListPartsCommand({ Bucket, Key: "m", UploadId: upload.UploadId }));
  for (const { AbortDate, AbortRuleId } of [upload, parts]) {
    assert.deepEqual([AbortDate instanceof Date, AbortRuleId], [true, "uploads"]);
  }
  await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
  await assert.rejects(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })), {
    name: "NoSuchLifecycleConfiguration",
  });
});

test("s3cmd: sets lifecycle rules, by a file and by days, shows them and deletes them", async (t) => {
  const { server, folder } = await fixture(t);
  const s3cmd = (...args: string[]): Promise<string> => {
    const address = `127.0.0.1:${server.port}`;
    return succeed("/usr/bin/s3cmd", ["--no-ssl", `--host=${address}`, `--host-bucket=${address}`, ...args], { cwd: folder });
  };
  await s3cmd("mb", "s3://ages");
  await s3cmd("expire", "--expiry-days=3", "--expiry-prefix=tmp/", "s3://ages");
  const shown = await s3cmd("getlifecycle", "s3://ages");
  assert.match(shown, /<Prefix>tmp\/<\/Prefix>/);
  assert.match(shown, /<Days>3<\/Days>/);
  const file = join(folder, "rules.xml");
  await writeFile(
    file,
    "<LifecycleConfiguration><Rule><ID>week</ID><Filter><Prefix>a/</Prefix></Filter><Status>Enabled</Status>" +
      "<Expiration><Days>7</Days></Expiration></Rule></LifecycleConfiguration>",
  );
  await s3cmd("setlifecycle", file, "s3://ages");
  assert.match(await s3cmd("getlifecycle", "s3://ages"), /<ID>week<\/ID>/);
  await s3cmd("dellifecycle", "s3://ages");
  assert.doesNotMatch(await s3cmd("getlifecycle", "s3://ages").catch(String), /<ID>week<\/ID>/);
});
