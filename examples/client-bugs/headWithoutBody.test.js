// The answer to a HEAD has no body, and what a proxy answers is no XML. Clients that looked for the code in the body, and there alone, broke in the
// middle of their own retries:
//   https://github.com/s3tools/s3cmd/pull/331
//   https://github.com/apple/foundationdb/pull/13021
import assert from "node:assert/strict";
import { test } from "node:test";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { readError, withRetries } from "holdfast/errors";
import { client, holdfast, urlOf } from "./store.js";

const FAULT = {
  match: { operations: ["HeadObject"] },
  chance: { times: 1 },
  action: { kind: "error", code: "ServiceUnavailable" },
};

async function headUrl() {
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "file", Body: "here" }));
  await holdfast.faults.add(FAULT);
  return urlOf(new HeadObjectCommand({ Bucket: "bucket", Key: "file" }));
}

test("careless: without a code in a body, the client gives up on what one more attempt would have brought", async () => {
  const url = await headUrl();
  const head = async () => {
    const answer = await fetch(url, { method: "HEAD" });
    if (answer.ok) return true;
    const [, code] = /<Code>(\w+)<\/Code>/.exec(await answer.text());
    return code === "ServiceUnavailable" ? head() : false;
  };
  await assert.rejects(head(), TypeError, "there is no code to take apart");
});

test("careful: where no code is, the status says enough", async () => {
  const url = await headUrl();
  const size = await withRetries(async () => {
    const answer = await fetch(url, { method: "HEAD" });
    if (!answer.ok) throw await readError(answer);
    return answer.headers.get("content-length");
  });
  assert.equal(size, "4");
  assert.equal((await holdfast.requests({ operations: ["HeadObject"] })).length, 2);
});
