import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AWS, s3api } from "./aws.ts";
import { run, succeed } from "./commands.ts";
import { AWKWARD_KEYS, fixture, writeTree } from "./fixture.ts";

test("AWS CLI: cp, sync, mv, presign, rm and rb make their full round, byte for byte", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const aws = (...args: string[]): Promise<string> => succeed(AWS, ["--endpoint-url", endpoint, ...args], { cwd: folder });
  const tree = await writeTree(folder);
  await aws("s3", "mb", "s3://cli");
  await aws("s3", "cp", join(tree, "dir/large.bin"), "s3://cli/large.bin");
  await aws("s3", "cp", "s3://cli/large.bin", join(folder, "large.back"));
  assert.ok((await readFile(join(folder, "large.back"))).equals(await readFile(join(tree, "dir/large.bin"))));
  await aws("s3", "sync", tree, "s3://cli/tree");
  await aws("s3", "sync", "s3://cli/tree", join(folder, "back"));
  await succeed("diff", ["-r", tree, join(folder, "back")]);
  assert.equal(await aws("s3", "sync", tree, "s3://cli/tree"), "", "a second sync has nothing to do");
  await aws("s3", "mv", "s3://cli/large.bin", "s3://cli/moved.bin");
  await aws("s3", "cp", "s3://cli/tree/dir/small.txt", "s3://cli/copied.txt");
  const url = (await aws("s3", "presign", "s3://cli/copied.txt")).trim();
  await succeed("/usr/bin/curl", ["-sf", "-o", join(folder, "presigned"), url]);
  assert.ok((await readFile(join(folder, "presigned"))).equals(await readFile(join(tree, "dir/small.txt"))));
  const listed = await aws("s3", "ls", "s3://cli", "--recursive");
  assert.equal(listed.trim().split("\n").length, 7);
  await aws("s3", "rm", "s3://cli", "--recursive");
  await aws("s3", "rb", "s3://cli");
});

test("AWS CLI: s3api reaches every operation on buckets, objects and uploads", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const api = s3api(endpoint, folder);
  const body = join(folder, "body");
  await writeFile(body, "0123456789");
  const object = ["--bucket", "api", "--key", "k"];
  await api("create-bucket", "--bucket", "api");
  await api("head-bucket", "--bucket", "api");
  assert.equal((await api("get-bucket-location", "--bucket", "api"))["LocationConstraint"], null);
  assert.deepEqual(await api("get-bucket-versioning", "--bucket", "api"), {});
  const put = await api("put-object", ...object, "--body", body, "--metadata", "colour=blue", "--content-type", "text/plain");
  const head = await api("head-object", ...object);
  assert.equal(head["ETag"], put["ETag"]);
  assert.deepEqual(head["Metadata"], { colour: "blue" });
  const range = await api("get-object", ...object, "--range", "bytes=2-4", join(folder, "range"));
  assert.equal(range["ContentRange"], "bytes 2-4/10");
  assert.equal(await readFile(join(folder, "range"), "utf8"), "234");
  assert.equal((await api("get-object-attributes", ...object, "--object-attributes", "ObjectSize"))["ObjectSize"], 10);
  assert.deepEqual((await api("get-object-tagging", ...object))["TagSet"], []);
  await api("copy-object", "--bucket", "api", "--key", "copy", "--copy-source", "api/k");
  for (const list of ["list-objects", "list-objects-v2"]) {
    assert.equal(((await api(list, "--bucket", "api"))["Contents"] as unknown[]).length, 2);
  }
  assert.equal(((await api("list-object-versions", "--bucket", "api"))["Versions"] as unknown[]).length, 2);
  assert.equal(((await api("list-buckets"))["Buckets"] as unknown[]).length, 1);
  const { UploadId } = (await api("create-multipart-upload", "--bucket", "api", "--key", "m")) as { UploadId: string };
  const upload = ["--bucket", "api", "--key", "m", "--upload-id", UploadId];
  const part = await api("upload-part", ...upload, "--part-number", "1", "--body", body);
  assert.equal(((await api("list-parts", ...upload))["Parts"] as unknown[]).length, 1);
  assert.equal(((await api("list-multipart-uploads", "--bucket", "api"))["Uploads"] as unknown[]).length, 1);
  const parts = JSON.stringify({ Parts: [{ PartNumber: 1, ETag: part["ETag"] }] });
  await api("complete-multipart-upload", ...upload, "--multipart-upload", parts);
  const second = (await api("create-multipart-upload", "--bucket", "api", "--key", "m2")) as { UploadId: string };
  const other = ["--bucket", "api", "--key", "m2", "--upload-id", second.UploadId];
  await api("upload-part-copy", ...other, "--part-number", "1", "--copy-source", "api/k", "--copy-source-range", "bytes=0-4");
  await api("abort-multipart-upload", ...other);
  await api("delete-object", "--bucket", "api", "--key", "copy");
  await api("delete-objects", "--bucket", "api", "--delete", JSON.stringify({ Objects: [{ Key: "k" }, { Key: "m" }] }));
  await api("delete-bucket", "--bucket", "api");
});

test("AWS CLI: s3api shows and deletes the settings of a new bucket", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const api = (command: string) =>
    run(AWS, ["--endpoint-url", endpoint, "--output", "json", "s3api", command, "--bucket", "new"], { cwd: folder });
  await api("create-bucket");
  const { Owner, Grants } = JSON.parse((await api("get-bucket-acl")).stdout) as { Owner: { ID: string }; Grants: unknown };
  assert.deepEqual(Object.keys(Owner), ["ID"]);
  assert.deepEqual(Grants, [{ Grantee: { ...Owner, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }]);
  assert.match((await api("get-bucket-lifecycle-configuration")).stderr, /\(NoSuchLifecycleConfiguration\) when calling/);
  for (const command of ["get-bucket-logging", "delete-bucket-policy"]) {
    assert.deepEqual(await api(command), { code: 0, stdout: "", stderr: "" });
  }
});

test("AWS CLI: keys of every awkward kind are put, listed, got and deleted as they are", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const api = (...args: string[]): Promise<string> =>
    succeed(AWS, ["--endpoint-url", endpoint, "--output", "json", "s3api", ...args], { cwd: folder });
  await api("create-bucket", "--bucket", "keys");
  const keys = AWKWARD_KEYS.slice(0, 12);
  for (const [index, key] of keys.entries()) {
    await writeFile(join(folder, "body"), `content ${index}`);
    await api("put-object", "--bucket", "keys", "--key", key, "--body", join(folder, "body"));
  }
  const listed = JSON.parse(await api("list-objects-v2", "--bucket", "keys")) as { Contents: { Key: string }[] };
  assert.deepEqual(new Set(listed.Contents.map(({ Key }) => Key)), new Set(keys));
  for (const [index, key] of keys.entries()) {
    await api("get-object", "--bucket", "keys", "--key", key, join(folder, "got"));
    assert.equal(await readFile(join(folder, "got"), "utf8"), `content ${index}`, key);
  }
});

test("AWS CLI: an error is shown with its code and message", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const { code, stderr } = await run(
    AWS,
    ["--endpoint-url", endpoint, "s3api", "get-object", "--bucket", "no-such-bucket", "--key", "k", "/dev/null"],
    { cwd: folder },
  );
  assert.equal(code, 254);
  assert.match(stderr, /\(NoSuchBucket\) when calling the GetObject operation: The specified bucket does not exist/);
});
