import assert from "node:assert/strict";
import { test } from "node:test";
import type { CORSRule, S3Client } from "@aws-sdk/client-s3";
import {
  DeleteBucketCorsCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Told } from "./pages.ts";
import { pageAndServer } from "./pages.ts";

/** What a real browser lets a page of another origin do, by what the server says of the bucket's CORS rules. */

const KEY = { Bucket: "bucket", Key: "a b/\u00fc.txt" };

function putRules(client: S3Client, ...CORSRules: CORSRule[]): Promise<unknown> {
  return client.send(new PutBucketCorsCommand({ Bucket: "bucket", CORSConfiguration: { CORSRules } }));
}

async function contentOf(client: S3Client): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand(KEY));
  return (await Body?.transformToString()) ?? "";
}

/** The code of an error that a page can read. */
function codeIn(told: Told): string | undefined {
  return told === "nothing" ? undefined : /<Code>(\w+)<\/Code>/.exec(String(told["text"]))?.[1];
}

test("Browser: without CORS rules a page of another origin can read nothing, and write nothing", async (t) => {
  const { client, page, fetch } = await pageAndServer(t);
  await client.send(new PutObjectCommand({ ...KEY, Body: "before" }));
  assert.equal(await fetch(page, await getSignedUrl(client, new GetObjectCommand(KEY))), "nothing");
  const putUrl = await getSignedUrl(client, new PutObjectCommand(KEY));
  assert.equal(await fetch(page, putUrl, { method: "PUT", body: "by a page" }), "nothing");
  assert.equal(await contentOf(client), "before");
});

test("Browser: with a rule a page writes and reads by presigned URLs, with the headers that the rule lets through", async (t) => {
  const { client, origin, page, otherPage, fetch } = await pageAndServer(t);
  await putRules(client, {
    AllowedOrigins: [origin],
    AllowedMethods: ["GET", "PUT"],
    AllowedHeaders: ["Content-Type", "X-Amz-Meta-*"],
    ExposeHeaders: ["ETag", "x-amz-meta-colour"],
    MaxAgeSeconds: 600,
  });
  const command = new PutObjectCommand({ ...KEY, Metadata: { colour: "blue" } });
  const putUrl = await getSignedUrl(client, command, { unhoistableHeaders: new Set(["x-amz-meta-colour"]) });
  const headers = { "Content-Type": "text/x-test", "x-amz-meta-colour": "blue" };
  const put = { method: "PUT", body: "by a page", headers };
  const written = await fetch(page, putUrl, put, ["etag", "x-amz-request-id"]);
  assert.equal(await contentOf(client), "by a page");
  const { ETag: etag } = await client.send(new HeadObjectCommand(KEY));
  assert.deepEqual(written, { status: 200, text: "", etag, "x-amz-request-id": null });
  const getUrl = await getSignedUrl(client, new GetObjectCommand(KEY));
  assert.deepEqual(await fetch(page, getUrl, {}, ["etag", "content-type", "x-amz-meta-colour"]), {
    status: 200,
    text: "by a page",
    etag,
    "content-type": "text/x-test",
    "x-amz-meta-colour": "blue",
  });
  assert.equal(await fetch(otherPage, getUrl), "nothing");
  assert.equal(await fetch(otherPage, putUrl, put), "nothing");
  const withMore = { ...put, headers: { ...headers, "x-other": "1" } };
  assert.equal(await fetch(page, putUrl, withMore), "nothing");
  const deleteUrl = await getSignedUrl(client, new DeleteObjectCommand(KEY));
  assert.equal(await fetch(page, deleteUrl, { method: "DELETE" }), "nothing");
  assert.equal(await contentOf(client), "by a page");
});

test("Browser: a page reads an error's status and code, also of a URL that is signed wrongly", async (t) => {
  const { client, page, fetch } = await pageAndServer(t);
  await putRules(client, { AllowedOrigins: ["*"], AllowedMethods: ["GET", "PUT"] });
  const missing = await fetch(page, await getSignedUrl(client, new GetObjectCommand(KEY)));
  assert.deepEqual([(missing as { status: number }).status, codeIn(missing)], [404, "NoSuchKey"]);
  const url = await getSignedUrl(client, new GetObjectCommand({ ...KEY, Key: "other" }));
  assert.equal(codeIn(await fetch(page, url.replace("/other?", "/another?"))), "SignatureDoesNotMatch");
  assert.equal(codeIn(await fetch(page, `${url}x`, { method: "PUT", body: "x" })), "SignatureDoesNotMatch");
});

test("Browser: what pages may is what the rules say now, and credentials go to origins that are named", async (t) => {
  const { client, origin, port, page, fetch } = await pageAndServer(t);
  await client.send(new PutObjectCommand({ ...KEY, Body: "content" }));
  const url = await getSignedUrl(client, new GetObjectCommand(KEY));
  const read = { status: 200, text: "content" };
  const withCredentials = { credentials: "include" };
  await putRules(client, { AllowedOrigins: ["*"], AllowedMethods: ["GET"] });
  assert.deepEqual(await fetch(page, url), read);
  assert.equal(await fetch(page, url, withCredentials), "nothing");
  await putRules(client, { AllowedOrigins: [origin.replace("127.0.0.1", "*")], AllowedMethods: ["GET"] });
  assert.deepEqual(await fetch(page, url, withCredentials), read);
  assert.equal(codeIn(await fetch(page, `http://bucket.localhost:${port}/none`)), "AccessDenied");
  await client.send(new DeleteBucketCorsCommand({ Bucket: "bucket" }));
  assert.equal(await fetch(page, url), "nothing");
});
