import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { TestContext } from "node:test";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";
import { breakTheOnlyBlob } from "./damage.ts";
import { python } from "./python.ts";
import { fixture } from "./fixture.ts";
import { succeed } from "./commands.ts";

const STRANGER = { accessKeyId: "HFSTRANGERSTRANGER00", secretAccessKey: "s".repeat(40) };
const DISK_SPACE = "10m";

/** What each error must show: status, message, and details with their values ("" for any). */
const EXPECTED: Readonly<Record<string, readonly [status: number, message: string, details: Readonly<Record<string, string>>]>> =
  {
    AccessDenied: [403, "Access Denied", {}],
    BucketAlreadyExists: [
      409,
      "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.",
      { BucketName: "errors" },
    ],
    BucketAlreadyOwnedByYou: [
      409,
      "Your previous request to create the named bucket succeeded and you already own it.",
      { BucketName: "" },
    ],
    BucketNotEmpty: [409, "The bucket you tried to delete is not empty", { BucketName: "errors" }],
    InvalidAccessKeyId: [
      403,
      "The AWS Access Key Id you provided does not exist in our records.",
      { AWSAccessKeyId: "NOBODYHASTHISKEY0000" },
    ],
    InvalidArgument: [400, "The continuation token provided is incorrect", { ArgumentName: "continuation-token" }],
    InvalidBucketName: [400, "The specified bucket is not valid.", { BucketName: "ends-with-hyphen-" }],
    InvalidRange: [416, "The requested range is not satisfiable", { RangeRequested: "bytes=100-200", ActualObjectSize: "5" }],
    MalformedXML: [400, "The XML you provided was not well-formed or did not validate against our published schema", {}],
    NoSuchBucket: [404, "The specified bucket does not exist", { BucketName: "nothing-here" }],
    NotImplemented: [501, "A header you provided implies functionality that is not implemented", { Header: "Transfer-Encoding" }],
    NoSuchKey: [404, "The specified key does not exist.", { Key: "nothing" }],
    NoSuchUpload: [
      404,
      "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
      { UploadId: "nothing" },
    ],
    SignatureDoesNotMatch: [
      403,
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      {
        AWSAccessKeyId: TEST_KEYS.accessKeyId,
        StringToSign: "",
        SignatureProvided: "",
        StringToSignBytes: "",
        CanonicalRequest: "",
        CanonicalRequestBytes: "",
      },
    ],
    InternalError: [500, "We encountered an internal error. Please try again.", {}],
    ServiceUnavailable: [503, "", {}],
  };

interface Seen {
  readonly expected: string;
  readonly code: string | null;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly status: number;
}

function check(seen: Seen): void {
  const [status, message, details] = EXPECTED[seen.expected]!;
  assert.equal(seen.code, seen.expected, JSON.stringify(seen));
  assert.equal(seen.status, status, seen.expected);
  if (message !== "") assert.equal(seen.message, message, seen.expected);
  for (const [name, value] of Object.entries(details)) {
    assert.ok(seen.details[name], `${seen.expected} lacks ${name}: ${JSON.stringify(seen.details)}`);
    if (value !== "") assert.equal(seen.details[name], value, `${seen.expected}: ${name}`);
  }
  assert.ok(seen.details["Details"], `${seen.expected} explains nothing`);
  assert.match(seen.requestId, /^[0-9A-HJKMNP-TV-Z]{16}$/, seen.expected);
}

/** Servers on which each error has its real cause. */
async function scene(t: TestContext): Promise<{ main: ServerProcess; european: ServerProcess; full: ServerProcess }> {
  const cleanUps: (() => unknown)[] = [];
  const { server: main, folder } = await fixture(t, {
    async cleanUp() {
      for (const cleanUp of cleanUps.toReversed()) await cleanUp();
    },
  });
  const command = ["src/main.ts", "user", "add", "stranger", "--data", join(folder, "data")];
  await succeed(process.execPath, [...command, "--access-key", STRANGER.accessKeyId, "--secret-key", STRANGER.secretAccessKey], {
    cwd: process.cwd(),
  });
  const client = main.client();
  await client.send(new CreateBucketCommand({ Bucket: "errors" }));
  await client.send(new PutObjectCommand({ Bucket: "errors", Key: "there", Body: "bytes" }));
  await client.send(new PutObjectCommand({ Bucket: "errors", Key: "damaged", Body: randomBytes(300_000) }));
  await breakTheOnlyBlob(join(folder, "data", "blobs"));
  const european = await ServerProcess.start(join(folder, "european"), { args: ["--region", "eu-west-1", "--workers", "1"] });
  cleanUps.push(() => european.stop());
  const disk = join(folder, "disk");
  await mkdir(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_SPACE}`, "tmpfs", disk]);
  cleanUps.push(() => execFileSync("umount", [disk]));
  const full = await ServerProcess.start(join(disk, "data"), { args: ["--workers", "1"] });
  cleanUps.push(() => full.stop());
  await full.client().send(new CreateBucketCommand({ Bucket: "full" }));
  return { main, european, full };
}

test(
  "boto3: sixteen errors are caught by code, with message, details, explanation and request id",
  { skip: process.getuid?.() !== 0 && "a full disk needs root to be made" },
  async (t) => {
    const { main, european, full } = await scene(t);
    const given = {
      stranger: STRANGER,
      owner: TEST_KEYS,
      europeanEndpoint: `http://127.0.0.1:${european.port}`,
      fullEndpoint: `http://127.0.0.1:${full.port}`,
    };
    const { stdout, stderr } = await python("errors.py", `http://127.0.0.1:${main.port}`, given);
    assert.ok(stdout.startsWith("["), stderr);
    const all = JSON.parse(stdout) as Seen[];
    assert.equal(all.length, Object.keys(EXPECTED).length);
    for (const seen of all) check(seen);
  },
);

