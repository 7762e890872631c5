import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { holdfast } from "../processes/cli/command.ts";
import { refusedS3api, s3api } from "./aws.ts";
import { fixture } from "./fixture.ts";
import { python } from "./python.ts";

const DEADLINE_MS = 120_000;

/** Asks until the answer is yes. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + DEADLINE_MS; !(await isSo()); await sleep(200)) {
    assert.ok(Date.now() < deadline, "what is due is not done");
  }
}

test("Lifecycle: what boto3 sets up is gone when the clock has gone on, and was announced", async (t) => {
  const { endpoint, folder } = await fixture(t, { args: ["--test-clock"] });
  const begun = await python("aging.py", endpoint, "begin");
  assert.equal(begun.stdout.trim(), "OK", begun.stderr);
  const before = await python("aging.py", endpoint, "look");
  assert.equal(before.stdout.trim(), "not yet", before.stderr);
  const moved = await holdfast(["clock", "advance", "40 days", "--data", join(folder, "data")], { folder });
  assert.equal(moved.code, 0, moved.stderr);
  await until(async () => {
    const { stdout, stderr } = await python("aging.py", endpoint, "look");
    assert.equal(stderr, "");
    return stdout.trim() === "OK";
  });
});

test("Lifecycle: the AWS CLI's rules cover an object when its announced time has come, and not before", async (t) => {
  const { endpoint, folder } = await fixture(t, { args: ["--test-clock"] });
  const api = s3api(endpoint, folder);
  const clock = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await holdfast(["clock", ...args, "--data", join(folder, "data")], { folder });
    assert.equal(code, 0, stderr);
  };
  await api("create-bucket", "--bucket", "photos");
  await api("put-bucket-versioning", "--bucket", "photos", "--versioning-configuration", "Status=Enabled");
  const Rules = [
    {
      ID: "week",
      Status: "Enabled",
      Filter: { Prefix: "" },
      Expiration: { Days: 7 },
      NoncurrentVersionExpiration: { NoncurrentDays: 2 },
    },
    { ID: "markers", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { ExpiredObjectDeleteMarker: true } },
  ];
  const configuration = JSON.stringify({ Rules });
  await api("put-bucket-lifecycle-configuration", "--bucket", "photos", "--lifecycle-configuration", configuration);
  assert.deepEqual((await api("get-bucket-lifecycle-configuration", "--bucket", "photos"))["Rules"], Rules);
  await api("put-object", "--bucket", "photos", "--key", "cat");
  const { Expiration } = await api("head-object", "--bucket", "photos", "--key", "cat");
  const expiry = /^expiry-date="([^"]+)", rule-id="week"$/.exec(String(Expiration))![1]!;
  await clock("set", new Date(Date.parse(expiry) - 120_000).toISOString());
  await sleep(2_000);
  await api("head-object", "--bucket", "photos", "--key", "cat");
  await clock("set", expiryIso(expiry));
  const list = async (): Promise<Record<string, unknown>> => api("list-object-versions", "--bucket", "photos");
  await until(async () => (await list())["DeleteMarkers"] !== undefined);
  assert.match(await refusedS3api(endpoint, folder)("head-object", "--bucket", "photos", "--key", "cat"), /\(404\)/);
  assert.equal(((await list())["Versions"] as unknown[]).length, 1);
  await clock("advance", "4 days");
  await until(async () => {
    const { Versions, DeleteMarkers } = await list();
    return Versions === undefined && DeleteMarkers === undefined;
  });
});

function expiryIso(expiry: string): string {
  return new Date(Date.parse(expiry) + 1_000).toISOString();
}
