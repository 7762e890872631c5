import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Explained } from "../../../src/journal/why/Explained.ts";
import { newFolder } from "../../newFolder.ts";
import { holdfast, Server } from "./command.ts";

/** A data folder whose server has refused a request, and the id of that. */
async function refusal(folder: string, server: Server): Promise<{ readonly id: string; readonly hostId: string }> {
  const day = new Date().toISOString().replace(/[:-]|\.\d{3}/g, "");
  const answer = await fetch(`${server.endpoint}/photos/cat%20one.jpg?list`, {
    headers: {
      "X-Amz-Date": day,
      "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
      Authorization: `AWS4-HMAC-SHA256 Credential=${keyOf(server)}/${day.slice(0, 8)}/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
    },
  });
  const body = await answer.text();
  assert.match(body, /<Code>SignatureDoesNotMatch/);
  await writeFile(join(folder, "canonical"), /<CanonicalRequest>([^<]*)/.exec(body)![1]!.replaceAll("&amp;", "&"));
  return { id: answer.headers.get("x-amz-request-id")!, hostId: answer.headers.get("x-amz-id-2")! };
}

function keyOf({ announcement }: Server): string {
  return /access key +(\S+)/.exec(announcement)![1]!;
}

test("holdfast why: tells the story of a request while its server runs and after it has ended, by either id", async (t) => {
  const folder = newFolder(t);
  const data = join(folder, "data");
  const server = await Server.start(t, ["--data", data], { folder });
  const { id, hostId } = await refusal(folder, server);
  const first = await holdfast(["why", id, "--data", data], { folder });
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^GetObject of key cat one\.jpg in bucket photos, by whoever has access key \S+/);
  assert.match(first.stdout, /\(403 SignatureDoesNotMatch\s+after/);
  assert.match(first.stdout, /\nCanonical request, as the server computed it\n {3}1 {2}GET\n {3}2 {2}\/photos\/cat%20one\.jpg\n/);
  await server.end("SIGTERM");
  const second = await holdfast(["why", hostId, "--data", data], { folder });
  assert.equal(second.stdout, first.stdout);
});

test("holdfast why --canonical: shows the first difference; equal texts leave the secret key; --json is for programs", async (t) => {
  const folder = newFolder(t);
  const data = join(folder, "data");
  const server = await Server.start(t, ["--data", data], { folder });
  const { id } = await refusal(folder, server);
  const same = await holdfast(["why", id, "--data", data, "--canonical", "canonical", "--json"], { folder });
  assert.equal((JSON.parse(same.stdout) as Explained).signature?.difference, null, same.stderr);
  await writeFile(join(folder, "other"), "GET\r\n/photos/cat%2520one.jpg\r\n");
  const other = await holdfast(["why", id, "--data", data, "--canonical", "other"], { folder });
  assert.equal(other.code, 0, other.stderr);
  assert.match(
    other.stdout,
    /\nFirst difference: line 2, the path\n {2}client {2}\/photos\/cat%2520one\.jpg\n {2}server {2}\/photos\/cat%20one\.jpg\n/,
  );
  assert.match(other.stdout, /The client\s+signed the path encoded twice/);
  // Nothing is on standard input here.
  const empty = await holdfast(["why", id, "--data", data, "--canonical", "-"], { folder });
  assert.deepEqual([empty.code, empty.stderr], [2, "Standard input is empty; it takes what the client signed.\n"]);
});

test("holdfast why: an id that is not there ends with 1, and says what was looked through", async (t) => {
  const folder = newFolder(t);
  const data = join(folder, "data");
  const server = await Server.start(t, ["--data", data], { folder });
  const none = await holdfast(["why", "AAAABBBBCCCCDDDD", "--data", data], { folder });
  assert.equal(none.code, 1);
  assert.match(none.stderr, /^The journal in \S+ has no records: /);
  await refusal(folder, server);
  const { code, stdout, stderr } = await holdfast(["why", "AAAABBBBCCCCDDDD", "--data", data], { folder });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^The one record in the journal of \S+ is not of request AAAABBBBCCCCDDDD; the oldest is of \d{4}-\d\d-\d\dT/,
  );
});

test("holdfast why: without an id, or with a file that cannot be read, it says so", async (t) => {
  const folder = newFolder(t);
  const use = await holdfast(["why"], { folder });
  assert.equal(use.code, 2);
  assert.match(use.stderr, /^holdfast why needs a REQUEST-ID\.\nUse: holdfast why REQUEST-ID/);
  const missing = await holdfast(["why", "X", "--canonical", "none"], { folder });
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^none cannot be read: ENOENT/);
});
