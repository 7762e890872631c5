import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { holdfast } from "../processes/cli/command.ts";
import type { Printed } from "./aws.ts";
import { AWS, refusedS3api, s3api } from "./aws.ts";
import { run, succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";

const Bucket = "versions";
const BUCKET = ["--bucket", Bucket];

/** A server and the AWS CLI, with a way to write a version of a key. */
async function rig(t: TestContext, args: readonly string[] = []) {
  const { endpoint, folder } = await fixture(t, { args });
  const api = s3api(endpoint, folder);
  const body = join(folder, "body");
  const put = async (key: string, content: string, ...more: string[]): Promise<string> => {
    await writeFile(body, content);
    const { VersionId } = await api("put-object", ...BUCKET, "--key", key, "--body", body, ...more);
    return VersionId as string;
  };
  const aws = (...words: string[]): Promise<string> => succeed(AWS, ["--endpoint-url", endpoint, ...words], { cwd: folder });
  return { endpoint, folder, api, put, aws, refused: refusedS3api(endpoint, folder) };
}

function placesOf(listed: unknown): [unknown, unknown, unknown][] {
  return (listed as Printed[]).map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]);
}

test("AWS CLI: versions are kept, read, listed page by page, copied and deleted by their ids", async (t) => {
  const { api, put, refused, folder } = await rig(t);
  const got = join(folder, "got");
  await api("create-bucket", ...BUCKET);
  await api("put-bucket-versioning", ...BUCKET, "--versioning-configuration", "Status=Enabled");
  assert.deepEqual(await api("get-bucket-versioning", ...BUCKET), { Status: "Enabled" });
  const first = await put("a", "first");
  const second = await put("a", "second");
  const other = await put("b", "other");
  const key = [...BUCKET, "--key", "a"];
  const marker = await api("delete-object", ...key);
  const markerId = marker["VersionId"] as string;
  assert.deepEqual(marker, { DeleteMarker: true, VersionId: markerId });
  assert.equal(
    await refused("get-object", ...key, got),
    "An error occurred (NoSuchKey) when calling the GetObject operation: The specified key does not exist.",
  );
  assert.equal(await refused("head-object", ...key), "An error occurred (404) when calling the HeadObject operation: Not Found");
  assert.equal(
    await refused("get-object", ...key, "--version-id", markerId, got),
    "An error occurred (MethodNotAllowed) when calling the GetObject operation: The specified method is not allowed against this resource.",
  );
  assert.equal(
    await refused("head-object", ...key, "--version-id", markerId),
    "An error occurred (405) when calling the HeadObject operation: Method Not Allowed",
  );
  for (const paging of [[], ["--page-size", "1"], ["--page-size", "2"]]) {
    const listed = await api("list-object-versions", ...BUCKET, ...paging);
    assert.deepEqual(placesOf(listed["Versions"]), [
      ["a", second, false],
      ["a", first, false],
      ["b", other, true],
    ]);
    assert.deepEqual(placesOf(listed["DeleteMarkers"]), [["a", markerId, true]]);
  }
  const page = await api("list-object-versions", ...BUCKET, "--page-size", "1", "--max-items", "2");
  const token = page["NextToken"] as string;
  const rest = await api("list-object-versions", ...BUCKET, "--starting-token", token);
  const ids = [page["Versions"], rest["Versions"]].map((versions) => placesOf(versions).map(([, id]) => id));
  assert.deepEqual(ids, [[second, first], [other]]);
  const read = await api("get-object", ...key, "--version-id", first, got);
  assert.deepEqual([read["VersionId"], await readFile(got, "utf8")], [first, "first"]);
  assert.equal((await api("head-object", ...key, "--version-id", second))["ContentLength"], 6);
  const copied = await api("copy-object", ...key, "--copy-source", `${Bucket}/a?versionId=${first}`);
  assert.equal(copied["CopySourceVersionId"], first);
  assert.deepEqual(await api("delete-object", ...key, "--version-id", first), { VersionId: first });
  const objects = [
    { Key: "a", VersionId: second },
    { Key: "a", VersionId: markerId },
  ];
  const deleted = await api("delete-objects", ...BUCKET, "--delete", JSON.stringify({ Objects: objects }));
  assert.deepEqual(deleted["Deleted"], [objects[0], { ...objects[1], DeleteMarker: true, DeleteMarkerVersionId: markerId }]);
  await api("put-bucket-versioning", ...BUCKET, "--versioning-configuration", "Status=Suspended");
  assert.equal(await put("a", "under null"), "null");
  assert.equal((await api("get-object", ...key, "--version-id", "null", got))["VersionId"], "null");
  const left = await api("list-object-versions", ...BUCKET, "--prefix", "a");
  assert.deepEqual(placesOf(left["Versions"]), [
    ["a", "null", true],
    ["a", copied["VersionId"], false],
  ]);
});

