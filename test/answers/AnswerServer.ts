import { createHash } from "node:crypto";
import type { RawAnswer } from "../server/RawConnection.ts";
import { RawConnection } from "../server/RawConnection.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { ACCESS_KEY_ID, element, SECRET_ACCESS_KEY, TestServer } from "../server/TestServer.ts";
import { TABLES } from "../../src/store/records/tables.ts";
import type { AccessKeyRecord } from "../../src/store/records/AccessKeyRecord.ts";
import { addAccount, findAccessKey } from "../../src/store/accounts/accounts.ts";
import type { Sendable, SigningScope } from "./signing.ts";
import { presigned, queryText, signedByHeader } from "./signing.ts";

/** The time in these tests; whatever an answer says of it is always the same. */
export const NOW_MS: number = Date.UTC(2026, 2, 1, 12);

/** Who sends a request, and how they show it: the owner of the bucket by header or by query, another user, or nobody. */
export type Sender = "header" | "presigned" | "stranger" | "anonymous";

/** Another user, whose one bucket is called "strangers". */
const STRANGER = { accessKeyId: "HFSTRANGERSTRANGER00", secretAccessKey: "s".repeat(40) };

/**
 * What a request asks; everything but the method and the path has a default. Texts may hold "{uploadId}", "{compositeId}" and
 * "{fullObjectId}".
 */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Buffer | undefined;
}

/**
 * A server with what refusals need: in "bucket" the object "key" (11 bytes), "archived" (in GLACIER), and three uploads of "upload": one with
 * two parts of five bytes, and two with one, of which one wants a composite CRC32 and one the CRC32C of the full object.
 */
export class AnswerServer {
  readonly server: TestServer;
  // What nothing holds, so that nothing is masked before there are uploads.
  #uploadId = "\0";
  #compositeId = "\0";
  #fullObjectId = "\0";

  #kept: RawConnection | undefined;

  readonly #region: string;

  private constructor(server: TestServer, region: string) {
    this.server = server;
    this.#region = region;
  }

  /** With nothing but the owner's bucket. */
  static async startEmpty(options: TestServerOptions = {}): Promise<AnswerServer> {
    const server = await TestServer.start({ clock: () => NOW_MS, ...options });
    return new AnswerServer(server, [options.region ?? "us-east-1"].flat()[0]!);
  }

