import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { NewFault } from "../../src/index.ts";
import { Holdfast } from "../../src/index.ts";
import { TEST_KEYS } from "../serverProcess.ts";
import { AWS } from "./aws.ts";
import { run } from "./commands.ts";
import { python } from "./python.ts";

/** What a client is asked to do. */
type Wish = "put" | "get" | "getNew" | "head" | "copy" | "delete";

/** A fault that strikes each attempt of a client. */
export interface FaultCase {
  /** Its name in the table. */
  readonly name: string;
  readonly wish: Wish;
  readonly fault: Pick<NewFault, "action" | "stage">;
}

/** Attempts that each client may make. */
export const ATTEMPTS = 2;

/** A client waits no longer for bytes. */
const READ_TIMEOUT_S = 1;

const BUCKET = "bucket";
const KEY = "file";
/** Written anew before it is asked for. */
const NEW_KEY = "new";
/** Above what may lie in the index, so that all of a body's way is gone. */
const CONTENT = "0123456789".repeat(20_000);

/** Every kind of fault, and every way in which it differs for a client. */
export const FAULT_CASES: readonly FaultCase[] = [
  { name: "error InternalError", wish: "put", fault: { action: { kind: "error", code: "InternalError" } } },
  {
    name: "error InternalError, afterCommit",
    wish: "put",
    fault: { action: { kind: "error", code: "InternalError" }, stage: "afterCommit" },
  },
  { name: "error SlowDown", wish: "put", fault: { action: { kind: "error", code: "SlowDown" } } },
  { name: "error ServiceUnavailable of a HEAD", wish: "head", fault: { action: { kind: "error", code: "ServiceUnavailable" } } },
  {
    name: "error ConditionalRequestConflict",
    wish: "put",
    fault: { action: { kind: "error", code: "ConditionalRequestConflict" } },
  },
  {
    name: "error ExpiredToken",
    wish: "get",
    fault: { action: { kind: "error", code: "ExpiredToken" }, stage: "beforeAuthentication" },
  },
  { name: "slowDown", wish: "get", fault: { action: { kind: "slowDown", requestsPerSecond: 0 } } },
  { name: "status 500 without a body", wish: "get", fault: { action: { kind: "status", status: 500 } } },
  { name: "status 503 with a page", wish: "get", fault: { action: { kind: "status", status: 503, body: "<html>Busy</html>" } } },
  { name: "errorInside200", wish: "copy", fault: { action: { kind: "errorInside200", code: "InternalError" } } },
  { name: "keyErrors", wish: "delete", fault: { action: { kind: "keyErrors", code: "InternalError" } } },
  { name: "delay", wish: "get", fault: { action: { kind: "delay", delayMs: 100 } } },
  {
    name: "throttle, sending",
    wish: "get",
    fault: { action: { kind: "throttle", bytesPerSecond: 1_000_000 }, stage: "sending" },
  },
  {
    name: "throttle, receiving",
    wish: "put",
    fault: { action: { kind: "throttle", bytesPerSecond: 1_000_000 }, stage: "receiving" },
  },
  { name: "stall, sending", wish: "get", fault: { action: { kind: "stall", stallMs: 10_000, atByte: 1_000 }, stage: "sending" } },
  { name: "disconnect reset", wish: "put", fault: { action: { kind: "disconnect", how: "reset" } } },
  { name: "disconnect halfClose", wish: "get", fault: { action: { kind: "disconnect", how: "halfClose" } } },
  {
    name: "disconnect reset, afterCommit",
    wish: "put",
    fault: { action: { kind: "disconnect", how: "reset" }, stage: "afterCommit" },
  },
  {
    name: "disconnect end, sending",
    wish: "get",
    fault: { action: { kind: "disconnect", how: "end", atByte: 50_000 }, stage: "sending" },
  },
  {
    name: "disconnect reset, receiving",
    wish: "put",
    fault: { action: { kind: "disconnect", how: "reset", atByte: 1_000 }, stage: "receiving" },
  },
  { name: "contentLength, more", wish: "get", fault: { action: { kind: "contentLength", byBytes: 5 } } },
  { name: "contentLength, fewer", wish: "get", fault: { action: { kind: "contentLength", byBytes: -5 } } },
  { name: "corrupt body", wish: "get", fault: { action: { kind: "corrupt", what: "body" } } },
  { name: "corrupt checksum", wish: "get", fault: { action: { kind: "corrupt", what: "checksum" } } },
  { name: "clock, 20 minutes ahead", wish: "get", fault: { action: { kind: "clock", aheadMs: 1_200_000 } } },
  { name: "redirect 301", wish: "get", fault: { action: { kind: "redirect", status: 301 } } },
  { name: "redirect 307", wish: "get", fault: { action: { kind: "redirect", status: 307 } } },
  { name: "stale", wish: "getNew", fault: { action: { kind: "stale", staleMs: 60_000 } } },
  { name: "disk full", wish: "put", fault: { action: { kind: "disk", how: "full" } } },
  { name: "disk slow", wish: "put", fault: { action: { kind: "disk", how: "slow", delayMs: 50 } } },
];

/** The clients, by the names in the table's head. */
export const FAULT_CLIENTS = ["AWS SDK v3", "boto3", "AWS CLI"] as const;

export type FaultClient = (typeof FAULT_CLIENTS)[number];

/** What a client made of a fault: what it told its user, and how many requests of it the server saw. */
export interface Seen {
  readonly told: string;
  readonly requests: number;
}

