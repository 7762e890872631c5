import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { FolderJournal } from "../../src/journal/FolderJournal.ts";
import type { Journal } from "../../src/journal/Journal.ts";
import { MemoryJournal } from "../../src/journal/MemoryJournal.ts";
import { NO_JOURNAL } from "../../src/journal/NoJournal.ts";
import { newFolder } from "../newFolder.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, TestServer } from "../server/TestServer.ts";

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1024 * 1024;
const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };

function clientOf(server: TestServer): S3Client {
  return new S3Client({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: "us-east-1",
    forcePathStyle: true,
    maxAttempts: 1,
    credentials,
  });
}

for (const kind of ["memory", "folder"] as const) {
  test(`journal in ${kind}: who awaits an answer of any kind and then asks for its request always finds it`, async (t) => {
    const folder = newFolder(t);
    const journal: Journal =
      kind === "memory" ? new MemoryJournal() : new FolderJournal(folder, { sizeBytes: MEBIBYTE, ageMs: HOUR_MS });
    t.after(() => journal.close());
    await using server = await TestServer.start({ journal });
    const client = clientOf(server);
    const Body = Buffer.alloc(3 * MEBIBYTE, "x");
    await client.send(new CreateBucketCommand({ Bucket: "photos" }));
    assert.deepEqual(
      (await journal.find({ limit: 1 })).map(({ operation }) => operation),
      ["CreateBucket"],
    );
    const steps: (readonly [operation: string, status: number, send: () => Promise<unknown>])[] = [
      ["PutObject", 200, () => client.send(new PutObjectCommand({ Bucket: "photos", Key: "large", Body }))],
      ["PutObject", 200, () => client.send(new PutObjectCommand({ Bucket: "photos", Key: "small", Body: "x" }))],
      [
        "GetObject",
        200,
        async () => (await client.send(new GetObjectCommand({ Bucket: "photos", Key: "large" }))).Body!.transformToByteArray(),
      ],
      ["ListObjectsV2", 200, () => client.send(new ListObjectsV2Command({ Bucket: "photos" }))],
      ["GetObject", 404, () => client.send(new GetObjectCommand({ Bucket: "photos", Key: "none" })).catch(() => undefined)],
      // Refused before all of the body has come.
      [
        "UploadPart",
        404,
        async () => {
          const part = new UploadPartCommand({ Bucket: "photos", Key: "k", UploadId: "none", PartNumber: 1, Body });
          await client.send(part).catch(() => undefined);
        },
      ],
    ];
    for (let round = 0; round < 5; round += 1) {
      for (const [operation, status, send] of steps) {
        await send();
        const [latest] = await journal.find({ limit: 1 });
        assert.deepEqual([latest?.operation, latest?.status], [operation, status]);
      }
    }
    client.destroy();
  });
}

test("journal: a record says what was asked, by whom, and what became of it", async () => {
  const journal = new MemoryJournal();
  await using server = await TestServer.start({ journal });
  const client = clientOf(server);
  const Body = "x".repeat(1_000);
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "a/ä.txt", Body }));
  const [record] = await journal.find({ key: "a/ä.txt" });
  client.destroy();
  assert.ok(record !== undefined);
  const { method, operation, bucket, status, receivedSizeBytes, sentSizeBytes, accessKeyId, caller, signature, attempt } = record;
  assert.deepEqual([method, operation, bucket, status, sentSizeBytes], ["PUT", "PutObject", "bucket", 200, 0]);
  assert.ok(receivedSizeBytes >= 1_000);
  assert.equal(record.objectSizeBytes, 1_000);
  assert.match(caller!, /^arn:aws:iam::\d{12}:root$/);
  assert.deepEqual([accessKeyId, signature, attempt], [ACCESS_KEY_ID, "SigV4 AuthHeader", 1]);
  assert.match(record.userAgent!, /^aws-sdk-js/);
  assert.equal(record.story, undefined);
  assert.equal(record.stages.length, 6);
  const sum = record.stages.reduce((whole, stage) => whole + stage, 0);
  assert.ok(Math.abs(sum - record.milliseconds) < 1, `${sum} and ${record.milliseconds}`);
});

test("journal: texts of a request are cut where they are too long", async () => {
  const journal = new MemoryJournal();
  await using server = await TestServer.start({ journal });
  const long = "k".repeat(5_000);
  const { status } = await server.request("GET", `/bucket/${long}`);
  assert.equal(status, 400);
  const [record] = await journal.find({ status: 400 });
  assert.equal(record?.key?.length, 2_049);
  assert.equal(record.target.length, 2_049);
});

test("journal: a server without one keeps none, and answers", async () => {
  await using server = await TestServer.start({ journal: NO_JOURNAL });
  assert.equal((await server.request("GET", "/bucket/none")).status, 404);
  assert.deepEqual(await server.service.journal.find({}), []);
});

test("journal: nothing secret that a request carries stands in the folder, whether it is done or refused", async (t) => {
  const folder = newFolder(t);
  const journal = new FolderJournal(folder, { sizeBytes: 64 * MEBIBYTE, ageMs: HOUR_MS });
  t.after(() => journal.close());
  await using server = await TestServer.start({ journal, mfaWithoutTls: true, sseCOverHttp: true });
  const secrets = new Set<string>([SECRET_ACCESS_KEY]);
  const customerKey = Buffer.alloc(32, "c").toString("base64");
  const headers = {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": customerKey,
    "x-amz-server-side-encryption-customer-key-MD5": "R5ZWeKjwDG5Cr3IZSXiYIg==",
    "x-amz-copy-source-server-side-encryption-customer-key": customerKey,
    "x-amz-security-token": "tokentokentoken",
    "x-amz-mfa": "arn:aws:iam::123456789012:mfa/device 314159",
    cookie: "session=cookiecookie",
  };
  secrets.add(customerKey).add("tokentokentoken").add("314159").add("cookiecookie");
  for (const path of ["/bucket", "/bucket/key", "/none/key"]) {
    for (const method of ["GET", "PUT", "DELETE"]) {
      for (const query of [{}, { "X-Amz-Security-Token": "tokentokentoken" }] as Record<string, string>[]) {
        for (const sent of [{}, headers] as Record<string, string>[]) {
          const target = server.signed(method, path, query);
          secrets.add(/X-Amz-Signature=([0-9a-f]{64})/.exec(target)![1]!);
          await server.request(method, target, { unsigned: true, headers: sent, body: method === "PUT" ? "x" : "" });
        }
      }
    }
  }
  const found = await journal.find({});
  assert.ok(found.length >= 36);
  assert.ok(found.some(({ story }) => story !== undefined));
  const texts = readdirSync(join(folder, "journal")).map((name) => readFileSync(join(folder, "journal", name), "utf8"));
  for (const secret of secrets) {
    for (const text of texts)
      assert.equal(
        text.includes(secret),
        false,
        `${secret} is in ${text.slice(text.indexOf(secret) - 200, text.indexOf(secret))}`,
      );
    for (const text of texts) assert.equal(text.includes(encodeURIComponent(secret)), false, secret);
  }
});
