import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { openApi } from "../../../src/server/admin/description/openApi.ts";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, TestServer } from "../TestServer.ts";
import type { TestServerOptions } from "../TestServer.ts";
import { problemsOf } from "./jsonSchema.ts";

/** The keys of the administrators' root. */
export const ADMIN_KEYS: Keys = { accessKeyId: "HFADMINADMINADMIN000", secretAccessKey: "a".repeat(40) };
/** Those of another account. */
export const OTHER_KEYS: Keys = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };

/** Keys to sign with. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a request of the admin API has beside method and target. */
export interface AdminRequest {
  /** Text and bytes are sent as they are, everything else as JSON. */
  readonly body?: unknown;
  /** `undefined`: not signed. */
  readonly keys?: Keys | undefined;
  /** Of x-amz-content-sha256; the body's if not given. */
  readonly contentSha256?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer of the admin API. */
export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line typescript/no-explicit-any -- the description says what it is, and is held against it
  readonly json: any;
}

/** A server whose first user is there. */
export async function startAdminServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await TestServer.start(options);
  await addAccount(server.store, { name: "admin", ...ADMIN_KEYS });
  return server;
}

/**
 * Asks the admin API, signed by these tests themselves, and holds the answer against the description: whatever the server answers, its path,
 * method, parameters and document stand there.
 */
export async function ask(port: number, method: string, target: string, request: AdminRequest = {}): Promise<AdminAnswer> {
  const { body, keys = "keys" in request ? undefined : ADMIN_KEYS, signal } = request;
  const sent = body === undefined ? "" : typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const { contentSha256 = sha256(sent) } = request;
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, {
    method,
    headers: { ...(keys !== undefined && signed(port, method, target, keys, contentSha256)), ...request.headers },
    ...(body !== undefined && { body: sent }),
    ...(signal !== undefined && { signal }),
  });
  const text = await answer.text();
  const { status, headers } = answer;
  const json: unknown = text === "" ? undefined : JSON.parse(text);
  if (text !== "") checkDescribed(method, target, status, json);
  return { status, headers, json };
}

function signed(port: number, method: string, target: string, keys: Keys, contentSha256: string): Record<string, string> {
  const [path = "", query = ""] = target.split("?");
  const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, "");
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const names = "host;x-amz-content-sha256;x-amz-date";
  const lines = `host:127.0.0.1:${port}\nx-amz-content-sha256:${contentSha256}\nx-amz-date:${time}\n`;
  const sorted = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => (pair.includes("=") ? pair : `${pair}=`))
    .toSorted()
    .join("&");
  // S3 signs slashes as they are.
  const canonical = `${method}\n${path.replaceAll("%2F", "/")}\n${sorted}\n${lines}\n${names}\n${contentSha256}`;
  let key: Buffer = Buffer.from(`AWS4${keys.secretAccessKey}`);
  for (const part of scope.split("/")) key = hmac(key, part);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString("hex");
  return {
    "X-Amz-Date": time,
    "X-Amz-Content-Sha256": contentSha256,
    Authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

/** An operation as the description has it. */
interface Described {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>>;
}

/** Fails unless the description has this answer. Also what is asked that cannot be is answered with the error that it has for all. */
function checkDescribed(method: string, target: string, status: number, json: unknown): void {
  const document = JSON.parse(JSON.stringify(openApi())) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, object>> };
  };
  const [path = "", query = ""] = target.split("?");
  const described = Object.entries(document.paths)
    .filter(([known]) => new RegExp(`^${known.replaceAll(/\{\w+\}/g, ".+")}$`).test(path))
    .map(([, methods]) => methods[method.toLowerCase()])
    .find((operation) => operation !== undefined);
  if (status === 200) {
    assert.ok(described !== undefined, `${method} ${path} is answered, and not described`);
    const known = new Set((described.parameters ?? []).map(({ name }) => name));
    for (const name of new URLSearchParams(query).keys()) {
      if (!name.toLowerCase().startsWith("x-amz-"))
        assert.ok(known.has(name), `the parameter ${name} is taken, and not described`);
    }
  }
  const schema =
    described === undefined
      ? document.components.schemas["Error"]
      : (described.responses[String(status)] ?? described.responses["default"])?.content["application/json"]?.schema;
  assert.deepEqual(
    problemsOf(json, schema as Record<string, unknown>, document),
    [],
    `${method} ${target}: ${JSON.stringify(json).slice(0, 2_000)}`,
  );
}

function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