/** A server for these cases, with what clients ask for. */
export async function faultServer(): Promise<Holdfast> {
  const { accessKeyId, secretAccessKey } = TEST_KEYS;
  const holdfast = await Holdfast.start({ accessKeyId, secretAccessKey });
  const client = new S3Client(holdfast.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  await put(holdfast, KEY);
  return holdfast;
}

/** Has a client do what a case says, and tells what came of it. `folder` is for its files. */
export async function see(holdfast: Holdfast, client: FaultClient, { wish, fault }: FaultCase, folder: string): Promise<Seen> {
  const { id } = await holdfast.faults.add({ id: "case", ...fault, match: { operations: [OPERATIONS[wish]] } });
  try {
    if (wish === "getNew") await put(holdfast, NEW_KEY);
    const told = await CLIENTS[client](holdfast.endpoint, wish, folder);
    const [rule] = await holdfast.faults.list();
    return { told, requests: rule!.matched };
  } finally {
    await holdfast.faults.remove(id);
  }
}

async function put(holdfast: Holdfast, key: string): Promise<void> {
  const client = new S3Client(holdfast.clientConfig());
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: CONTENT, ChecksumAlgorithm: "CRC32" }));
  client.destroy();
}

const OPERATIONS: Readonly<Record<Wish, string>> = {
  put: "PutObject",
  get: "GetObject",
  getNew: "GetObject",
  head: "HeadObject",
  copy: "CopyObject",
  delete: "DeleteObjects",
};

const CLIENTS: Readonly<Record<FaultClient, (endpoint: string, wish: Wish, folder: string) => Promise<string>>> = {
  "AWS SDK v3": bySdk,
  boto3: byBoto3,
  "AWS CLI": byAws,
};

const WORKED = "works";
/** Nobody told the user that the bytes are others, or fewer. */
const WRONG = "works, with wrong bytes";

async function bySdk(endpoint: string, wish: Wish): Promise<string> {
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    credentials: TEST_KEYS,
    forcePathStyle: true,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      requestTimeout: READ_TIMEOUT_S * 1_000,
      throwOnRequestTimeout: true,
      socketTimeout: READ_TIMEOUT_S * 1_000,
    },
  });
  const object = { Bucket: BUCKET, Key: wish === "getNew" ? NEW_KEY : KEY };
  try {
    switch (wish) {
      case "put":
        await client.send(new PutObjectCommand({ ...object, Body: CONTENT }));
        return WORKED;
      case "get":
      case "getNew": {
        const { Body } = await client.send(new GetObjectCommand(object));
        return (await Body!.transformToString()) === CONTENT ? WORKED : WRONG;
      }
      case "head":
        await client.send(new HeadObjectCommand(object));
        return WORKED;
      case "copy":
        await client.send(new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/${KEY}` }));
        return WORKED;
      case "delete": {
        const { Errors = [] } = await client.send(
          new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: "none" }] } }),
        );
        return Errors.length === 0 ? WORKED : `works, Errors: ${Errors.map(({ Code }) => Code).join(", ")}`;
      }
    }
  } catch (cause) {
    const { name, code, message } = cause as { readonly name: string; readonly code?: string; readonly message: string };
    // What has no name of its own has a code, or a message that begins with what is wrong.
    return name === "Error" ? (code ?? message.split(/[:"]/, 1)[0]!.trim()) : name;
  } finally {
    client.destroy();
  }
}

async function byBoto3(endpoint: string, wish: Wish): Promise<string> {
  const key = wish === "getNew" ? NEW_KEY : KEY;
  const input = { wish, bucket: BUCKET, key, content: CONTENT, attempts: ATTEMPTS, timeout: READ_TIMEOUT_S };
  const { stdout, stderr } = await python("faults.py", endpoint, input);
  return stdout.trim() || `failed: ${stderr.trim().split("\n").at(-1)}`;
}

async function byAws(endpoint: string, wish: Wish, folder: string): Promise<string> {
  const file = join(folder, "body");
  await writeFile(file, CONTENT);
  const got = join(folder, "got");
  const object = ["--bucket", BUCKET, "--key", wish === "getNew" ? NEW_KEY : KEY];
  const words: Readonly<Record<Wish, readonly string[]>> = {
    put: ["put-object", ...object, "--body", file],
    get: ["get-object", ...object, got],
    getNew: ["get-object", ...object, got],
    head: ["head-object", ...object],
    copy: ["copy-object", "--bucket", BUCKET, "--key", "copy", "--copy-source", `${BUCKET}/${KEY}`],
    delete: ["delete-objects", "--bucket", BUCKET, "--delete", '{"Objects":[{"Key":"none"}]}'],
  };
  const timeout = ["--cli-read-timeout", String(READ_TIMEOUT_S)];
  const options = { cwd: folder, env: { AWS_MAX_ATTEMPTS: String(ATTEMPTS), AWS_RETRY_MODE: "standard" } };
  const { code, stdout, stderr } = await run(
    AWS,
    ["--endpoint-url", endpoint, "--output", "json", ...timeout, "s3api", ...words[wish]],
    options,
  );
  if (code === 0) {
    if (wish === "get" && (await readFile(got, "utf8")) !== CONTENT) return WRONG;
    const errors = wish === "delete" && stdout.includes('"Errors"') ? /"Code": "(\w+)"/.exec(stdout)?.[1] : undefined;
    return errors === undefined ? WORKED : `works, Errors: ${errors}`;
  }
  const known = /An error occurred \((\w+)\)/.exec(stderr)?.[1];
  return (
    known ??
    stderr
      .trim()
      .replace(/"?https?:\/\/\S+/g, "…")
      .split("\n")
      .at(-1)!
  );
}
