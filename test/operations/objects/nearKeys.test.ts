import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import type { ContextOptions, ExpectedRefusal } from "../contextFor.ts";
import { bucketIn, contextFor, memoryStore, payloadOf, refusal } from "../contextFor.ts";

const NO_SUCH_KEY: ExpectedRefusal = { code: "NoSuchKey", status: 404 };

/** What is told of `asked` to who may list the bucket, where there is an object under `stored`. */
async function toldOf(stored: string, asked: string, options: ContextOptions = {}, expected = NO_SUCH_KEY): Promise<string> {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  await PutObject.handle({ Bucket: "bucket", Key: stored }, contextFor({ store, bucket, payload: payloadOf("text") }));
  const input = { Bucket: "bucket", Key: asked };
  const error = await refusal(GetObject.handle(input, contextFor({ store, bucket, ...options })), expected);
  return error.explanation ?? "";
}

const NEAR: readonly (readonly [what: string, stored: string, asked: string, because: RegExp])[] = [
  [
    "the same with a slash in front",
    "/lead.txt",
    "lead.txt",
    /there is "\/lead\.txt": it was written with a slash at its beginning/,
  ],
  ["the same without a slash in front", "lead.txt", "/lead.txt", /there is "lead\.txt": between bucket and key stands one slash/],
  [
    "the same without the bucket's name in front",
    "lead.txt",
    "bucket/lead.txt",
    /there is "lead\.txt": the bucket's name was sent twice/,
  ],
  ["the same decoded once more", "a b.txt", "a%20b.txt", /there is "a b\.txt": the key was percent-encoded twice/],
  ["the same with + for its spaces", "a+b.txt", "a b.txt", /there is "a\+b\.txt": a bare \+ in an address means a space/],
];

for (const [what, stored, asked, because] of NEAR) {
  test(`NoSuchKey: where there is ${what}, Details says so`, async () => {
    const told = await toldOf(stored, asked);
    assert.match(told, because);
    assert.ok(told.startsWith(`The bucket "bucket" has no object "${asked}", but `), told);
  });
}

test("NoSuchKey: for the bucket's own name, Details says that it was sent twice", async () => {
  const told = await toldOf("lead.txt", "bucket");
  assert.match(
    told,
    /^The bucket has no object "bucket", which is its own name: the bucket's name was sent twice\. Perhaps the endpoint/,
  );
});

test("NoSuchKey: where no such slip leads to a key, Details speaks of none", async () => {
  for (const asked of ["Lead.txt", "/Lead.txt", "/", "%", "%2Flead.txt%", "bucket/", "k".repeat(1024)])
    assert.equal(
      await toldOf("lead.txt", asked),
      'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
      asked,
    );
});

test("NoSuchKey: who may not list the bucket learns of no key", async () => {
  const told = await toldOf("/lead.txt", "lead.txt", { may: () => false }, { code: "AccessDenied", status: 403 });
  assert.ok(!told.includes("lead.txt"), told);
});
