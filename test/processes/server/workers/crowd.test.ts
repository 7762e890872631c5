import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { newFolder } from "../../../newFolder.ts";
import { ServerProcess } from "../../../serverProcess.ts";
import { RawConnection } from "../../../server/RawConnection.ts";
import { workersOf } from "./workersOf.ts";

const MAX_FILES = 128;
/** More than all processes of a server together have files for. */
const CONNECTIONS = 400;
/** Whoever is not answered by then never is, however busy the machine: a connection to a frozen worker is reset after ten seconds. */
const ANSWER_TIMEOUT_MS = 60_000;

async function startServer(t: TestContext, workers: number, maxFiles?: number): Promise<ServerProcess> {
  const server = await ServerProcess.start(newFolder(t), {
    args: ["--workers", String(workers)],
    ...(maxFiles === undefined ? {} : { maxFiles }),
  });
  t.after(() => server.stop());
  return server;
}

/** The status with which a server answers a request on a connection of its own. */
async function ask(server: ServerProcess): Promise<number> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await fetch(`http://127.0.0.1:${server.port}/-/health`, { headers: { connection: "close" }, signal });
  await response.arrayBuffer();
  return response.status;
}

/** How many files each process of a server has open. */
async function openFiles(server: ServerProcess): Promise<number[]> {
  const pids = [server.pid, ...(await workersOf(server))];
  return Promise.all(pids.map(async (pid) => (await readdir(`/proc/${pid}/fd`)).length));
}

for (const workers of [1, 2]) {
  test(`Crowd: more silent connections than files do not keep others out, and leave nothing (workers: ${workers})`, async (t) => {
    const server = await startServer(t, workers, MAX_FILES);
    assert.equal(await ask(server), 200);
    const before = await openFiles(server);
    const crowd: RawConnection[] = [];
    for (let count = 0; count < CONNECTIONS; count += 1) crowd.push(await RawConnection.open(server.port));
    assert.equal(await ask(server), 200);
    for (const count of await openFiles(server)) assert.ok(count < MAX_FILES / 2, `${count} files`);
    // There are files left for what requests are about.
    const client = server.client();
    await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
    await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: Buffer.alloc(100_000) }));
    client.destroy();
    for (const connection of crowd) connection.destroy();
    while (server.output.split("there is room for connections again").length <= workers) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(server.output.split("as many connections as this process takes").length - 1, workers);
    for (let round = 0; round < 2 * workers; round += 1) assert.equal(await ask(server), 200);
    for (const [index, count] of (await openFiles(server)).entries()) {
      assert.ok(count <= before[index]! + 6, `${count} files instead of ${before[index]}`);
    }
  });
}

test("Workers: one that is stopped keeps nobody waiting who comes now, and is replaced", async (t) => {
  const server = await startServer(t, 2);
  const [frozen] = await workersOf(server);
  process.kill(frozen!, "SIGSTOP");
  for (let round = 0; round < 10; round += 1) assert.equal(await ask(server), 200);
  while ((await workersOf(server)).includes(frozen!)) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.match(server.output, new RegExp(`"workerPid":${frozen},"msg":"a worker process says nothing any more and is ended"`));
  while ((await workersOf(server)).length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  for (let round = 0; round < 10; round += 1) assert.equal(await ask(server), 200);
});

test("Workers: when all die at once, who comes waits for the next, on the same port", async (t) => {
  const server = await startServer(t, 2);
  for (let round = 0; round < 3; round += 1) {
    const workers = await workersOf(server);
    for (const pid of workers) process.kill(pid, "SIGKILL");
    while ((await workersOf(server)).some((pid) => workers.includes(pid)));
    // Nobody is there; the port is.
    assert.deepEqual(await Promise.all([ask(server), ask(server), ask(server)]), [200, 200, 200]);
  }
});
