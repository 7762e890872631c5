import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccessLog } from "../../src/server/figures/AccessLog.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { element } from "../server/TestServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import { presigned, signedByHeader } from "./signing.ts";

const MINUTE_MS = 60_000;
const AHEAD_MS = 31 * 24 * 60 * MINUTE_MS;
const MOVED_MS = NOW_MS + AHEAD_MS;

/** A server whose clock a test has moved 31 days ahead of real time. */
async function startMoved(options: TestServerOptions = {}): Promise<AnswerServer & AsyncDisposable> {
  const answers = await AnswerServer.startEmpty({ clock: () => MOVED_MS, realClock: () => NOW_MS, ...options });
  return Object.assign(answers, { [Symbol.asyncDispose]: () => answers.server[Symbol.asyncDispose]() });
}

const LIST = { method: "GET", path: "/bucket", query: {}, headers: {}, body: "" };

test("Date: it tells the moved clock's time, once, in every kind of answer; so does Last-Modified", async () => {
  await using answers = await startMoved();
  const told = new Date(MOVED_MS).toUTCString();
  const put = await answers.send({ method: "PUT", path: "/bucket/key", body: "x" }, "header");
  const head = await answers.send({ method: "HEAD", path: "/bucket/key" }, "header");
  const refused = await answers.send({ method: "GET", path: "/bucket/none" }, "header");
  const anonymous = await answers.send({ method: "GET", path: "/" }, "anonymous");
  const bare = await answers.send({ method: "GET", path: "/../x" }, "anonymous");
  assert.deepEqual(
    [put, head, refused, anonymous, bare].map(({ status }) => status),
    [200, 200, 404, 307, 400],
  );
  for (const answer of [put, head, refused, anonymous, bare]) assert.equal(answer.headers.get("date"), told);
  assert.equal(head.headers.get("last-modified"), told);
});

test("Signatures: where a test has moved the clock, requests may be signed by it, by real time, or by a time between them", async () => {
  await using answers = await startMoved();
  for (const nowMs of [NOW_MS - 15 * MINUTE_MS, NOW_MS, NOW_MS + AHEAD_MS / 2, MOVED_MS, MOVED_MS + 15 * MINUTE_MS]) {
    const { status } = await answers.sendSigned(signedByHeader(LIST, { ...answers.scope(), nowMs }));
    assert.equal(status, 200, new Date(nowMs).toISOString());
  }
  for (const nowMs of [NOW_MS - 15 * MINUTE_MS - 1000, MOVED_MS + 15 * MINUTE_MS + 1000]) {
    const answer = await answers.sendSigned(signedByHeader(LIST, { ...answers.scope(), nowMs }));
    assert.equal(element(answer, "Code"), "RequestTimeTooSkewed");
    assert.equal(element(answer, "ServerTime"), new Date(MOVED_MS).toISOString().replace(".000", ""));
  }
});

test("Presigned URLs: they begin and end by the moved clock alone", async () => {
  await using answers = await startMoved();
  const byRealTime = await answers.sendSigned(presigned(LIST, { ...answers.scope(), nowMs: NOW_MS }));
  assert.deepEqual([byRealTime.status, element(byRealTime, "Message")], [403, "Request has expired"]);
  const byTheClock = await answers.sendSigned(presigned(LIST, { ...answers.scope(), nowMs: MOVED_MS }));
  assert.equal(byTheClock.status, 200);
});

test("Access log: it goes by real time, as all diagnostics do", async () => {
  const times: string[] = [];
  const accessLog = { write: ({ time }: { time: string }) => void times.push(time) } as Partial<AccessLog> as AccessLog;
  await using answers = await startMoved({ accessLog });
  await answers.send({ method: "HEAD", path: "/bucket" }, "header");
  // The request began a moment before it ended.
  const ageMs = NOW_MS - Date.parse(times.at(-1)!);
  assert.ok(ageMs >= 0 && ageMs < 60_000, times.at(-1));
});
