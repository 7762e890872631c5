import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { connect } from "node:tls";
import { S3Client } from "@aws-sdk/client-s3";
import { TEST_KEYS } from "../serverProcess.ts";
import { succeed } from "./commands.ts";

const START_TIMEOUT_MS = 30_000;
const PAGE = readFileSync(join(import.meta.dirname, "..", "..", "docs", "proxies.md"), "utf8");
/** What the page's configurations serve. */
export const DOMAIN = "s3.example.com";
/** The proxies are at 127.0.0.1; their clients come from another address, so that it shows which one the server believes. */
export const CLIENT_ADDRESS = "127.0.0.2";

/** Where the parts of a test are. */
interface Places {
  readonly folder: string;
  readonly port: number;
  readonly serverPort: number;
}

/** How one proxy is started with the configuration that the page shows. */
interface ProxyKind {
  readonly program: string;
  readonly args: (configuration: string, folder: string) => readonly string[];
  /** What has to stand around the page's configuration, or in it, for a test beside others. */
  readonly adapt: (text: string, places: Places) => string;
}

export type ProxyName = "nginx" | "caddyfile" | "haproxy";

const KINDS: Readonly<Record<ProxyName, ProxyKind>> = {
  nginx: {
    program: "/usr/sbin/nginx",
    args: (configuration, folder) => ["-p", folder, "-c", configuration, "-e", "stderr"],
    adapt(text, { folder, port }) {
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      );
      const http = `access_log off;\n${temporary.join("\n")}\n${text.replace("listen 443", `listen 127.0.0.1:${port}`)}`;
      // Its workers may read what only this user may.
      return `user root;\ndaemon off;\npid ${folder}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\n${http}\n}\n`;
    },
  },
  caddyfile: {
    program: "/usr/bin/caddy",
    args: (configuration) => ["run", "--config", configuration, "--adapter", "caddyfile"],
    adapt: (text, { port }) =>
      `{\n\tadmin off\n\tauto_https off\n}\n${text.replace(/^s3\S+, (\S+)/m, `https://${DOMAIN}:${port}, https://$1:${port}`)}`,
  },
  haproxy: {
    program: "/usr/sbin/haproxy",
    args: (configuration) => ["-db", "-f", configuration],
    adapt: (text, { port }) => text.replace("bind :443", `bind 127.0.0.1:${port}`),
  },
};

/** A proxy in front of a server, as docs/proxies.md sets it up; it ends with the test. */
export class Proxy {
  readonly port: number;
  readonly #pid: number;
  readonly #ca: string;

  private constructor(port: number, pid: number, ca: string) {
    this.port = port;
    this.#pid = pid;
    this.#ca = ca;
  }

  /** Starts one in front of the server at a port. `change` makes the configuration wrong on purpose. */
  static async start(
    t: TestContext,
    name: ProxyName,
    { folder, serverPort, change = (text) => text }: Omit<Places, "port"> & { change?: (text: string) => string },
  ): Promise<Proxy> {
    const kind = KINDS[name];
    const port = await freePort();
    const { pem, key } = await makeCertificate(folder);
    const text = configurationOnPage(name)
      .replaceAll(/\/etc\/\w+\/s3\.example\.com\.(pem|key)/g, (_path, end) => (end === "key" ? key : pem))
      .replace("127.0.0.1:9000", `127.0.0.1:${serverPort}`);
    const configuration = join(folder, `${name}.configuration`);
    writeFileSync(configuration, kind.adapt(change(text), { folder, port, serverPort }));
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const child = spawn(kind.program, kind.args(configuration, folder), { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
    const ended = once(child, "exit");
    t.after(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    const ca = readFileSync(pem, "utf8");
    await accepting(port, ca, () => (child.exitCode === null ? undefined : `${name} ended with ${child.exitCode}:\n${output}`));
    return new Proxy(port, child.pid!, ca);
  }

  /** Where clients ask it. */
  get endpoint(): string {
    return `https://${DOMAIN}:${this.port}`;
  }

  /** Connections from an address of this machine to whatever name of the domain. */
  agent(t: TestContext, localAddress: string = CLIENT_ADDRESS): Agent {
    const lookup = ((_name: string, { all }: { all?: boolean }, found: (...result: unknown[]) => void) =>
      all === true ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4)) as never;
    const agent = new Agent({ ca: this.#ca, lookup, localAddress, keepAlive: true });
    t.after(() => agent.destroy());
    return agent;
  }

  /** A client that puts buckets into the host's name, and tries once. */
  client(t: TestContext): S3Client {
    const requestHandler = { httpsAgent: this.agent(t) };
    const { endpoint } = this;
    const client = new S3Client({ endpoint, region: "us-east-1", credentials: TEST_KEYS, maxAttempts: 1, requestHandler });
    t.after(() => client.destroy());
    return client;
  }

  /** What its processes keep in memory of their own, in bytes. */
  memoryBytes(): number {
    const kibibytes = this.#pids().map((pid) =>
      Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]),
    );
    return kibibytes.reduce((sum, one) => sum + one, 0) * 1024;
  }

  /** What its processes keep in files that nobody else can see, in bytes. */
  hiddenFileBytes(): number {
    const files = this.#pids().flatMap((pid) => readdirSync(`/proc/${pid}/fd`).map((number) => `/proc/${pid}/fd/${number}`));
    const hidden = files.filter((file) => {
      const target = readlinkSync(file);
      return target.startsWith("/") && target.endsWith(" (deleted)") && !target.startsWith("/dev/");
    });
    return hidden.reduce((sum, file) => sum + statSync(file).size, 0);
  }

  #pids(): readonly string[] {
    const children = readFileSync(`/proc/${this.#pid}/task/${this.#pid}/children`, "utf8");
    return [String(this.#pid), ...children.split(" ").filter((pid) => pid !== "")];
  }
}

/** The configuration that the page shows, which users copy. */
function configurationOnPage(name: ProxyName): string {
  const block = PAGE.split(`\`\`\`${name}\n`)[1]?.split("```")[0];
  if (block === undefined) throw new Error(`docs/proxies.md shows no configuration of ${name}`);
  return block;
}

/** Makes a certificate for the domain and all names below it, signed by itself, and its key; the first file has both, as HAProxy wants it. */
async function makeCertificate(folder: string): Promise<{ readonly pem: string; readonly key: string }> {
  const [pem, key] = [join(folder, "certificate.pem"), join(folder, "certificate.key")];
  const names = `subjectAltName=DNS:${DOMAIN},DNS:*.${DOMAIN}`;
  const args = ["-nodes", "-days", "2", "-subj", `/CN=${DOMAIN}`, "-addext", names, "-keyout", key, "-out", pem];
  await succeed("/usr/bin/openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", ...args]);
  writeFileSync(pem, readFileSync(key, "utf8"), { flag: "a" });
  return { pem, key };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves when a TLS connection can be had. Throws an error with what `failure` says as soon as it says something. */
async function accepting(port: number, ca: string, failure: () => string | undefined): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const socket = connect({ port, host: "127.0.0.1", servername: DOMAIN, ca });
    const accepted = await once(socket, "secureConnect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (accepted) return;
    const reason = failure() ?? (performance.now() > deadline ? `nobody listens at port ${port}` : undefined);
    if (reason !== undefined) throw new Error(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