test(
  "AWS SDK v3: sixteen errors are caught by code, with message, details, explanation and request id",
  { skip: process.getuid?.() !== 0 && "a full disk needs root to be made" },
  async (t) => {
    const { main, european, full } = await scene(t);
    const s3 = main.client();
    const other = (more: S3ClientConfig): S3Client =>
      new S3Client({
        endpoint: `http://127.0.0.1:${main.port}`,
        region: "us-east-1",
        credentials: TEST_KEYS,
        forcePathStyle: true,
        maxAttempts: 1,
        ...more,
      });
    const stranger = other({ credentials: STRANGER });
    const unknown = other({ credentials: { accessKeyId: "NOBODYHASTHISKEY0000", secretAccessKey: "x" } });
    const forger = other({ credentials: { ...TEST_KEYS, secretAccessKey: "x" } });
    const inEurope = other({ endpoint: `http://127.0.0.1:${european.port}`, region: "eu-west-1" });
    const careless = other({ requestChecksumCalculation: "WHEN_REQUIRED" });
    careless.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body?: unknown; headers: Record<string, string> };
        if (request.headers["content-length"] !== undefined) request.body = "<Delete><Object>";
        delete request.headers["content-md5"];
        for (const name of Object.keys(request.headers))
          if (name.startsWith("x-amz-checksum") || name.startsWith("x-amz-sdk-ch")) delete request.headers[name];
        request.headers["x-amz-checksum-sha1"] = "bt0uhrPV3qupdRKaYkZFc31H1Yw=";
        request.headers["content-length"] = "16";
        return next(args);
      },
      { step: "build", priority: "low", name: "brokenXml" },
    );
    const unsized = other({ requestChecksumCalculation: "WHEN_REQUIRED" });
    const create = new CreateBucketCommand({
      Bucket: "twice-sdk",
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    });
    await inEurope.send(create);
    const calls: Record<string, () => Promise<unknown>> = {
      AccessDenied: () => stranger.send(new GetObjectCommand({ Bucket: "errors", Key: "there" })),
      BucketAlreadyExists: () => stranger.send(new CreateBucketCommand({ Bucket: "errors" })),
      BucketAlreadyOwnedByYou: () => inEurope.send(create),
      BucketNotEmpty: () => s3.send(new DeleteBucketCommand({ Bucket: "errors" })),
      InvalidAccessKeyId: () => unknown.send(new ListBucketsCommand({})),
      InvalidArgument: () => s3.send(new ListObjectsV2Command({ Bucket: "errors", ContinuationToken: "nonsense" })),
      InvalidBucketName: () => s3.send(new CreateBucketCommand({ Bucket: "ends-with-hyphen-" })),
      InvalidRange: () => s3.send(new GetObjectCommand({ Bucket: "errors", Key: "there", Range: "bytes=100-200" })),
      MalformedXML: () => careless.send(new DeleteObjectsCommand({ Bucket: "errors", Delete: { Objects: [{ Key: "k" }] } })),
      NotImplemented: () =>
        unsized.send(new PutObjectCommand({ Bucket: "errors", Key: "k", Body: Readable.from([Buffer.from("bytes")]) })),
      NoSuchBucket: () => s3.send(new GetObjectCommand({ Bucket: "nothing-here", Key: "k" })),
      NoSuchKey: () => s3.send(new GetObjectCommand({ Bucket: "errors", Key: "nothing" })),
      NoSuchUpload: () => s3.send(new ListPartsCommand({ Bucket: "errors", Key: "k", UploadId: "nothing" })),
      SignatureDoesNotMatch: () => forger.send(new ListBucketsCommand({})),
      InternalError: () => s3.send(new GetObjectCommand({ Bucket: "errors", Key: "damaged" })),
      ServiceUnavailable: () =>
        full.client().send(new PutObjectCommand({ Bucket: "full", Key: "large", Body: Buffer.alloc(12_000_000) })),
    };
    for (const [expected, call] of Object.entries(calls)) {
      const error = await call().then(
        () => assert.fail(`${expected} did not come`),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof S3ServiceException, `${expected}: ${String(error)}`);
      const { httpStatusCode, requestId } = error.$metadata;
      const details = error as unknown as Record<string, string>;
      check({ expected, code: error.name, message: error.message, details, requestId: requestId!, status: httpStatusCode! });
    }
  },
);