  static async start(options: TestServerOptions = {}): Promise<AnswerServer> {
    const answers = await AnswerServer.startEmpty(options);
    const { server } = answers;
    await addAccount(server.store, { name: "stranger", ...STRANGER });
    const body =
      answers.#region === "us-east-1"
        ? ""
        : `<CreateBucketConfiguration><LocationConstraint>${answers.#region}</LocationConstraint></CreateBucketConfiguration>`;
    await answers.#mustSend({ method: "PUT", path: "/bucket", body });
    await answers.#mustSend({ method: "PUT", path: "/strangers", body }, "stranger");
    await answers.#mustSend({ method: "PUT", path: "/bucket/key", body: "hello world" });
    await answers.#mustSend({
      method: "PUT",
      path: "/bucket/archived",
      headers: { "x-amz-storage-class": "GLACIER" },
      body: "cold",
    });
    answers.#uploadId = await answers.#begin();
    for (const partNumber of ["1", "2"]) {
      const query = { partNumber, uploadId: "{uploadId}" };
      await answers.#mustSend({ method: "PUT", path: "/bucket/upload", query, body: "part!" });
    }
    answers.#compositeId = await answers.#begin({ "x-amz-checksum-algorithm": "CRC32" });
    const part: Asked = { method: "PUT", path: "/bucket/upload", body: "part!" };
    const headers = { "x-amz-checksum-crc32": "7CWXJg==" };
    await answers.#mustSend({ ...part, query: { partNumber: "1", uploadId: "{compositeId}" }, headers });
    const fullObject = { "x-amz-checksum-algorithm": "CRC32C", "x-amz-checksum-type": "FULL_OBJECT" };
    answers.#fullObjectId = await answers.#begin(fullObject);
    await answers.#mustSend({ ...part, query: { partNumber: "1", uploadId: "{fullObjectId}" } });
    return answers;
  }

  /** Sends a request on a connection of its own, head and body in one piece, and reads its answer. */
  async send(asked: Asked, sender: Sender): Promise<RawAnswer> {
    return await this.sendSigned(this.signed(asked, sender));
  }

  /** The request as its sender would sign it. */
  signed(asked: Asked, sender: Sender): Sendable {
    const request = this.#filled(asked);
    if (sender === "anonymous") return request;
    if (sender === "presigned") return presigned(request, this.scope());
    return signedByHeader(request, sender === "stranger" ? { ...this.scope(), ...STRANGER } : this.scope());
  }

  /** Sends a request that is ready to be sent. */
  async sendSigned(request: Sendable): Promise<RawAnswer> {
    using connection = await this.connect();
    await connection.send(this.wireBytes(request));
    return await connection.answer({ toHead: request.method === "HEAD" });
  }

  /** The same on one connection after the other: each goes on as long as the server keeps it. For tests of thousands of requests. */
  async sendInTurn(bytes: string | Buffer, options: { readonly toHead?: boolean } = {}): Promise<RawAnswer> {
    this.#kept ??= await this.connect();
    await this.#kept.send(bytes);
    const answer = await this.#kept.answer(options);
    if (answer.headers.get("connection") === "close") {
      this.#kept.destroy();
      this.#kept = undefined;
    }
    return answer;
  }

  /** A request as bytes: a body's length comes with it unless the request says how it is framed. */
  wireBytes({ method, path, query, headers, body }: Sendable): Buffer {
    const content = Buffer.from(body);
    const text = queryText(query);
    const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
    const framed = names.has("content-length") || names.has("transfer-encoding") || method === "GET" || method === "HEAD";
    const lines = { Host: this.host, ...headers, ...(framed ? {} : { "Content-Length": String(content.length) }) };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    const target = text === "" ? path : `${path}?${text}`;
    return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${head.join("")}\r\n`), content]);
  }

  /** Whom the buckets of the owner's key pair belong to. */
  async owner(): Promise<AccessKeyRecord> {
    return (await findAccessKey(this.server.store, ACCESS_KEY_ID))!;
  }

  connect(): Promise<RawConnection> {
    return RawConnection.open(this.server.port);
  }

  get host(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  /** Where and when the owner of the bucket signs. */
  scope(): SigningScope {
    return {
      accessKeyId: ACCESS_KEY_ID,
      secretAccessKey: SECRET_ACCESS_KEY,
      host: this.host,
      region: this.#region,
      nowMs: NOW_MS,
    };
  }

  /** A fingerprint of all the store holds, but for when keys were used, which is noted a moment later. */
  async fingerprint(): Promise<string> {
    const everything = { start: Buffer.of(0), end: Buffer.of(0xff), limit: Number.MAX_SAFE_INTEGER };
    const { ranges } = await this.server.store.metadata.read({ keys: [], ranges: [everything] });
    const hash = createHash("sha256");
    const kept = ranges[0]!.filter(({ key }) => key[0] !== TABLES.keyUses);
    for (const { key, value } of kept) hash.update(`${key.length},${value.length};`).update(key).update(value);
    return `${hash.digest("hex")} ${JSON.stringify(await this.server.store.blobs.statistics())}`;
  }

  /** A text of an answer with what differs from run to run put back to its name. */
  masked(text: string): string {
    return text
      .replaceAll(this.#uploadId, "{uploadId}")
      .replaceAll(this.#compositeId, "{compositeId}")
      .replaceAll(this.#fullObjectId, "{fullObjectId}")
      .replaceAll(this.host, "{host}")
      .replace(/<RequestId>[0-9A-Z]{16}<\/RequestId>/, "<RequestId>*</RequestId>")
      .replace(/<HostId>[A-Za-z0-9+/]{76}<\/HostId>/, "<HostId>*</HostId>");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kept?.destroy();
    await this.server[Symbol.asyncDispose]();
  }

  /** Begins an upload of "upload"; its id. */
  async #begin(headers: Readonly<Record<string, string>> = {}): Promise<string> {
    const upload = { method: "POST", path: "/bucket/upload", query: { uploads: "" }, headers };
    return element(await this.#mustSend(upload), "UploadId")!;
  }

  async #mustSend(asked: Asked, sender: Sender = "header"): Promise<RawAnswer> {
    const answer = await this.send(asked, sender);
    if (answer.status !== 200) throw new Error(`${asked.method} ${asked.path}: ${answer.body}`);
    return answer;
  }

  #filled({ method, path, query = {}, headers = {}, body = "" }: Asked): Sendable {
    const fill = (text: string): string =>
      text
        .replaceAll("{uploadId}", this.#uploadId)
        .replaceAll("{compositeId}", this.#compositeId)
        .replaceAll("{fullObjectId}", this.#fullObjectId);
    const each = (texts: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]));
    return { method, path, query: each(query), headers: each(headers), body: Buffer.isBuffer(body) ? body : fill(body) };
  }
}
