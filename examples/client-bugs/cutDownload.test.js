// A connection may end in the middle of a body. Clients that take the end of a stream for the end of the object hand on half of it:
//   https://github.com/aws/aws-sdk-js/issues/257
//   https://github.com/boto/boto3/issues/540
//   https://github.com/aws/aws-sdk-ruby/pull/319
import assert from "node:assert/strict";
import { get } from "node:http";
import { test } from "node:test";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { withRetries } from "holdfast/errors";
import { client, holdfast, urlOf } from "./store.js";

const SIZE = 100_000;
const CUT_AT = 40_000;

async function cutOnce() {
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "file", Body: "x".repeat(SIZE) }));
  await holdfast.faults.add({
    match: { operations: ["GetObject"] },
    chance: { times: 1 },
    action: { kind: "disconnect", how: "end", atByte: CUT_AT },
    stage: "sending",
  });
  return urlOf(new GetObjectCommand({ Bucket: "bucket", Key: "file" }));
}

/** Bytes as they come, and what the head says of them, in the way of programs that listen for "data" and "close". */
function download(url) {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      let received = 0;
      answer.on("data", (bytes) => (received += bytes.length));
      answer.on("error", () => undefined);
      answer.on("close", () => resolve({ received, announced: Number(answer.headers["content-length"]) }));
    }).on("error", reject);
  });
}

test("careless: the end of the connection is taken for the end of the object", async () => {
  const { received } = await download(await cutOnce());
  assert.equal(received, CUT_AT, "and nobody complains");
});

test("careful: what came is compared with what was announced, and read again", async () => {
  const url = await cutOnce();
  const size = await withRetries(async () => {
    const { received, announced } = await download(url);
    // A code that says what it is: a connection that ended too early.
    if (received !== announced) throw Object.assign(new Error("The body was cut"), { code: "ECONNRESET" });
    return received;
  });
  assert.equal(size, SIZE);
});
