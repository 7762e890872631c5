import assert from "node:assert/strict";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newFolder } from "../newFolder.ts";
import { FileBlobEngine } from "../../src/store/blobs/files/FileBlobEngine.ts";
import { element } from "../server/TestServer.ts";
import { patternBytes } from "../store/blobs/blobs.suite.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

const SIZE_BYTES: number = 12 * 1024 * 1024;
const DAMAGED_AT: number = 9 * 1024 * 1024;

async function changeByte(folder: string, offset: number): Promise<void> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const blob = files.find((entry) => entry.isFile() && !entry.parentPath.endsWith("open"));
  const file = await open(join(blob!.parentPath, blob!.name), "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, offset);
  byte[0]! ^= 0xff;
  await file.write(byte, 0, 1, offset);
  await file.close();
}

for (const encrypts of [true, false]) {
  test(`Lost objects: damage in the middle cuts one answer, and is 405 before the next begins; what is whole is read (encrypted: ${encrypts})`, async (t) => {
    const folder = newFolder(t);
    const blobs = await FileBlobEngine.open({ path: folder, durability: "written", run: "run1" });
    await using answers = await AnswerServer.startEmpty({ blobs, encryptsByDefault: encrypts });
    const { failures } = answers.server;
    const send = (method: string, path: string, more: Partial<Asked> = {}) => answers.send({ method, path, ...more }, "header");
    const bytes = patternBytes(SIZE_BYTES);
    assert.equal((await send("PUT", "/bucket/key", { body: bytes })).status, 200);
    await changeByte(folder, DAMAGED_AT);
    await assert.rejects(send("GET", "/bucket/key"));
    assert.equal(failures.length, 1);
    const again = await send("GET", "/bucket/key");
    assert.deepEqual([again.status, element(again, "Code")], [405, "MethodNotAllowed"]);
    assert.equal(again.headers.get("allow"), "DELETE, HEAD, PUT");
    assert.match(element(again, "Details")!, /stored bytes are damaged/);
    assert.equal(failures.length, 2);
    const front = await send("GET", "/bucket/key", { headers: { range: "bytes=0-1048575" } });
    assert.equal(front.status, 206);
    const behind = await send("GET", "/bucket/key", { headers: { range: `bytes=${SIZE_BYTES - 100}-` } });
    assert.equal(behind.status, 206);
    assert.equal((await send("HEAD", "/bucket/key")).status, 200);
    // Mended on the disk, it is read again.
    await changeByte(folder, DAMAGED_AT);
    assert.equal((await send("GET", "/bucket/key")).status, 200);
    assert.equal((await send("DELETE", "/bucket/key")).status, 204);
    await blobs.close();
  });
}
