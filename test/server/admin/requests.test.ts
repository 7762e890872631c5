import assert from "node:assert/strict";
import { test } from "node:test";
import type { Journal } from "../../../src/journal/Journal.ts";
import { MemoryJournal } from "../../../src/journal/MemoryJournal.ts";
import type { TestServer } from "../TestServer.ts";
import { element } from "../TestServer.ts";
import { ask, startAdminServer } from "./AdminClient.ts";

/** What is told of requests, in short. */
interface Told {
  readonly requestId: string;
  readonly operation?: string;
  readonly key?: string;
  readonly status: number;
  readonly target: string;
}

async function list(server: TestServer, query = ""): Promise<Told[]> {
  const { status, json } = await ask(server.port, "GET", `/-/requests${query}`);
  assert.equal(status, 200, JSON.stringify(json));
  return json.requests;
}

function keysOf(requests: readonly Told[]): (string | undefined)[] {
  return requests.map(({ key }) => key);
}

test("ListRequests: tells what was asked, in the order in which it ended, and nothing of its own requests", async () => {
  await using server = await startAdminServer();
  await server.request("PUT", "/bucket/a", { body: "1" });
  await server.request("GET", "/bucket/missing");
  await list(server);
  const { status, json, headers } = await ask(server.port, "GET", "/-/requests");
  assert.deepEqual([status, headers.get("content-type"), headers.get("cache-control")], [200, "application/json", "no-store"]);
  assert.match(headers.get("x-amz-request-id")!, /^[0-9A-Z]{16}$/);
  assert.deepEqual(
    (json.requests as Told[]).map(({ operation, key, status: answered }) => [operation, key, answered]),
    [
      ["CreateBucket", undefined, 200],
      ["PutObject", "a", 200],
      ["GetObject", "missing", 404],
    ],
  );
});

test("ListRequests: own=true tells of its own requests too, which have no operation, no bucket and no secret", async () => {
  await using server = await startAdminServer();
  const target = server.signed("GET", "/-/requests", { own: "true" });
  await ask(server.port, "GET", "/-/requests");
  await ask(server.port, "GET", target, { keys: undefined });
  const [first, second, ...more] = (await list(server, "?own=true")).filter(({ operation }) => operation === undefined);
  assert.deepEqual(more, []);
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(first.target, "/-/requests");
  assert.ok(["bucket", "key", "story"].every((name) => !Object.hasOwn(first, name)));
  const signature = /X-Amz-Signature=([0-9a-f]{64})/.exec(target)![1]!;
  assert.ok(second.target.startsWith("/-/requests?") && !second.target.includes(signature), second.target);
});

for (const [query, keys] of [
  ["?operation=PutObject", ["a/1", "a/2", "b"]],
  ["?operation=PutObject&operation=GetObject", ["a/1", "a/2", "b", "none"]],
  ["?bucket=bucket&method=PUT&limit=2", ["a/2", "b"]],
  ["?bucket=other", []],
  ["?key=a%2F1", ["a/1"]],
  ["?prefix=a%2F", ["a/1", "a/2"]],
  ["?status=404", ["none"]],
  ["?status=4xx&code=NoSuchKey", ["none"]],
  ["?code=NoSuchUpload", []],
  ["?caller=HFTESTTESTTESTTEST00&key=b", ["b"]],
  ["?caller=somebody", []],
  ["?fault=none", []],
  ["?since=2100-01-01", []],
  ["?until=2000-01-01T00%3A00%3A00Z", []],
  ["?since=2000-01-01&key=b&until=2100-01-01", ["b"]],
] as const) {
  test(`ListRequests: ${query} finds ${keys.length === 0 ? "nothing" : keys.join(", ")}`, async () => {
    await using server = await startAdminServer();
    for (const key of ["a/1", "a/2", "b"]) await server.request("PUT", `/bucket/${key}`);
    await server.request("GET", "/bucket/none");
    assert.deepEqual(keysOf(await list(server, query)), keys);
  });
}

