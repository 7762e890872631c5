import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeleteMarkerEntry, ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketTaggingCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { TEST_KEYS } from "../serverProcess.ts";
import { fixture } from "./fixture.ts";

const Bucket = "versions";
const DAY_MS = 24 * 60 * 60 * 1000;
const LARGE = Buffer.alloc(6 * 1024 * 1024, "large ");
const LOCKED = "AccessDenied 403: Access Denied because object protected by object lock.";

/** Name, status and message of the error that a request ends with. */
async function refused(request: Promise<object>): Promise<string> {
  return request.then(
    () => "no error",
    (error: unknown) => {
      if (!(error instanceof S3ServiceException)) throw error;
      return `${error.name} ${error.$metadata.httpStatusCode}: ${error.message}`;
    },
  );
}

async function withVersioning(client: S3Client, Status: "Enabled" | "Suspended" = "Enabled"): Promise<void> {
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
}

async function put(client: S3Client, Key: string, Body: string): Promise<string> {
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  return VersionId!;
}

async function read(client: S3Client, Key: string, VersionId?: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return Body!.transformToString();
}

/** All pages of the bucket's versions and markers, by the markers of the page before: the SDK has no paginator for them. */
async function listed(client: S3Client, MaxKeys: number): Promise<ListObjectVersionsCommandOutput[]> {
  const pages: ListObjectVersionsCommandOutput[] = [];
  let next: Pick<ListObjectVersionsCommandOutput, "KeyMarker" | "VersionIdMarker"> = {};
  do {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...next }));
    next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    pages.push(page);
  } while (pages.at(-1)!.IsTruncated);
  return pages;
}

/** What pages list: of each the markers, then the versions. */
function entriesOf(pages: readonly ListObjectVersionsCommandOutput[]): DeleteMarkerEntry[] {
  return pages.flatMap(({ DeleteMarkers = [], Versions = [] }) => [...DeleteMarkers, ...Versions]);
}

test("AWS SDK v3: versions and delete markers are written, read, listed page by page and deleted by their ids", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const before = await put(client, "a/1", "before");
  assert.equal(before, undefined);
  await withVersioning(client);
  assert.equal((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status, "Enabled");
  const [first, second] = [await put(client, "a/1", "first"), await put(client, "a/1", "second")];
  const other = await put(client, "b", "other");
  const { DeleteMarker, VersionId: marker } = await client.send(new DeleteObjectCommand({ Bucket, Key: "a/1" }));
  assert.equal(DeleteMarker, true);
  const named = { Bucket, Key: "a/1" };
  assert.equal(await refused(client.send(new GetObjectCommand(named))), "NoSuchKey 404: The specified key does not exist.");
  assert.match(await refused(client.send(new HeadObjectCommand(named))), /^NotFound 404: /);
  assert.equal(
    await refused(client.send(new GetObjectCommand({ ...named, VersionId: marker }))),
    "MethodNotAllowed 405: The specified method is not allowed against this resource.",
  );
  assert.match(await refused(client.send(new HeadObjectCommand({ ...named, VersionId: marker }))), / 405: /);
  assert.equal(
    await refused(client.send(new GetObjectCommand({ ...named, VersionId: other }))),
    "NoSuchVersion 404: The specified version does not exist.",
  );
  const wanted = [marker, second, first, "null", other];
  for (const pageSize of [1, 2, 3, 1000]) {
    const pages = await listed(client, pageSize);
    const entries = entriesOf(pages);
    assert.deepEqual(
      entries.map(({ VersionId }) => VersionId),
      wanted,
      `pages of ${pageSize}`,
    );
    assert.deepEqual(
      entries.filter(({ IsLatest }) => IsLatest).map(({ VersionId }) => VersionId),
      [marker, other],
    );
    assert.equal(pages.length, Math.ceil(wanted.length / pageSize));
  }
  assert.equal(await read(client, "a/1", "null"), "before");
  const url = await getSignedUrl(client, new GetObjectCommand({ ...named, VersionId: first }));
  assert.equal(await (await fetch(url)).text(), "first");
  const CopySource = `${Bucket}/a%2F1?versionId=${first}`;
  const copied = await client.send(new CopyObjectCommand({ ...named, CopySource }));
  assert.equal(copied.CopySourceVersionId, first);
  assert.equal(await read(client, "a/1"), "first");
  await withVersioning(client, "Suspended");
  assert.equal(await put(client, "a/1", "in place of before"), "null");
  assert.equal(await read(client, "a/1", "null"), "in place of before");
  const Objects = entriesOf(await listed(client, 1000)).map(({ Key, VersionId }) => ({ Key, VersionId }));
  const { Deleted, Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual([Deleted?.length, Errors], [6, undefined]);
  assert.deepEqual(
    Deleted?.flatMap(({ DeleteMarkerVersionId }) => DeleteMarkerVersionId ?? []),
    [marker],
  );
  await client.send(new DeleteBucketCommand({ Bucket }));
});

test("AWS SDK v3: tags of objects, versions, uploads and buckets are put, shown and deleted", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  const tagsOf = async (Key: string, VersionId?: string) =>
    (await client.send(new GetObjectTaggingCommand({ Bucket, Key, VersionId }))).TagSet;
  const TagSet = [{ Key: "größe", Value: "a + b" }];
  await client.send(new CreateBucketCommand({ Bucket }));
  await withVersioning(client);
  const Tagging = "gr%C3%B6%C3%9Fe=a+%2B+b";
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "", Tagging }));
  assert.equal((await client.send(new GetObjectCommand({ Bucket, Key: "k" }))).TagCount, 1);
  await put(client, "k", "without");
  assert.deepEqual([await tagsOf("k"), await tagsOf("k", VersionId)], [[], TagSet]);
  await client.send(new PutObjectTaggingCommand({ Bucket, Key: "k", Tagging: { TagSet: [{ Key: "new", Value: "" }] } }));
  assert.deepEqual(await tagsOf("k"), [{ Key: "new", Value: "" }]);
  const CopySource = `${Bucket}/k?versionId=${VersionId}`;
  await client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource }));
  assert.deepEqual(await tagsOf("copy"), TagSet);
  await client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource, TaggingDirective: "REPLACE", Tagging: "a=1" }));
  assert.deepEqual(await tagsOf("copy"), [{ Key: "a", Value: "1" }]);
  await client.send(new DeleteObjectTaggingCommand({ Bucket, Key: "k", VersionId }));
  assert.deepEqual([await tagsOf("k", VersionId), await tagsOf("k")], [[], [{ Key: "new", Value: "" }]]);
  await new Upload({ client, params: { Bucket, Key: "large", Body: LARGE }, tags: TagSet }).done();
  assert.deepEqual(await tagsOf("large"), TagSet);
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  assert.deepEqual((await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet, TagSet);
  await client.send(new DeleteBucketTaggingCommand({ Bucket }));
  assert.match(
    await refused(client.send(new GetBucketTaggingCommand({ Bucket }))),
    /^NoSuchTagSet 404: The TagSet does not exist$/,
  );
});

