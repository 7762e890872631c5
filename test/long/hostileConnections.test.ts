import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { answeringProcesses, openFileCount, ownMemoryMiB } from "../../bench/ownMemory.ts";
import type { Target } from "../../bench/presign.ts";
import { presign } from "../../bench/presign.ts";
import { prepare } from "../../bench/requests.ts";
import { newFolder } from "../newFolder.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";
import { ServerProcess, TEST_KEYS } from "../serverProcess.ts";
import type { HostileKind } from "./HostileCrowd.ts";
import { HANDSHAKING, HostileCrowd, pipelining, SILENT, slowReading, slowWriting } from "./HostileCrowd.ts";

const CLIENTS = 1_000;
/**
 * The system keeps some 2.5 MiB of what a slow reader has not taken, at both ends together. Where the memory it has for that is used up (`tcp_mem`; by 900
 * of them on a machine of 24 GiB) it resets connections as it likes, honest ones too, and that is nothing the server could prevent.
 */
const SLOW_READERS = 300;
const MOST_MEMORY_MIB = 350;
/** How long the crowd stays once it is complete. */
const STAYS_MS = 15_000;
const SAMPLE_INTERVAL_MS = 250;
/** An outer limit, for machines that are busy otherwise: what is asked is whether an honest client is answered at all. */
const ANSWERED_WITHIN_MS = 90_000;
/** What is left behind for so long stays for good. */
const FORGOTTEN_WITHIN_MS = 30_000;
/** The honest client may just be leaving, and a log or a folder may just be looked at. */
const FEW_FILES = 3;

const MIDDLE = { path: "/crowd/middle", bytes: Buffer.alloc(64 * 1024, "holdfast ") };
const LARGE = { path: "/crowd/large", bytes: Buffer.alloc(64 * 1024 * 1024, "holdfast ") };
const PIPELINED_REQUESTS = 200;
/** What slow writers have sent before they grow slow: more than is kept inside the index, so that a file is begun. */
const BEGUN = Buffer.alloc(300_000);

const NOTHING = Buffer.alloc(0);

const TLS_FLAGS = ["--tls-cert", CERTIFICATE_PATH, "--tls-key", PRIVATE_KEY_PATH];

/** A server with two workers that holds the objects, and how an honest client talks to it. */
class Scene {
  readonly server: ServerProcess;
  readonly target: Target;
  readonly #request: typeof httpRequest;

  private constructor(server: ServerProcess, isTls: boolean) {
    this.server = server;
    this.target = { name: "honest", host: "127.0.0.1", port: server.port, region: "us-east-1", ...TEST_KEYS };
    this.#request = isTls ? httpsRequest : httpRequest;
  }

  static async set(t: TestContext, options: { readonly isTls: boolean }): Promise<Scene> {
    const data = newFolder(t);
    const server = await ServerProcess.start(data, { args: ["--workers", "2", ...(options.isTls ? TLS_FLAGS : [])] });
    t.after(() => server.stop());
    const scene = new Scene(server, options.isTls);
    await scene.ask("PUT", "/crowd");
    for (const { path, bytes } of [MIDDLE, LARGE]) await scene.ask("PUT", path, bytes);
    return scene;
  }

  /** The head of a request, for a hostile client. */
  head(method: string, path: string, body: Buffer = NOTHING): Buffer {
    return prepare(this.target, { method, path, body: [body] }, new Date()).head;
  }

  /** Sends a request over a new connection, and throws unless it is answered well. Resolves with the body. */
  async ask(method: string, path: string, body: Buffer = NOTHING): Promise<Buffer> {
    const { host, port } = this.target;
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
    const address = presign(this.target, method, path, {}, new Date());
    // Only TLS looks at the certificate.
    const options = { host, port, method, path: address, agent: false, signal, ca: CERTIFICATE } as const;
    const outgoing = this.#request(options);
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    const bytes = Buffer.concat(await answer.toArray());
    assert.equal(answer.statusCode, 200, `${method} ${path}: ${bytes.toString()}`);
    return bytes;
  }

