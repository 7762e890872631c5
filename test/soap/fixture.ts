import { execFile } from "node:child_process";
import { Agent } from "node:https";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  PutBucketAclCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { requirePackages } from "../interop/installed.ts";
import { newFolder } from "../newFolder.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";
import type { Signer } from "./calls.ts";

/** An account beside the first one, who may do nothing in that one's buckets. */
export const OTHER_KEYS: Signer = { accessKeyId: "HFTESTTESTTESTTEST01", secretAccessKey: "o".repeat(40) };
/** Its address. */
export const OTHER_EMAIL = "other@example.com";

/** One byte more than may stand in a message. */
export const TOO_LARGE_SIZE_BYTES: number = 1024 * 1024 + 1;

const LOG_DELIVERY = 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"';

/** A server that SOAP's clients ask, with two accounts and what they need in it. */
export interface SoapFixture {
  /** Without a path. Over TLS, with the certificate of the tests. */
  readonly endpoint: string;
  /** For what a client writes. */
  readonly folder: string;
  /** The canonical ids of the accounts. */
  readonly ownerId: string;
  readonly otherId: string;
}

/**
 * Starts a server that lives as long as the test. The first account has two buckets: "listed", with ACLs in use and not kept from the public,
 * and two objects in it; and "logs", into which logs may be written.
 */
export async function soapFixture(t: TestContext): Promise<SoapFixture> {
  requirePackages("soapDebian");
  const folder = newFolder(t);
  const data = join(folder, "data");
  const args = ["--tls-cert", CERTIFICATE_PATH, "--tls-key", PRIVATE_KEY_PATH, "--workers", "2"];
  const server = await ServerProcess.start(data, { args });
  t.after(() => server.stop());
  await holdfast("account", "add", "other", "--data", data, "--email", OTHER_EMAIL, ...keyOptions(OTHER_KEYS));
  const endpoint = `https://localhost:${server.port}`;
  const owner = restClient(endpoint, TEST_KEYS);
  await withAcls(owner, "listed");
  await owner.send(new PutObjectCommand({ Bucket: "listed", Key: "object", Body: "an object" }));
  await owner.send(new PutObjectCommand({ Bucket: "listed", Key: "large", Body: Buffer.alloc(TOO_LARGE_SIZE_BYTES) }));
  await withAcls(owner, "logs");
  await owner.send(new PutBucketAclCommand({ Bucket: "logs", GrantWrite: LOG_DELIVERY, GrantReadACP: LOG_DELIVERY }));
  const other = restClient(endpoint, OTHER_KEYS);
  await withAcls(other, "others");
  return { endpoint, folder, ownerId: await ownerOf(owner, "listed"), otherId: await ownerOf(other, "others") };
}

async function withAcls(client: S3Client, Bucket: string): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket, ObjectOwnership: "ObjectWriter" }));
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
}

async function ownerOf(client: S3Client, Bucket: string): Promise<string> {
  return (await client.send(new GetBucketAclCommand({ Bucket }))).Owner!.ID!;
}

function restClient(endpoint: string, credentials: Signer): S3Client {
  return new S3Client({
    endpoint,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    requestHandler: { httpsAgent: new Agent({ ca: CERTIFICATE }) },
  });
}

function keyOptions({ accessKeyId, secretAccessKey }: Signer): string[] {
  return ["--access-key", accessKeyId, "--secret-key", secretAccessKey];
}

async function holdfast(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, ["src/main.ts", ...args]);
}
