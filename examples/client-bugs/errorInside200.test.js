// CompleteMultipartUpload may begin its 200 before it knows how it ends, and then send an error inside. Clients that looked at the status alone told
// their users that files were stored which were not:
//   https://github.com/s3tools/s3cmd/issues/577
//   https://github.com/apache/arrow-rs/issues/4965
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { readError, isErrorInside200, withRetries } from "holdfast/errors";
import { client, holdfast, urlOf } from "./store.js";

const FAULT = {
  match: { operations: ["CompleteMultipartUpload"] },
  chance: { times: 1 },
  action: { kind: "errorInside200", code: "InternalError" },
};

/** Uploads one part; returns the URL that completes the upload, and the document for it. */
async function uploaded(Key) {
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: "bucket", Key }));
  const part = { Bucket: "bucket", Key, UploadId, PartNumber: 1, Body: "all of it" };
  const { ETag } = await client.send(new UploadPartCommand(part));
  const url = await urlOf(new CompleteMultipartUploadCommand({ Bucket: "bucket", Key, UploadId }));
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${ETag}</ETag></Part></CompleteMultipartUpload>`;
  return { url, body };
}

async function exists(Key) {
  return client.send(new HeadObjectCommand({ Bucket: "bucket", Key })).then(
    () => true,
    () => false,
  );
}

test("careless: a 200 is taken for success, and the file is not there", async () => {
  const { url, body } = await uploaded("file");
  await holdfast.faults.add(FAULT);
  const answer = await fetch(url, { method: "POST", body });
  await answer.arrayBuffer();
  assert.equal(answer.ok, true, "the client tells its user that all is well");
  assert.equal(await exists("file"), false);
});

test("careful: the body is read, the error seen, and the completion repeated", async () => {
  const { url, body } = await uploaded("file");
  await holdfast.faults.add(FAULT);
  await withRetries(async () => {
    const answer = await fetch(url, { method: "POST", body });
    const text = await answer.text();
    if (!answer.ok || isErrorInside200(text)) throw await readError(new Response(text, answer));
  });
  assert.equal(await exists("file"), true);
  const completions = await holdfast.requests({ operations: ["CompleteMultipartUpload"] });
  assert.deepEqual(
    completions.map(({ status, errorCode }) => [status, errorCode]),
    [
      [200, "InternalError"],
      [200, undefined],
    ],
  );
});
