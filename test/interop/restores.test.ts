import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  InvalidObjectState,
  ListObjectsV2Command,
  ObjectAlreadyInActiveTierError,
  PutObjectCommand,
  RestoreObjectCommand,
} from "@aws-sdk/client-s3";
import { refusedS3api, s3api } from "./aws.ts";
import { fixture } from "./fixture.ts";
import { installed } from "./installed.ts";
import { python } from "./python.ts";

for (const version of ["Debian's", "the newest"]) {
  test(`boto3, ${version}: archived objects are restored, read and copied back`, async (t) => {
    const { endpoint } = await fixture(t);
    const interpreter = version === "the newest" ? join(installed("python"), "bin/python3") : undefined;
    const { stdout, stderr } = await python("restores.py", endpoint, [], interpreter);
    assert.equal(stdout.trim(), "OK", stderr);
  });
}

test("AWS SDK v3: archived objects are restored, listed, read and copied back", async (t) => {
  const { server } = await fixture(t, { args: ["--restore-times", "s3"] });
  const client = server.client();
  const Bucket = "restores";
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new PutObjectCommand({ Bucket, Key: "cold", Body: "cold", StorageClass: "GLACIER" }));
  await client.send(new PutObjectCommand({ Bucket, Key: "tiered", Body: "x", StorageClass: "INTELLIGENT_TIERING" }));
  const cold = { Bucket, Key: "cold" };
  await assert.rejects(client.send(new GetObjectCommand(cold)), (error: unknown) => {
    assert.ok(error instanceof InvalidObjectState);
    assert.equal(error.StorageClass, "GLACIER");
    return true;
  });
  await assert.rejects(
    client.send(new RestoreObjectCommand({ Bucket, Key: "tiered", RestoreRequest: {} })),
    (error: unknown) => error instanceof ObjectAlreadyInActiveTierError,
  );
  const RestoreRequest = { Days: 1, GlacierJobParameters: { Tier: "Standard" as const } };
  const { $metadata } = await client.send(new RestoreObjectCommand({ ...cold, RestoreRequest }));
  assert.equal($metadata.httpStatusCode, 202);
  assert.equal((await client.send(new HeadObjectCommand(cold))).Restore, 'ongoing-request="true"');
  await assert.rejects(client.send(new RestoreObjectCommand({ ...cold, RestoreRequest })), { name: "RestoreAlreadyInProgress" });
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, OptionalObjectAttributes: ["RestoreStatus"] }));
  assert.deepEqual(
    Contents!.map(({ StorageClass, RestoreStatus }) => [StorageClass, RestoreStatus]),
    [
      ["GLACIER", { IsRestoreInProgress: true }],
      ["INTELLIGENT_TIERING", undefined],
    ],
  );
  await assert.rejects(client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/cold` })), {
    name: "InvalidObjectState",
  });
});

test("AWS CLI: a class with a folder of its own has its bytes there, and a restore and a copy bring them back", async (t) => {
  const folders: string[] = [];
  const rig = async () => {
    const { newFolder } = await import("../newFolder.ts");
    const cold = join(newFolder(t), "cold");
    await mkdir(cold);
    folders.push(cold);
    return fixture(t, { args: ["--storage-class", `DEEP_ARCHIVE=${cold}`, "--storage-class", `GLACIER=${cold}`] });
  };
  const { endpoint, folder } = await rig();
  const api = s3api(endpoint, folder);
  const refused = refusedS3api(endpoint, folder);
  const blobs = async (): Promise<number> => {
    const names = await readdir(join(folders[0]!, "blobs"), { recursive: true });
    return names.filter((name) => /^\w+\/[0-9a-f]{3}$/.test(name)).length;
  };
  const body = join(folder, "body");
  const got = join(folder, "got");
  await writeFile(body, Buffer.alloc(300_000, "cold"));
  await api("create-bucket", "--bucket", "cold");
  const key = ["--bucket", "cold", "--key", "a"];
  await api("put-object", ...key, "--body", body, "--storage-class", "DEEP_ARCHIVE");
  assert.equal(await blobs(), 1);
  assert.equal(
    await refused("get-object", ...key, got),
    "An error occurred (InvalidObjectState) when calling the GetObject operation: The operation is not valid for the object's storage class",
  );
  await api("restore-object", ...key, "--restore-request", '{"Days":1,"GlacierJobParameters":{"Tier":"Bulk"}}');
  await api("get-object", ...key, got);
  assert.ok((await readFile(got)).equals(await readFile(body)));
  await api("copy-object", ...key, "--copy-source", "cold/a", "--storage-class", "GLACIER");
  assert.match(
    await refused("restore-object", ...key, "--restore-request", '{"Days":0}'),
    /restoration days should be at least 1$/,
  );
  await api("restore-object", ...key, "--restore-request", '{"Days":1}');
  await api("copy-object", ...key, "--copy-source", "cold/a", "--storage-class", "STANDARD");
  const head = await api("head-object", ...key);
  assert.equal(head["StorageClass"], undefined);
  assert.equal(head["Restore"], undefined);
  await api("get-object", ...key, got);
  assert.ok((await readFile(got)).equals(await readFile(body)));
});