for (const [query, name, explanation] of [
  [
    "?operatoin=PutObject",
    "operatoin",
    /^This request of the admin API takes no parameter "operatoin"; it takes operation, bucket, /,
  ],
  ["?key=a&key=b", "key", /^The parameter "key" is given more than once\.$/],
  ["?status=many", "status", /^status is "many"; it must be a status such as 404, or 2xx, 3xx, 4xx, 5xx\.$/],
  ["?status=600", "status", /^status is "600"/],
  ["?limit=0", "limit", /^limit is "0"; it must be a whole number from 1 to 1000\.$/],
  ["?limit=1001", "limit", /from 1 to 1000/],
  ["?limit=1e2", "limit", /from 1 to 1000/],
  ["?waitMs=30001", "waitMs", /from 0 to 30000/],
  ["?own=yes", "own", /^own is "yes"; it must be true or false\.$/],
  ["?since=yesterday", "since", /^since is "yesterday"; it must be a time in ISO 8601/],
  ["?until=2026-02-30", "until", /^until is "2026-02-30"/],
  ["?after=0123456789ABCDEF", "after", /^The journal has no request "0123456789ABCDEF", or not any more/],
  ["?constructor=1", "constructor", /takes no parameter "constructor"/],
] as const) {
  test(`ListRequests: ${query} is InvalidArgument, and says what may be`, async () => {
    await using server = await startAdminServer();
    const { status, json } = await ask(server.port, "GET", `/-/requests${query}`);
    assert.deepEqual([status, json.code, json.details.ArgumentName], [400, "InvalidArgument", name]);
    assert.match(json.explanation, explanation);
  });
}

test("ListRequests: limit tells the latest, however many others came since", async () => {
  const journal = new MemoryJournal();
  await using server = await startAdminServer({ journal });
  await server.request("PUT", "/bucket/a");
  const [record] = await journal.find({ limit: 1 });
  for (let count = 0; count < 600; count += 1)
    journal.enter({ ...record!, operation: undefined, target: "/-/requests", key: undefined });
  assert.deepEqual(keysOf(await list(server, "?limit=1")), ["a"]);
});

test("ListRequests: after tells what ended since, the first ones where there are more than limit", async () => {
  await using server = await startAdminServer();
  const { json: before } = await ask(server.port, "GET", "/-/requests");
  for (const key of ["a", "b", "c"]) await server.request("PUT", `/bucket/${key}`);
  const { json: first } = await ask(server.port, "GET", `/-/requests?after=${before.last}&limit=2`);
  assert.deepEqual(keysOf(first.requests), ["a", "b"]);
  const { json: second } = await ask(server.port, "GET", `/-/requests?after=${first.last}&limit=2`);
  assert.deepEqual(keysOf(second.requests), ["c"]);
  const { json: third } = await ask(server.port, "GET", `/-/requests?after=${second.last}`);
  assert.deepEqual(keysOf(third.requests), []);
  assert.equal(typeof third.last, "string");
});

test("ListRequests: where nothing fits, last is where to go on, and nothing of what comes then is missed", async () => {
  await using server = await startAdminServer();
  const { json: before } = await ask(server.port, "GET", "/-/requests?key=a");
  assert.deepEqual(before.requests, []);
  await server.request("PUT", "/bucket/a");
  const { json } = await ask(server.port, "GET", `/-/requests?key=a&after=${before.last}`);
  assert.deepEqual(keysOf(json.requests), ["a"]);
});

