import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAllElse } from "../newFolder.ts";
import { fixture } from "./fixture.ts";
import { requirePackages } from "./installed.ts";

const run = promisify(execFile);

/** What the operator of a server is given. */
const OPERATIONS = join(import.meta.dirname, "../../operations");
/** The names of metrics in a query, those of a histogram's series as they are. */
const METRIC = /\bholdfast_\w+/g;
/** What belongs to a metric's name in series of a histogram. */
const SERIES_OF_HISTOGRAM = /_(?:bucket|sum|count)$/;
const POLL_MS = 200;

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

async function figuresOf(endpoint: string): Promise<string> {
  const answer = await fetch(`${endpoint}/-/metrics`);
  assert.equal(answer.status, 200);
  return answer.text();
}

/** The figures, once those of buckets are among them. */
async function completeFigures(endpoint: string): Promise<string> {
  for (;;) {
    const figures = await figuresOf(endpoint);
    if (figures.includes("holdfast_buckets ") && figures.includes("holdfast_process_open_fds{")) return figures;
    await sleep(POLL_MS);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** What a query of Prometheus' finds. */
interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A Prometheus that scrapes a server each second, with the rules of operations/ in which nothing waits for longer than two. */
class Prometheus {
  readonly #port: number;

  private constructor(port: number) {
    this.#port = port;
  }

  static async start(t: TestContext, folder: string, target: string): Promise<Prometheus> {
    const config = await readFile(join(OPERATIONS, "prometheus.yml"), "utf8");
    const rules = await readFile(join(OPERATIONS, "alerts.yml"), "utf8");
    assert.match(config, /127\.0\.0\.1:9000/);
    const quick = config.replace("127.0.0.1:9000", target).replaceAll("15s", "1s");
    await writeFile(join(folder, "prometheus.yml"), quick);
    await writeFile(join(folder, "alerts.yml"), rules.replaceAll(/for: \w+/g, "for: 2s"));
    const port = await freePort();
    const args = [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "prometheus")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const child = spawn("prometheus", args, { stdio: "ignore" });
    afterAllElse(t, async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    });
    return new Prometheus(port);
  }

  /** What a query finds, once it finds something. */
  async found(query: string): Promise<readonly Found[]> {
    for (;;) {
      const found = await this.query(query).catch(() => []);
      if (found.length > 0) return found;
      await sleep(POLL_MS);
    }
  }

  /** Throws for a query that Prometheus does not understand. */
  async query(query: string): Promise<readonly Found[]> {
    const answer = await fetch(`http://127.0.0.1:${this.#port}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { status, error, data } = (await answer.json()) as { status: string; error?: string; data: { result: Found[] } };
    assert.equal(status, "success", `${query}: ${error}`);
    return data.result;
  }
}

async function readDashboard(): Promise<Dashboard> {
  return JSON.parse(await readFile(join(OPERATIONS, "grafana-dashboard.json"), "utf8")) as Dashboard;
}

/** A dashboard's queries, as Grafana sends them when all servers and operations are shown. */
function queriesOf({ panels }: Dashboard): string[] {
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) =>
      expr.replaceAll("$__rate_interval", "1m").replaceAll("$instance", ".*").replaceAll("$operation", ".*"),
    ),
  );
}

test("Prometheus: the alert rules and the scrape are valid, and each rule fires when it should", async () => {
  requirePackages();
  const options = { cwd: OPERATIONS };
  await run("promtool", ["check", "config", "prometheus.yml"], options);
  const { stdout, stderr } = await run("promtool", ["test", "rules", "alerts.test.yml"], options);
  assert.match(stdout + stderr, /SUCCESS/);
  const rules = await readFile(join(OPERATIONS, "alerts.yml"), "utf8");
  const tests = await readFile(join(OPERATIONS, "alerts.test.yml"), "utf8");
  const page = await readFile(join(OPERATIONS, "../docs/running.md"), "utf8");
  const names = [...rules.matchAll(/alert: (\w+)/g)].map(([, name]) => name!);
  assert.ok(names.length > 0);
  for (const name of names) assert.ok(tests.includes(`alertname: ${name}\n`), `${name} has a test`);
  for (const [, runbook] of rules.matchAll(/runbook: (.+)/g)) {
    assert.ok(page.toLowerCase().includes(`### ${runbook}`), `docs/running.md tells what to do when ${runbook}`);
  }
});

test("Prometheus: it understands the figures, rules and dashboard ask for none that do not exist, and an alert fires", async (t) => {
  const { server, endpoint, folder } = await fixture(t);
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket: "photos" }));
  await client.send(new PutObjectCommand({ Bucket: "photos", Key: "cat.jpg", Body: Buffer.alloc(100_000) }));
  await assert.rejects(client.send(new GetObjectCommand({ Bucket: "photos", Key: "dog.jpg" })));
  const figures = await completeFigures(endpoint);
  for (const name of ["main", "worker-1", "worker-2"]) {
    assert.ok(figures.includes(`holdfast_process_resident_memory_bytes{process="${name}"} `), name);
  }

  const checking = run("promtool", ["check", "metrics"]);
  checking.child.stdin!.end(figures);
  await checking;

  const existing = new Set([...figures.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name!));
  const dashboard = await readDashboard();
  const queries = queriesOf(dashboard);
  const variables = dashboard.templating.list.flatMap(({ definition }) => definition ?? []);
  const rules = await readFile(join(OPERATIONS, "alerts.yml"), "utf8");
  for (const text of [...queries, ...variables, rules]) {
    for (const [name] of text.matchAll(METRIC)) {
      assert.ok(existing.has(name) || existing.has(name.replace(SERIES_OF_HISTOGRAM, "")), `${name} exists`);
    }
  }

  const prometheus = await Prometheus.start(t, folder, endpoint.replace("http://", ""));
  await prometheus.found('sum(rate(holdfast_requests_total{operation="GetObject",status="404"}[1m]))');
  assert.deepEqual((await prometheus.found('holdfast_bucket_bytes{bucket="photos",kind="current"}'))[0]!.value[1], "100000");
  for (const query of queries) await prometheus.query(query);

  assert.deepEqual(await prometheus.query("ALERTS"), []);
  await server.stop();
  const [alert] = await prometheus.found('ALERTS{alertstate="firing"}');
  assert.equal(alert!.metric["alertname"], "HoldfastDown");
});
