import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RequestRecord } from "../../../src/journal/RequestRecord.ts";
import type { AccessLogEntry } from "../../../src/server/figures/AccessLog.ts";
import { accessLogEntry } from "../../../src/server/figures/AccessLog.ts";
import { TestServer } from "../TestServer.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/logs.md"), "utf8");

test("docs/logs.md: the table has what a line of the access log has, in its order", () => {
  const section = page.slice(page.indexOf("\n## The access log\n"), page.indexOf("\n## Rotation\n"));
  const named = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  assert.deepEqual(named, Object.keys(accessLogEntry({ atMs: 0 } as RequestRecord, undefined)));
});

test("Access log: a line says what the journal says of the request, and how long the server itself took", async () => {
  const entries: AccessLogEntry[] = [];
  const accessLog = { write: (entry: AccessLogEntry) => entries.push(entry) } as never;
  await using server = await TestServer.start({ accessLog });
  await server.request("PUT", "/bucket/a%20key", { body: Buffer.from("bytes"), headers: { "User-Agent": "a client" } });
  await server.request("GET", "/bucket/missing", { query: { versionId: "null" } });
  await server.request("GET", "/bucket/a%20key", { unsigned: true });
  const records = (await server.service.journal.find({})).toReversed();
  const lines = entries.slice(-3);
  const kept = records.filter(({ requestId }) => lines.some((line) => line.requestId === requestId));
  assert.deepEqual(
    lines,
    lines.map(({ requestId, turnAroundMilliseconds }) =>
      accessLogEntry(
        kept.find((one) => one.requestId === requestId)!,
        turnAroundMilliseconds,
      ),
    ),
  );
  const [put, missing, refused] = lines;
  assert.deepEqual(
    [put!.operation, put!.bucket, put!.key, put!.status, put!.receivedSizeBytes, put!.userAgent],
    ["PutObject", "bucket", "a key", 200, 5, "a client"],
  );
  assert.match(put!.caller!, /^arn:aws:iam::\d{12}:root$/);
  assert.deepEqual([missing!.key, missing!.versionId, missing!.errorCode], ["missing", "null", "NoSuchVersion"]);
  assert.deepEqual([refused!.caller, refused!.accessKeyId, refused!.errorCode], [undefined, undefined, "AccessDenied"]);
  for (const { milliseconds, turnAroundMilliseconds } of lines) {
    assert.ok(turnAroundMilliseconds! >= 0 && turnAroundMilliseconds! <= milliseconds);
  }
});