test("AWS CLI: rm --recursive leaves the versions of a bucket, rb --force fails over them, and succeeds once they are gone", async (t) => {
  const { api, put, aws, endpoint, folder } = await rig(t);
  await api("create-bucket", ...BUCKET);
  await api("put-bucket-versioning", ...BUCKET, "--versioning-configuration", "Status=Enabled");
  for (const key of ["a", "b/c", "b/c"]) await put(key, key);
  await aws("s3", "rm", `s3://${Bucket}`, "--recursive");
  assert.equal(await aws("s3", "ls", `s3://${Bucket}`, "--recursive").catch(() => ""), "");
  const force = () => run(AWS, ["--endpoint-url", endpoint, "s3", "rb", "--force", `s3://${Bucket}`], { cwd: folder });
  assert.match((await force()).stderr, /\(BucketNotEmpty\) when calling the DeleteBucket operation/);
  const listed = await api("list-object-versions", ...BUCKET);
  const everything = [listed["Versions"], listed["DeleteMarkers"]].flat() as Printed[];
  assert.equal(everything.length, 5);
  const Objects = everything.map(({ Key, VersionId }) => ({ Key, VersionId }));
  await api("delete-objects", ...BUCKET, "--delete", JSON.stringify({ Objects, Quiet: true }));
  assert.deepEqual(await force(), { code: 0, stdout: `remove_bucket: ${Bucket}\n`, stderr: "" });
});

test("AWS CLI: tags of objects, of versions, of copies and of buckets are put, shown and deleted", async (t) => {
  const { api, put, refused } = await rig(t);
  await api("create-bucket", ...BUCKET);
  await api("put-bucket-versioning", ...BUCKET, "--versioning-configuration", "Status=Enabled");
  const first = await put("k", "first", "--tagging", "colour=light%20blue");
  const second = await put("k", "second");
  const key = [...BUCKET, "--key", "k"];
  const colour = [{ Key: "colour", Value: "light blue" }];
  assert.deepEqual(await api("get-object-tagging", ...key), { VersionId: second, TagSet: [] });
  assert.deepEqual(await api("get-object-tagging", ...key, "--version-id", first), { VersionId: first, TagSet: colour });
  const source = ["--copy-source", `${Bucket}/k?versionId=${first}`];
  for (const [directive, tags] of [
    [[], colour],
    [["--tagging-directive", "REPLACE", "--tagging", "new=1"], [{ Key: "new", Value: "1" }]],
  ] as const) {
    await api("copy-object", ...BUCKET, "--key", "copy", ...source, ...directive);
    assert.deepEqual((await api("get-object-tagging", ...BUCKET, "--key", "copy"))["TagSet"], tags);
  }
  const tagging = ["--tagging", "TagSet=[{Key=project,Value=holdfast}]"];
  assert.deepEqual(await api("put-object-tagging", ...key, ...tagging), { VersionId: second });
  assert.deepEqual(await api("delete-object-tagging", ...key, "--version-id", first), { VersionId: first });
  assert.deepEqual((await api("get-object-tagging", ...key, "--version-id", first))["TagSet"], []);
  assert.match(await refused("put-object-tagging", ...key, "--tagging", "TagSet=[{Key=aws:a,Value=1}]"), /\(InvalidTag\)/);
  assert.match(await refused("get-bucket-tagging", ...BUCKET), /\(NoSuchTagSet\) .*: The TagSet does not exist$/);
  await api("put-bucket-tagging", ...BUCKET, ...tagging);
  assert.deepEqual(await api("get-bucket-tagging", ...BUCKET), { TagSet: [{ Key: "project", Value: "holdfast" }] });
  await api("delete-bucket-tagging", ...BUCKET);
  assert.match(await refused("get-bucket-tagging", ...BUCKET), /\(NoSuchTagSet\)/);
});

