import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { presign } from "../../../../bench/presign.ts";
import { newFolder } from "../../../newFolder.ts";
import { Server } from "../../cli/command.ts";
import { ServerProcess, TEST_KEYS } from "../../../serverProcess.ts";
import { RawConnection } from "../../../server/RawConnection.ts";
import { workersOf } from "./workersOf.ts";

/** Runs a test against a server process on a folder of its own. */
async function withServer(args: readonly string[], use: (server: ServerProcess, data: string) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), "holdfast-processes-"));
  const server = await ServerProcess.start(data, { args });
  try {
    await use(server, data);
  } finally {
    await server.stop();
    await rm(data, { recursive: true });
  }
}

function signed(server: ServerProcess, method: string, path: string): string {
  const target = { name: "test", host: "127.0.0.1", port: server.port, region: "us-east-1", ...TEST_KEYS };
  return presign(target, method, path, {}, new Date());
}

/** Whether somebody still takes connections. */
async function accepts(port: number): Promise<boolean> {
  try {
    using _connection = await RawConnection.open(port);
    return true;
  } catch {
    return false;
  }
}

for (const workers of [1, 2]) {
  test(`SIGTERM: an upload under way is finished and kept, then the server ends with 0 (workers: ${workers})`, async () => {
    await withServer(["--workers", String(workers)], async (server, data) => {
      await server.client().send(new CreateBucketCommand({ Bucket: "bucket" }));
      using upload = await RawConnection.open(server.port);
      await upload.sendHead(`PUT ${signed(server, "PUT", "/bucket/key")}`, { "Content-Length": "10", Expect: "100-continue" });
      assert.equal((await upload.answer()).status, 100);
      await upload.send("hello");
      using idle = await RawConnection.open(server.port);
      const stopped = server.stop();
      // Connections without a request end at once, and as soon as the last worker has heard of it nobody is accepted any more.
      await idle.closed();
      while (await accepts(server.port));
      await upload.send("world");
      assert.equal((await upload.answer()).status, 200);
      assert.equal(await stopped, 0);
      const again = await ServerProcess.start(data);
      const { Body } = await again.client().send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
      assert.equal(await Body!.transformToString(), "helloworld");
      assert.equal(await again.stop(), 0);
    });
  });

  test(`SIGTERM: what does not finish in time is cut, and the server still ends with 0 (workers: ${workers})`, async () => {
    await withServer(["--workers", String(workers), "--shutdown-timeout-ms", "200"], async (server) => {
      await server.client().send(new CreateBucketCommand({ Bucket: "bucket" }));
      using upload = await RawConnection.open(server.port);
      await upload.sendHead(`PUT ${signed(server, "PUT", "/bucket/key")}`, { "Content-Length": "10", Expect: "100-continue" });
      assert.equal((await upload.answer()).status, 100);
      assert.equal(await server.stop(), 0);
      assert.equal(await upload.closed(), "");
    });
  });
}

test("Workers: all answer, share one store and add up their figures", async () => {
  await withServer(["--workers", "2"], async (server) => {
    const clients = Array.from({ length: 8 }, () => server.client());
    await clients[0]!.send(new CreateBucketCommand({ Bucket: "bucket" }));
    await Promise.all(
      clients.map((client, index) => client.send(new PutObjectCommand({ Bucket: "bucket", Key: `key-${index}`, Body: "x" }))),
    );
    const lists = await Promise.all(clients.map((client) => client.send(new ListObjectsV2Command({ Bucket: "bucket" }))));
    for (const { KeyCount } of lists) assert.equal(KeyCount, clients.length);
    assert.equal((await workersOf(server)).length, 2);
    const metrics = await (await fetch(`http://127.0.0.1:${server.port}/-/metrics`)).text();
    assert.match(metrics, /operation="PutObject",status="200"\} 8\n/);
  });
});

test("Workers: one that dies is replaced, and nothing acknowledged is lost", async () => {
  await withServer(["--workers", "2"], async (server) => {
    await server.client().send(new CreateBucketCommand({ Bucket: "bucket" }));
    await server.client().send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "kept" }));
    const before = await workersOf(server);
    process.kill(before[0]!, "SIGKILL");
    let after = before;
    while (after.includes(before[0]!) || after.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      after = await workersOf(server);
    }
    for (let index = 0; index < 4; index += 1) {
      const { Body } = await server.client().send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
      assert.equal(await Body!.transformToString(), "kept");
    }
  });
});

