import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { deliveryPolicy, linesOf } from "../accessLogs/LoggedServer.ts";
import { refusedS3api, s3api } from "./aws.ts";
import { fixture } from "./fixture.ts";

const DEADLINE_MS = 120_000;

test("AWS CLI: a bucket's requests are logged, and the log is read", async (t) => {
  const { endpoint, folder } = await fixture(t, { args: ["--log-delivery-ms", "200"] });
  const api = s3api(endpoint, folder);
  for (const bucket of ["photos", "photo-logs"]) await api("create-bucket", "--bucket", bucket);
  await api("put-bucket-policy", "--bucket", "photo-logs", "--policy", deliveryPolicy("photo-logs"));
  const LoggingEnabled = { TargetBucket: "photo-logs", TargetPrefix: "photos/" };
  const put = (status: object) => ["put-bucket-logging", "--bucket", "photos", "--bucket-logging-status", JSON.stringify(status)];
  await api(...put({ LoggingEnabled }));
  assert.deepEqual(await api("get-bucket-logging", "--bucket", "photos"), { LoggingEnabled });
  await api("put-object", "--bucket", "photos", "--key", "my cat");
  const deadline = Date.now() + DEADLINE_MS;
  const seen: string[] = [];
  while (!seen.includes("REST.PUT.OBJECT my%2520cat 200") && Date.now() < deadline) {
    seen.splice(0);
    const { Contents = [] } = (await api("list-objects-v2", "--bucket", "photo-logs")) as { Contents?: { Key: string }[] };
    for (const { Key } of Contents) {
      assert.match(Key, /^photos\/\d{4}(?:-\d\d){5}-[0-9A-F]{16}$/);
      await api("get-object", "--bucket", "photo-logs", "--key", Key, "log");
      const lines = linesOf(await readFile(join(folder, "log"), "latin1"));
      seen.push(...lines.map(({ operation, key, status }) => `${operation} ${key} ${status}`));
    }
  }
  assert.ok(seen.includes("REST.GET.LOGGING_STATUS - 200"), seen.join());
  assert.ok(seen.includes("REST.PUT.OBJECT my%2520cat 200"), seen.join());
  await api(...put({}));
  assert.deepEqual(await api("get-bucket-logging", "--bucket", "photos"), {});
  assert.equal(
    await refusedS3api(endpoint, folder)(...put({ LoggingEnabled: { ...LoggingEnabled, TargetBucket: "nowhere" } })),
    "An error occurred (InvalidTargetBucketForLogging) when calling the PutBucketLogging operation: The target bucket for logging does not exist",
  );
});