test("AWS SDK v3: retention and legal hold are put, shown and heeded, in requests of one object and of many", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  const RetainUntilDate = new Date(Math.ceil(Date.now() / 1000) * 1000 + DAY_MS);
  const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: RetainUntilDate } as const;
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "kept", ...lock }));
  const version = { Bucket, Key: "k", VersionId: VersionId! };
  const shown = (await client.send(new GetObjectRetentionCommand(version))).Retention;
  assert.deepEqual(shown, { Mode: "GOVERNANCE", RetainUntilDate });
  assert.equal(await refused(client.send(new DeleteObjectCommand(version))), LOCKED);
  const Objects = [{ Key: "k", VersionId: version.VersionId }];
  const { Errors } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual(Errors, [{ ...Objects[0], Code: "AccessDenied", Message: LOCKED.split(": ")[1] }]);
  assert.equal(await refused(client.send(new PutObjectRetentionCommand({ ...version, Retention: {} }))), LOCKED);
  await client.send(new PutObjectRetentionCommand({ ...version, Retention: {}, BypassGovernanceRetention: true }));
  await client.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status: "ON" } }));
  assert.equal((await client.send(new HeadObjectCommand(version))).ObjectLockLegalHoldStatus, "ON");
  assert.equal(await refused(client.send(new DeleteObjectCommand({ ...version, BypassGovernanceRetention: true }))), LOCKED);
  await client.send(new PutObjectLegalHoldCommand({ ...version, LegalHold: { Status: "OFF" } }));
  assert.deepEqual((await client.send(new GetObjectLegalHoldCommand(version))).LegalHold, { Status: "OFF" });
  await client.send(new DeleteObjectCommand(version));
  await client.send(new DeleteBucketCommand({ Bucket }));
});

test("AWS SDK v3: a bucket that retains by default takes what comes with a checksum, as the SDK sends it unless told not to", async (t) => {
  const { server, endpoint } = await fixture(t);
  const client = server.client();
  const settings = { endpoint, region: "us-east-1", credentials: TEST_KEYS, forcePathStyle: true, maxAttempts: 1 };
  const bare = new S3Client({ ...settings, requestChecksumCalculation: "WHEN_REQUIRED" });
  const required = (what: string): string =>
    `InvalidRequest 400: Content-MD5 OR x-amz-checksum- HTTP header is required for Put ${what} requests with Object Lock parameters`;
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  await put(bare, "before", "nothing is locked yet");
  const ObjectLockConfiguration = {
    ObjectLockEnabled: "Enabled",
    Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } },
  } as const;
  await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  const configuration = await client.send(new GetObjectLockConfigurationCommand({ Bucket }));
  assert.deepEqual(configuration.ObjectLockConfiguration, ObjectLockConfiguration);
  assert.equal(await refused(bare.send(new PutObjectCommand({ Bucket, Key: "k", Body: "" }))), required("Object"));
  const { UploadId } = await bare.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  const part = { Bucket, Key: "k", UploadId, PartNumber: 1, Body: "part" };
  assert.equal(await refused(bare.send(new UploadPartCommand(part))), required("Part"));
  await put(client, "k", "retained");
  const { LastModified, ...head } = await client.send(new HeadObjectCommand({ Bucket, Key: "k" }));
  const untilMs = head.ObjectLockRetainUntilDate!.getTime();
  assert.deepEqual([head.ObjectLockMode, Math.floor(untilMs / 1000) * 1000], ["COMPLIANCE", LastModified!.getTime() + DAY_MS]);
  assert.equal(await refused(client.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId: head.VersionId }))), LOCKED);
  const { ETag } = await client.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: "k", UploadId, MultipartUpload }));
  await new Upload({ client, params: { Bucket, Key: "large", Body: LARGE } }).done();
  assert.equal((await client.send(new HeadObjectCommand({ Bucket, Key: "large" }))).ObjectLockMode, "COMPLIANCE");
});