test("Workers: none outlives the primary process", async () => {
  const data = await mkdtemp(join(tmpdir(), "holdfast-processes-"));
  const server = await ServerProcess.start(data, { args: ["--workers", "2"] });
  const workers = await workersOf(server);
  assert.equal(workers.length, 2);
  process.kill(server.pid, "SIGKILL");
  for (const worker of workers) while (await isAlive(worker)) await new Promise((resolve) => setTimeout(resolve, 20));
  await rm(data, { recursive: true });
});

/** Whether a process runs; one that has ended and that nobody has asked about yet does not. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "(gone) Z");
  return !/\) [ZX]/.test(state);
}

test("Start: a second server on the same folder says who holds it", async () => {
  await withServer(["--workers", "1"], async (server, data) => {
    await assert.rejects(ServerProcess.start(data), new RegExp(`${server.pid}`));
  });
});

test("Start: a port that is taken is said, and the folder is free again", async () => {
  await withServer(["--workers", "2"], async (server) => {
    const data = await mkdtemp(join(tmpdir(), "holdfast-processes-"));
    try {
      await assert.rejects(startQuietly(data, server.port), /EADDRINUSE|in use/);
      const other = await ServerProcess.start(data);
      assert.equal(await other.stop(), 0);
    } finally {
      await rm(data, { recursive: true });
    }
  });
});

/** Starts on a port where another server answers health checks: only the exit tells. */
async function startQuietly(data: string, port: number): Promise<void> {
  const child = spawn(process.execPath, ["src/main.ts", "serve", "--data", data, "--port", String(port), "--workers", "2"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (bytes: Buffer) => (output += bytes.toString()));
  await once(child, "close");
  if (child.exitCode !== 0) throw new Error(output);
}

test("Workers: those that take their time to load start all the same", async (t) => {
  const slowly = "data:text/javascript,await(new%20Promise(resolve=>setTimeout(resolve,300)))";
  const environment = { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import ${slowly}` };
  const server = await Server.start(t, ["--workers", "2"], { folder: newFolder(t), environment });
  const { code } = await server.end("SIGTERM");
  assert.equal(code, 0);
});

test("Workers: what one counted stays in the figures when it dies", async () => {
  await withServer(["--workers", "2"], async (server) => {
    await server.client().send(new CreateBucketCommand({ Bucket: "bucket" }));
    const puts = Array.from({ length: 8 }, (_, index) => ({ Bucket: "bucket", Key: `key-${index}`, Body: "x" }));
    await Promise.all(puts.map((put) => server.client().send(new PutObjectCommand(put))));
    // A connection kept open may lead to the worker that dies.
    const figures = async (): Promise<string> => {
      const response = await fetch(`http://127.0.0.1:${server.port}/-/metrics`, { headers: { connection: "close" } });
      return response.text();
    };
    assert.match(await figures(), /operation="PutObject",status="200"\} 8\n/);
    const before = await workersOf(server);
    process.kill(before[0]!, "SIGKILL");
    let after = before;
    while (after.includes(before[0]!) || after.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      after = await workersOf(server);
    }
    assert.match(await figures(), /operation="PutObject",status="200"\} 8\n/);
  });
});

test("Workers: blobs are counted over all processes, also those of runs before", async () => {
  const data = await mkdtemp(join(tmpdir(), "holdfast-processes-"));
  /** The figures of blobs, once they are there. */
  const blobs = async (server: ServerProcess): Promise<Record<string, number>> => {
    for (;;) {
      const metrics = await (await fetch(`http://127.0.0.1:${server.port}/-/metrics`)).text();
      const found = [...metrics.matchAll(/^holdfast_(blobs|blob_bytes) (\d+)$/gm)];
      if (found.length > 0) return Object.fromEntries(found.map(([, name, value]) => [name, Number(value)]));
      // Figures are made once a second.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const put = async (server: ServerProcess, keys: readonly string[]): Promise<void> => {
    const body = Buffer.alloc(100_000);
    await Promise.all(keys.map((Key) => server.client().send(new PutObjectCommand({ Bucket: "bucket", Key, Body: body }))));
  };
  try {
    const first = await ServerProcess.start(data, { args: ["--workers", "2"] });
    await first.client().send(new CreateBucketCommand({ Bucket: "bucket" }));
    await put(first, ["a", "b", "c", "d", "e"]);
    const written = await blobs(first);
    assert.equal(written["blobs"], 5);
    assert.ok(written["blob_bytes"]! >= 500_000 && written["blob_bytes"]! < 501_000);
    await first.stop();
    const second = await ServerProcess.start(data, { args: ["--workers", "2"] });
    await put(second, ["f"]);
    assert.deepEqual(await blobs(second), { blobs: 6, blob_bytes: (written["blob_bytes"]! / 5) * 6 });
    await second.stop();
  } finally {
    await rm(data, { recursive: true });
  }
});