test("AWS CLI: locked versions stay until their retention ends, their hold is off, or governance is bypassed", async (t) => {
  const { api, put, refused, folder } = await rig(t, ["--test-clock"]);
  const denied = (operation: string): string =>
    `An error occurred (AccessDenied) when calling the ${operation} operation: Access Denied because object protected by object lock.`;
  await api("create-bucket", ...BUCKET, "--object-lock-enabled-for-bucket");
  assert.deepEqual(await api("get-bucket-versioning", ...BUCKET), { Status: "Enabled" });
  assert.match(
    await refused("put-bucket-versioning", ...BUCKET, "--versioning-configuration", "Status=Suspended"),
    /\(InvalidBucketState\)/,
  );
  const rule = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 30 } } };
  const configuration = ["--object-lock-configuration", JSON.stringify(rule)];
  await api("put-object-lock-configuration", ...BUCKET, ...configuration);
  assert.deepEqual(await api("get-object-lock-configuration", ...BUCKET), { ObjectLockConfiguration: rule });
  const kept = [...BUCKET, "--key", "kept", "--version-id", await put("kept", "30 days")];
  assert.equal((await api("head-object", ...kept))["ObjectLockMode"], "COMPLIANCE");
  assert.equal(await refused("delete-object", ...kept), denied("DeleteObject"));
  assert.equal(await refused("delete-object", ...kept, "--bypass-governance-retention"), denied("DeleteObject"));

  const governed = ["--object-lock-mode", "GOVERNANCE", "--object-lock-retain-until-date", "2100-01-01T00:00:00Z"];
  const bypassed = [...BUCKET, "--key", "governed", "--version-id", await put("governed", "", ...governed)];
  const { Retention } = await api("get-object-retention", ...bypassed);
  assert.deepEqual(Retention, { Mode: "GOVERNANCE", RetainUntilDate: "2100-01-01T00:00:00+00:00" });
  const earlier = ["--retention", "Mode=GOVERNANCE,RetainUntilDate=2099-01-01T00:00:00Z"];
  assert.equal(await refused("put-object-retention", ...bypassed, ...earlier), denied("PutObjectRetention"));
  await api("put-object-retention", ...bypassed, ...earlier, "--bypass-governance-retention");
  assert.equal(await refused("delete-object", ...bypassed), denied("DeleteObject"));
  await api("delete-object", ...bypassed, "--bypass-governance-retention");

  await api("put-object-legal-hold", ...kept, "--legal-hold", "Status=ON");
  const data = join(folder, "data");
  assert.equal((await holdfast(["clock", "advance", "31 days", "--data", data], { folder })).code, 0);
  assert.equal(await refused("delete-object", ...kept), denied("DeleteObject"));
  await api("put-object-legal-hold", ...kept, "--legal-hold", "Status=OFF");
  assert.deepEqual(await api("get-object-legal-hold", ...kept), { LegalHold: { Status: "OFF" } });
  await api("delete-object", ...kept);
  await api("delete-bucket", ...BUCKET);
});