/** A journal that tells when it is asked. */
function watched(journal: Journal): { readonly journal: Journal; asked(times: number): Promise<void> } {
  let count = 0;
  let wake: () => void = () => undefined;
  const find: Journal["find"] = (filter) => {
    count += 1;
    wake();
    return journal.find(filter);
  };
  const watching = new Proxy(journal, {
    get: (target, name) => (name === "find" ? find : (Reflect.get(target, name, target) as Journal["find"]).bind(target)),
  });
  return {
    journal: watching,
    async asked(times) {
      const until = count + times;
      while (count < until) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

test("ListRequests: waitMs waits for a request that fits, and passes over others", async () => {
  const { journal, asked } = watched(new MemoryJournal());
  await using server = await startAdminServer({ journal });
  const { json: before } = await ask(server.port, "GET", "/-/requests");
  const waiting = ask(server.port, "GET", `/-/requests?key=b&after=${before.last}&waitMs=30000`);
  await asked(2);
  await server.request("PUT", "/bucket/a");
  await asked(2);
  await server.request("PUT", "/bucket/b");
  assert.deepEqual(keysOf((await waiting).json.requests), ["b"]);
});

test("ListRequests: waitMs ends with an empty list when its time is over", async () => {
  await using server = await startAdminServer();
  const { json: before } = await ask(server.port, "GET", "/-/requests");
  const { status, json } = await ask(server.port, "GET", `/-/requests?after=${before.last}&waitMs=1`);
  assert.deepEqual([status, json.requests], [200, []]);
});

test("ListRequests: who waits is answered at once when the server stops", async () => {
  let stopping = false;
  const { journal, asked } = watched(new MemoryJournal());
  await using server = await startAdminServer({ journal, stopping: () => stopping });
  const { json: before } = await ask(server.port, "GET", "/-/requests");
  const waiting = ask(server.port, "GET", `/-/requests?after=${before.last}&waitMs=30000`);
  await asked(1);
  stopping = true;
  const { status, json } = await waiting;
  assert.deepEqual([status, json.requests], [200, []]);
});

test("ListRequests: who waits and leaves is waited for no longer", async () => {
  const { journal, asked } = watched(new MemoryJournal());
  await using server = await startAdminServer({ journal });
  const { json: before } = await ask(server.port, "GET", "/-/requests");
  const leaving = new AbortController();
  const target = `/-/requests?after=${before.last}&waitMs=30000`;
  const waiting = ask(server.port, "GET", target, { signal: leaving.signal });
  await asked(1);
  leaving.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  for (;;) {
    const own = await list(server, "?own=true");
    if (own.some((record) => record.target === target)) break;
  }
  assert.deepEqual(server.failures, []);
});

test("ExplainRequest: the record with its story, what it comes to, and that as text, by either id", async () => {
  await using server = await startAdminServer();
  const refused = await server.request("GET", "/bucket/missing");
  const hostId = refused.headers.get("x-amz-id-2")!;
  const { status, json } = await ask(server.port, "GET", `/-/requests/${element(refused, "RequestId")}`);
  assert.equal(status, 200);
  assert.deepEqual([json.request.hostId, json.request.story.error.code], [hostId, "NoSuchKey"]);
  assert.deepEqual([json.explained.outcome, json.explained.stopped.code], ["refused", "NoSuchKey"]);
  assert.match(json.text, /NoSuchKey/);
  const byHostId = await ask(server.port, "GET", `/-/requests/${encodeURIComponent(hostId)}`);
  assert.deepEqual(byHostId.json, json);
});

test("ExplainRequest: an extended id is found with its slashes as signers leave them, and with encoded ones", async () => {
  const journal = new MemoryJournal();
  await using server = await startAdminServer({ journal });
  await server.request("GET", "/bucket/missing");
  const [record] = await journal.find({ limit: 1 });
  for (const hostId of ["ab/cd+ef==", "ab/why"]) {
    journal.enter({ ...record!, hostId });
    const encoded = encodeURIComponent(hostId);
    for (const id of [encoded, encoded.replaceAll("%2F", "/")]) {
      const { json } = await ask(server.port, "GET", `/-/requests/${id}`);
      assert.equal(json.request.hostId, hostId, id);
      const { status } = await ask(server.port, "POST", `/-/requests/${id}/why`, { body: "GET\n/" });
      assert.equal(status, 200, id);
    }
  }
});

test("ExplainRequest: an id that is not there is NoSuchResource", async () => {
  await using server = await startAdminServer();
  const { status, json } = await ask(server.port, "GET", "/-/requests/0123456789ABCDEF");
  assert.deepEqual([status, json.code, json.details], [404, "NoSuchResource", { ResourceId: "0123456789ABCDEF" }]);
});

test("CompareSignature: the first difference between what was signed and what the server computed", async () => {
  await using server = await startAdminServer();
  const target = server.signed("GET", "/bucket/key").replace("/bucket/key", "/bucket/other");
  const refused = await server.request("GET", target, { unsigned: true });
  assert.equal(element(refused, "Code"), "SignatureDoesNotMatch");
  const id = element(refused, "RequestId")!;
  const { json: shown } = await ask(server.port, "GET", `/-/requests/${id}`);
  const canonical: string = shown.request.story.canonicalRequest;
  const { status, json } = await ask(server.port, "POST", `/-/requests/${id}/why`, {
    body: canonical.replace("/bucket/other", "/bucket/key"),
  });
  assert.equal(status, 200);
  const { compared, difference } = json.explained.signature;
  assert.deepEqual(
    [compared, difference.line, difference.client, difference.server],
    ["canonicalRequest", 2, "/bucket/key", "/bucket/other"],
  );
  assert.match(json.text, /\/bucket\/key/);
  const { json: same } = await ask(server.port, "POST", `/-/requests/${id}/why`, { body: canonical });
  assert.equal(same.explained.signature.difference, null);
});

for (const [what, body] of [
  ["nothing", ""],
  ["no text", Buffer.from([0xff, 0xfe, 0x00])],
] as const) {
  test(`CompareSignature: a body that is ${what} is InvalidRequest`, async () => {
    await using server = await startAdminServer();
    const { requestId } = (await list(server))[0]!;
    const { status, json } = await ask(server.port, "POST", `/-/requests/${requestId}/why`, { body });
    assert.deepEqual([status, json.code], [400, "InvalidRequest"]);
    assert.match(json.explanation, /^The body must be what the client signed, as text/);
  });
}
