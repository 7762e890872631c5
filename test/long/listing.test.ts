import assert from "node:assert/strict";
import { test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CreateBucketCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";

const OBJECTS = 100_000;
const PER_FOLDER = 250;
const WRITERS = 32;
const BUCKET = "listing";

function keyOf(index: number): string {
  return `folder-${String(Math.floor(index / PER_FOLDER)).padStart(4, "0")}/object ${String(index).padStart(6, "0")}+é`;
}

async function fill(client: S3Client): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  let next = 0;
  const writer = async (): Promise<void> => {
    // Written in scattered order, so that the order of listing is the store's work. 7919 is prime to OBJECTS.
    for (let index = next++; index < OBJECTS; index = next++) {
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: keyOf((index * 7919) % OBJECTS), Body: "x" }));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, writer));
}

test(`ListObjects, ListObjectsV2, ListObjectVersions: ${OBJECTS} objects come completely and in order, with and without delimiter`, async (t) => {
  const data = newFolder(t);
  const server = await ServerProcess.start(data, { args: ["--durability", "written"] });
  t.after(() => server.stop());
  const client = server.client();
  await fill(client);
  const keys = Array.from({ length: OBJECTS }, (_, index) => keyOf(index));
  const folders = [...new Set(keys.map((key) => key.slice(0, key.indexOf("/") + 1)))];

  const second: string[] = [];
  for (let ContinuationToken: string | undefined, more = true; more;) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken }));
    second.push(...(page.Contents ?? []).map((object) => object.Key!));
    ContinuationToken = page.NextContinuationToken;
    more = page.IsTruncated === true;
  }
  assert.deepEqual(second, keys);

  const first: string[] = [];
  for (let Marker: string | undefined, more = true; more; Marker = first.at(-1)) {
    const page = await client.send(new ListObjectsCommand({ Bucket: BUCKET, Marker }));
    first.push(...(page.Contents ?? []).map((object) => object.Key!));
    more = page.IsTruncated === true;
  }
  assert.deepEqual(first, keys);

  const versions: string[] = [];
  for (let KeyMarker: string | undefined, VersionIdMarker: string | undefined, more = true; more;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, KeyMarker, VersionIdMarker }));
    versions.push(...(page.Versions ?? []).map((version) => version.Key!));
    KeyMarker = page.NextKeyMarker;
    VersionIdMarker = page.NextVersionIdMarker;
    more = page.IsTruncated === true;
  }
  assert.deepEqual(versions, keys);

  const prefixes: string[] = [];
  for (let ContinuationToken: string | undefined, more = true; more;) {
    const page = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Delimiter: "/", MaxKeys: 77, ContinuationToken }));
    assert.equal(page.Contents, undefined);
    prefixes.push(...(page.CommonPrefixes ?? []).map((prefix) => prefix.Prefix!));
    ContinuationToken = page.NextContinuationToken;
    more = page.IsTruncated === true;
  }
  assert.deepEqual(prefixes, folders);
});
