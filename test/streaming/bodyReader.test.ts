import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { BodyReader } from "../../src/protocol/streaming/BodyReader.ts";
import { wireRequestFor } from "../auth/wireRequestFor.ts";

test("BodyReader: bytes that were looked at are still there to be taken, and stay when memory is given back", async () => {
  const pieces = [Buffer.allocUnsafeSlow(20_000).fill("a"), Buffer.allocUnsafeSlow(20_000).fill("b")];
  const reader = new BodyReader(wireRequestFor({ body: pieces }).body, 20_000);
  assert.equal((await reader.peek())?.length, 20_000);
  assert.equal((await reader.peek())?.length, 20_000);
  assert.equal((await reader.next(5))?.toString(), "aaaaa");
  reader.giveBack();
  assert.equal((await reader.peek())?.toString(), "a".repeat(19_995));
  assert.equal((await reader.next(20_000))?.length, 19_995);
  assert.equal((await reader.peek())?.toString(), "b".repeat(20_000));
  reader.giveBack();
  assert.equal((await reader.next(20_000))?.toString(), "b".repeat(20_000));
  assert.equal(await reader.peek(), undefined);
  assert.equal(await reader.next(1), undefined);
});

test("BodyReader: who looks for bytes waits for them", async () => {
  const body = new Readable({ read() {} });
  const reader = new BodyReader(body, 20_000);
  const peeked = reader.peek();
  await new Promise(setImmediate);
  body.push("ab");
  assert.equal((await peeked)?.toString(), "ab");
  reader.close();
});
