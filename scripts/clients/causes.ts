import { randomBytes } from "node:crypto";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { breakTheOnlyBlob } from "../../test/interop/damage.ts";
import { lastingErrors } from "../../test/interop/lastingErrors.ts";
import { succeed } from "../../test/interop/commands.ts";
import { ServerProcess, TEST_KEYS } from "../../test/serverProcess.ts";
import { TestServer } from "../../test/server/TestServer.ts";
import type { Keys } from "./Keys.ts";

/** Somebody who may do nothing with the bucket of the page. */
export const STRANGER: Keys = { accessKeyId: "HFSTRANGERSTRANGER00", secretAccessKey: "s".repeat(40) };
/** A file of five bytes. */
export const FILE = "small.txt";
/** A file larger than S3 takes at once. */
export const HUGE_FILE = "huge.bin";

/** How far the clock of a server is ahead that takes every client's for wrong. */
const SKEW_MS: number = 20 * 60 * 1000;
/** More than one request may bring. */
const HUGE_SIZE_BYTES: number = 5 * 1024 ** 3 + 1;
/** Too large to stand beside its record, so that a blob file can be damaged. */
const BLOB_SIZE_BYTES = 300_000;

/** The servers of the page: two started by the command, and several whose one fault does not pass. */
export type CauseName = "main" | "european" | "ahead" | "ServiceUnavailable" | "SlowDown" | "RequestTimeout" | "OperationAborted";

/** What the rows need. */
export interface Scene {
  readonly endpoints: Readonly<Record<CauseName, string>>;
  /** An upload whose first part is small, with the part's entity tag. */
  readonly upload: { readonly id: string; readonly etag: string };
}

/** Starts the servers and puts there what the rows meet. Everything goes with the stack. */
export async function scene(folder: string, stack: AsyncDisposableStack): Promise<Scene> {
  await writeFiles(folder);
  const data = join(folder, "data");
  const main = await ServerProcess.start(data, { args: ["--workers", "1"] });
  stack.defer(async () => void (await main.stop()));
  const european = await ServerProcess.start(join(folder, "european"), { args: ["--region", "eu-west-1", "--workers", "1"] });
  stack.defer(async () => void (await european.stop()));
  const ahead = stack.use(await TestServer.start({ clock: () => Date.now() + SKEW_MS }));
  const lasting = await lastingErrors({ after: (cleanUp) => stack.defer(async () => void (await cleanUp())) });
  const upload = await furnish(main.client(), data);
  const inEurope = new S3Client({
    endpoint: endpointOf(european.port),
    region: "eu-west-1",
    credentials: TEST_KEYS,
    forcePathStyle: true,
  });
  const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
  await inEurope.send(new CreateBucketCommand({ Bucket: "shown", CreateBucketConfiguration }));
  return {
    endpoints: {
      main: endpointOf(main.port),
      european: endpointOf(european.port),
      ahead: endpointOf(ahead.port),
      ServiceUnavailable: lasting["ServiceUnavailable"]!.endpoint,
      SlowDown: lasting["SlowDown"]!.endpoint,
      RequestTimeout: lasting["RequestTimeout"]!.endpoint,
      OperationAborted: lasting["OperationAborted"]!.endpoint,
    },
    upload,
  };
}

function endpointOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function writeFiles(folder: string): Promise<void> {
  await writeFile(join(folder, FILE), "bytes");
  await writeFile(join(folder, HUGE_FILE), "");
  // A hole: no block of the disk is used.
  await truncate(join(folder, HUGE_FILE), HUGE_SIZE_BYTES);
}

/** A bucket with an object, a damaged one and an upload, and a user who may not see them. */
async function furnish(client: S3Client, data: string): Promise<Scene["upload"]> {
  const command = ["src/main.ts", "user", "add", "stranger", "--data", data];
  const { accessKeyId, secretAccessKey } = STRANGER;
  await succeed(process.execPath, [...command, "--access-key", accessKeyId, "--secret-key", secretAccessKey], {
    cwd: process.cwd(),
  });
  await client.send(new CreateBucketCommand({ Bucket: "shown" }));
  await client.send(new PutObjectCommand({ Bucket: "shown", Key: "there", Body: "bytes" }));
  await client.send(new PutObjectCommand({ Bucket: "shown", Key: "damaged", Body: randomBytes(BLOB_SIZE_BYTES) }));
  await breakTheOnlyBlob(join(data, "blobs"));
  const parts = { Bucket: "shown", Key: "parts" };
  const { UploadId: id } = await client.send(new CreateMultipartUploadCommand({ ...parts, ChecksumAlgorithm: "CRC32" }));
  const part = { ...parts, UploadId: id!, Body: "small" };
  const { ETag: etag } = await client.send(new UploadPartCommand({ ...part, PartNumber: 1 }));
  await client.send(new UploadPartCommand({ ...part, PartNumber: 2 }));
  return { id: id!, etag: etag! };
}