  /** What an honest client does: whatever stands between a write and its read would show. */
  async askHonestly(number: number): Promise<void> {
    const body = Buffer.from(`honest ${number}`);
    await this.ask("PUT", "/crowd/honest", body);
    assert.deepEqual(await this.ask("GET", "/crowd/honest"), body);
    assert.ok((await this.ask("GET", MIDDLE.path)).equals(MIDDLE.bytes));
  }
}

/** Has the crowd come, stay and go, and an honest client beside it all the time. */
async function withstand(t: TestContext, scene: Scene, kind: HostileKind, count: number): Promise<void> {
  const { server } = scene;
  const workers = answeringProcesses(server.pid);
  assert.equal(workers.length, 2);
  // Each worker has opened what it keeps open.
  for (let number = 0; number < 4; number += 1) await scene.askHonestly(number);
  const filesBefore = workers.map(openFileCount);
  const peaks = workers.map(() => 0);
  const timer = setInterval(() => {
    for (const [index, pid] of workers.entries()) peaks[index] = Math.max(peaks[index]!, ownMemoryMiB(pid) ?? 0);
  }, SAMPLE_INTERVAL_MS);
  t.after(() => clearInterval(timer));

  const crowd = await HostileCrowd.gather(kind, server.port, count);
  t.after(() => crowd.leave());
  const goesAt = performance.now() + STAYS_MS;
  let answered = 0;
  let slowestMs = 0;
  for (let now = performance.now(); now < goesAt; answered += 1) {
    await scene.askHonestly(answered);
    const before = now;
    now = performance.now();
    slowestMs = Math.max(slowestMs, now - before);
  }
  const stayed = crowd.size;
  crowd.leave();
  const areForgotten = (): boolean => workers.every((pid, index) => openFileCount(pid) <= filesBefore[index]! + FEW_FILES);
  for (const until = performance.now() + FORGOTTEN_WITHIN_MS; !areForgotten() && performance.now() < until;) await sleep(100);
  clearInterval(timer);
  t.diagnostic(
    `of ${count} ${stayed} stayed; at most ${peaks.map((peak) => Math.round(peak)).join(" and ")} MiB; ` +
      `three honest requests ${answered} times, at most ${Math.round(slowestMs)} ms`,
  );
  assert.deepEqual(answeringProcesses(server.pid), workers, `a worker did not survive:\n${server.output}`);
  assert.ok(areForgotten(), `open files before: ${filesBefore.join(", ")}; after: ${workers.map(openFileCount).join(", ")}`);
  assert.ok(Math.max(...peaks) <= MOST_MEMORY_MIB, `a worker had ${Math.max(...peaks)} MiB of its own`);
  await scene.askHonestly(answered);
  assert.equal(await server.stop(), 0);
}

const KINDS: Readonly<Record<string, (scene: Scene) => HostileKind>> = {
  "say nothing": () => SILENT,
  [`ask ${PIPELINED_REQUESTS} times at once and read nothing`]: (scene) =>
    pipelining(scene.head("GET", MIDDLE.path), PIPELINED_REQUESTS),
  "read a large object by the kilobyte": (scene) => slowReading(scene.head("GET", LARGE.path)),
  "write a large object by the kilobyte": (scene) => slowWriting(scene.head("PUT", "/crowd/never", LARGE.bytes), BEGUN),
  "begin a TLS handshake": () => HANDSHAKING,
};

for (const [what, kindFor] of Object.entries(KINDS)) {
  const count = what.includes("read") ? SLOW_READERS : CLIENTS;
  test(`connections: ${count.toLocaleString("en")} clients who ${what} cost little memory, keep nobody from an answer and leave nothing`, async (t) => {
    const scene = await Scene.set(t, { isTls: what.includes("TLS") });
    await withstand(t, scene, kindFor(scene), count);
  });
}
