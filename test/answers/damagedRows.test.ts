import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { Change, Entry, MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { LmdbMetadataEngine } from "../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { rowInWords } from "../../src/store/records/rowInWords.ts";
import { TABLES } from "../../src/store/records/tables.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import { patternBytes } from "../store/blobs/blobs.suite.ts";
import { commit, flipBit } from "../store/testStore.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** A flipped bit in any row of an index, asked about by every operation: the answer is right, or InternalError, for lost bytes MethodNotAllowed, and the log names the row. */

/** More than what is kept inline. */
const LARGE = patternBytes(70_000);
const DELETED = "<Delete><Object><Key>key</Key></Object><Object><Key>large</Key></Object></Delete>";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-damage-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const OPENED: Readonly<Record<string, () => Promise<MetadataEngine>>> = {
  MemoryMetadataEngine: async () => new MemoryMetadataEngine(),
  LmdbMetadataEngine: () =>
    LmdbMetadataEngine.open({ path: join(folder, "index"), durability: "written", mapSizeBytes: 2 ** 28 }),
};

const get = (path: string, query: Readonly<Record<string, string>> = {}): Asked => ({ method: "GET", path, query });
const put = (path: string, body: Buffer | string, more: Partial<Asked> = {}): Asked => ({ method: "PUT", path, body, ...more });

const from = (key: string): Readonly<Record<string, string>> => ({ "x-amz-copy-source": `bucket/${key}` });
const HELLO_ETAG = '"5eb63bbbe01eeed093cb22bb8f5acdc3"';

/** What changes nothing. */
const READS: readonly Asked[] = [
  get("/"),
  get("/bucket"),
  get("/bucket", { "list-type": "2", "fetch-owner": "true" }),
  get("/bucket", { versions: "" }),
  get("/bucket", { location: "" }),
  get("/bucket", { uploads: "" }),
  get("/bucket", { acl: "" }),
  { method: "HEAD", path: "/bucket" },
  get("/bucket/key"),
  get("/bucket/key", { acl: "" }),
  get("/bucket/key", { tagging: "" }),
  { method: "HEAD", path: "/bucket/key" },
  get("/bucket/large"),
  { ...get("/bucket/large"), headers: { range: "bytes=60000-69998" } },
  get("/bucket/parts"),
  get("/bucket/parts", { partNumber: "1" }),
  { method: "HEAD", path: "/bucket/parts", query: { partNumber: "1" } },
  { ...get("/bucket/parts", { attributes: "" }), headers: { "x-amz-object-attributes": "ObjectParts,ObjectSize,ETag" } },
  { ...get("/bucket/key", { attributes: "" }), headers: { "x-amz-object-attributes": "ObjectSize" } },
  get("/bucket/upload", { uploadId: "{uploadId}" }),
];

/** What changes something: each on the index as it was. */
const WRITES: readonly Asked[] = [
  put("/bucket/key", "hello again"),
  put("/bucket/key", "hello again", { headers: { "if-match": HELLO_ETAG } }),
  put("/bucket/large", LARGE),
  put("/bucket/copy", "", { headers: from("key") }),
  put("/bucket/copy", "", { headers: from("large") }),
  put("/bucket/copy", "", { headers: from("parts") }),
  put("/bucket/upload", "part!", { query: { partNumber: "1", uploadId: "{uploadId}" } }),
  put("/bucket/upload", "", { query: { partNumber: "3", uploadId: "{uploadId}" }, headers: from("large") }),
  { method: "POST", path: "/bucket/key", query: { uploads: "" } },
  { method: "DELETE", path: "/bucket/upload", query: { uploadId: "{uploadId}" } },
  { method: "DELETE", path: "/bucket/key" },
  { method: "DELETE", path: "/bucket/large" },
  {
    method: "POST",
    path: "/bucket",
    query: { delete: "" },
    headers: { "content-md5": hash("md5", DELETED, "base64") },
    body: DELETED,
  },
  { method: "DELETE", path: "/bucket" },
  put("/bucket", ""),
  put("/another", ""),
];

async function everything(metadata: MetadataEngine): Promise<readonly Entry[]> {
  const range = { start: Buffer.of(0), end: Buffer.of(0xff), limit: Number.MAX_SAFE_INTEGER };
  const { ranges } = await metadata.read({ keys: [], ranges: [range] });
  return ranges[0]!.map(({ key, value }) => ({ key: Buffer.from(key), value: Buffer.from(value) }));
}

/** What an answer says; without what is new each time. */
function told(answers: AnswerServer, { status, headers, body }: RawAnswer): unknown {
  const text = answers.masked(body).replace(/<UploadId>[0-9a-f]{68}/, "<UploadId>*");
  return { status, length: headers.get("content-length"), etag: headers.get("etag"), text };
}

for (const [name, open] of Object.entries(OPENED)) {
  test(`damaged rows: ${name}: with any flipped bit every operation answers as before, or fails and names the row`, async () => {
    const metadata = await open();
    await using answers = await AnswerServer.start({ metadata });
    const { server } = answers;
    const ask = (asked: Asked): Promise<RawAnswer> =>
      answers.sendInTurn(answers.wireBytes(answers.signed(asked, "header")), { toHead: asked.method === "HEAD" });
    const must = async (asked: Asked): Promise<RawAnswer> => {
      const answer = await ask(asked);
      assert.equal(answer.status, 200, answer.body);
      return answer;
    };
    await must(put("/bucket/large", LARGE));
    const uploadId = element(await must({ method: "POST", path: "/bucket/parts", query: { uploads: "" } }), "UploadId")!;
    const { headers } = await must(put("/bucket/parts", LARGE, { query: { partNumber: "1", uploadId } }));
    const part = `<Part><PartNumber>1</PartNumber><ETag>${headers.get("etag")}</ETag></Part>`;
    const body = `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`;
    await must({ method: "POST", path: "/bucket/parts", query: { uploadId }, body });

    const rows = await everything(metadata);
    const restore = async (): Promise<void> => {
      const kept = new Set(rows.map(({ key }) => Buffer.from(key).toString("latin1")));
      const added = (await everything(metadata)).filter(({ key }) => !kept.has(Buffer.from(key).toString("latin1")));
      const changes: Change[] = [...rows, ...added.map(({ key }) => ({ key, value: undefined }))];
      await commit(server.store, changes);
    };
    const right = new Map<Asked, unknown>();
    for (const asked of [...READS, ...WRITES]) {
      const answer = await ask(asked);
      assert.ok(answer.status < 300 || answer.body.includes("BucketNotEmpty"), `${asked.method} ${asked.path}: ${answer.body}`);
      right.set(asked, told(answers, answer));
      await restore();
    }
    assert.deepEqual(server.failures, []);

    const saying = rows.filter(({ value }) => value.length > 0);
    assert.ok(new Set(saying.map(({ key }) => key[0])).size >= 8, "rows of most tables");
    const damage = fc.record({ row: fc.constantFrom(...saying), bit: fc.nat(), writes: fc.constantFrom(...WRITES) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ row, bit, writes }) => {
        server.failures.length = 0;
        await flipBit(server.store, row.key, bit % (row.value.length * 8));
        for (const asked of [...READS, writes]) {
          const answer = await ask(asked);
          const found = told(answers, answer);
          const isOfBytes = row.key[0] === TABLES.inlines;
          if (answer.status === (isOfBytes ? 405 : 500))
            assert.equal(server.failures.length, 1, `${asked.method} ${asked.path} is logged`);
          else assert.deepEqual(found, right.get(asked), `${asked.method} ${asked.path}`);
          for (const failure of server.failures.splice(0)) {
            assert.ok(
              (failure as Error).message.includes(rowInWords(row.key)),
              `${String(failure)} names ${rowInWords(row.key)}`,
            );
          }
        }
        await restore();
      }),
      { numRuns: 40, examples: examples(saying) },
    );
    await metadata.close();
  });
}

/** Each table and each writing operation at least once. */
function examples(rows: readonly Entry[]): [{ row: Entry; bit: number; writes: Asked }][] {
  const oneOf = Object.values(TABLES).flatMap((table) => rows.find(({ key }) => key[0] === table) ?? []);
  return oneOf.map((row, index) => [{ row, bit: index * 37, writes: WRITES[index % WRITES.length]! }]);
}
