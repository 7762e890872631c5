import assert from "node:assert/strict";
import { test } from "node:test";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import { ContentDamagedError } from "../../src/store/objects/content.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import { readRow } from "../../src/store/transact.ts";
import { element } from "../server/TestServer.ts";
import { patternBytes } from "../store/blobs/blobs.suite.ts";
import { commit } from "../store/testStore.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** Records that say other sizes than their bytes have, as damage to a record without a checksum may leave them. */

for (const sizeBytes of [0, 11, 100_000]) {
  for (const said of [sizeBytes + 1, sizeBytes - 1]) {
    if (said < 0) continue;
    test(`sizes: a record that says ${said} bytes and names ${sizeBytes} is a lost object before an answer begins`, async () => {
      await using answers = await AnswerServer.startEmpty();
      const { store, failures } = answers.server;
      const send = (method: string, path: string, more: Partial<Asked> = {}) => answers.send({ method, path, ...more }, "header");
      await send("PUT", "/bucket/key", { body: patternBytes(sizeBytes) });
      const uploadId = element(await send("POST", "/bucket/upload", { query: { uploads: "" } }), "UploadId")!;
      const row = objectRow((await findBucket(store, "bucket"))!.id, "key");
      await commit(store, [put(row, { ...(await readRow(store, row))!, sizeBytes: said })]);
      const copySource = { "x-amz-copy-source": "bucket/key" };
      const found = [
        await send("GET", "/bucket/key"),
        await send("GET", "/bucket/key", { query: { partNumber: "1" } }),
        await send("GET", "/bucket/key", { query: { attributes: "" }, headers: { "x-amz-object-attributes": "ObjectSize" } }),
        await send("PUT", "/bucket/copy", { headers: copySource }),
        await send("PUT", "/bucket/copy", { headers: { ...copySource, "x-amz-checksum-algorithm": "SHA256" } }),
        await send("PUT", "/bucket/upload", { query: { partNumber: "1", uploadId }, headers: copySource }),
      ];
      if (said > 0) found.push(await send("GET", "/bucket/key", { headers: { range: "bytes=0-0" } }));
      for (const answer of found) {
        assert.equal(answer.status, 405, answer.body);
        assert.match(answer.body, /<Code>MethodNotAllowed<\/Code>/);
        assert.equal(answer.headers.get("allow"), "DELETE, HEAD, PUT");
      }
      assert.equal(failures.length, found.length);
      for (const failure of failures) {
        assert.ok(failure instanceof ContentDamagedError);
        assert.match(failure.message, new RegExp(`says ${said} bytes, and .* has ${sizeBytes}$`));
      }
      assert.equal((await send("GET", "/bucket/copy")).status, 404);
    });
  }
}
