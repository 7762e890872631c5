// SlowDown asks for fewer requests. Clients that see a 503 and try again at once use up all their attempts within milliseconds, and make it worse for
// everybody:
//   https://github.com/s3fs-fuse/s3fs-fuse/issues/603
import assert from "node:assert/strict";
import { test } from "node:test";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { readError, withRetries } from "holdfast/errors";
import { holdfast, urlOf } from "./store.js";

const FILES = 8;
const ATTEMPTS = 5;

function throttle() {
  return holdfast.faults.add({
    action: { kind: "slowDown", requestsPerSecond: 2, per: "rule" },
    match: { operations: ["PutObject"] },
  });
}

async function put(key) {
  const answer = await fetch(await urlOf(new PutObjectCommand({ Bucket: "bucket", Key: key })), { method: "PUT", body: key });
  if (!answer.ok) throw await readError(answer);
  await answer.arrayBuffer();
}

function all(work) {
  return Promise.allSettled(Array.from({ length: FILES }, (_, index) => work(`file-${index}`)));
}

test("careless: who tries again at once has used up its attempts before the second is over", async () => {
  await throttle();
  const results = await all(async (key) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await put(key);
      } catch (cause) {
        if (attempt === ATTEMPTS) throw cause;
      }
    }
  });
  const lost = results.filter(({ status }) => status === "rejected");
  assert.ok(lost.length > 0, "some files are not there");
  assert.ok(lost.every(({ reason }) => reason.code === "SlowDown"));
});

test("careful: who waits, longer each time and at random, gets all through", async () => {
  await throttle();
  const results = await all((key) => withRetries(() => put(key), { attempts: 10 }));
  assert.deepEqual(
    results.filter(({ status }) => status === "rejected"),
    [],
  );
});
