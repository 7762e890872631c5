import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/**
 * As much of Vault's transit engine as Holdfast speaks with, by its documentation and with the words that OpenBao 2.7 was seen to use. The
 * same suite runs on this and on OpenBao (test/interop).
 */

interface TransitKey {
  readonly type: string;
  readonly isDerived: boolean;
  /** The first version is at index 0. */
  readonly versions: Buffer[];
  minDecryptionVersion: number;
}

interface Reply {
  readonly status: number;
  readonly data?: object;
  readonly error?: string;
}

const NOT_FOUND: Reply = { status: 400, error: "encryption key not found" };
const NO_MATCH: Reply = { status: 400, error: "cipher: message authentication failed" };
const NONCE_SIZE_BYTES = 12;
const TAG_SIZE_BYTES = 16;

/** A server that stands in for Vault. */
export class VaultStandIn {
  readonly token: string = `s.${randomBytes(12).toString("hex")}`;
  /** What came, in order, without bodies. */
  readonly seen: string[] = [];
  /** Answers in place of the engine where it is set; `undefined` leaves a request without an answer. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  readonly #keys = new Map<string, TransitKey>();
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(tls?: { readonly cert: string; readonly key: string }) {
    const listener = (request: IncomingMessage, response: ServerResponse): void => void this.#serve(request, response);
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    this.#scheme = tls === undefined ? "http" : "https";
  }

  static async start(tls?: { readonly cert: string; readonly key: string }): Promise<VaultStandIn> {
    const vault = new VaultStandIn(tls);
    await once(vault.#server.listen(0, "127.0.0.1"), "listening");
    return vault;
  }

  get address(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** As its operator would. */
  operate(path: string, body: object): void {
    const { status, error } = this.#handle(path.split("/"), body as Record<string, unknown>);
    if (status >= 300) throw new Error(`${path}: ${error}`);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.seen.push(`${request.method} ${request.url}`);
    if (this.answer !== undefined) return this.answer(request, response);
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const { status, data, error } = this.#reply(request, text);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(status === 204 ? "" : JSON.stringify(error === undefined ? { request_id: "x", data } : { errors: [error] }));
  }

  #reply(request: IncomingMessage, text: string): Reply {
    if (request.headers["x-vault-token"] !== this.token) return { status: 403, error: "permission denied" };
    const [, version, mount, ...path] = request.url!.split("/").map(decodeURIComponent);
    if (version !== "v1" || mount !== "transit" || request.method !== "POST") {
      return { status: 404, error: `no handler for route "${mount}". route entry not found.` };
    }
    return this.#handle(path, JSON.parse(text) as Record<string, unknown>);
  }

  #handle([verb, first, second]: readonly string[], body: Record<string, unknown>): Reply {
    if (verb === "datakey" && first === "plaintext") return this.#dataKey(this.#keys.get(second!), body);
    if (verb === "decrypt") return this.#decrypt(this.#keys.get(first!), body);
    const key = this.#keys.get(first!);
    if (verb !== "keys") return { status: 404, error: "unsupported path" };
    if (second === undefined) {
      const type = String(body["type"] ?? "aes256-gcm96");
      const made = { type, isDerived: body["derived"] === true, versions: [randomBytes(32)], minDecryptionVersion: 1 };
      if (key === undefined) this.#keys.set(first!, made);
    } else if (key === undefined) return NOT_FOUND;
    else if (second === "rotate") key.versions.push(randomBytes(32));
    else key.minDecryptionVersion = Number(body["min_decryption_version"]);
    return { status: 200, data: {} };
  }

  #dataKey(key: TransitKey | undefined, body: Record<string, unknown>): Reply {
    if (key === undefined) return NOT_FOUND;
    if (key.type === "ed25519") return { status: 400, error: `message encryption not supported for key type ${key.type}` };
    const wrapping = wrappingKey(key, key.versions.length, body["context"]);
    if (wrapping === undefined) return { status: 400, error: "missing 'context' for key derivation" };
    const plaintext = randomBytes(Number(body["bits"]) / 8).toString("base64");
    const nonce = randomBytes(NONCE_SIZE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", wrapping, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(plaintext, "base64"), cipher.final(), cipher.getAuthTag()]);
    return { status: 200, data: { plaintext, ciphertext: `vault:v${key.versions.length}:${sealed.toString("base64")}` } };
  }

  #decrypt(key: TransitKey | undefined, body: Record<string, unknown>): Reply {
    if (key === undefined) return NOT_FOUND;
    const [, version, text] = /^vault:v(\d+):([A-Za-z0-9+/]+=*)$/.exec(String(body["ciphertext"])) ?? [];
    if (version === undefined) return { status: 400, error: "invalid ciphertext: no prefix" };
    if (Number(version) < key.minDecryptionVersion) {
      return { status: 400, error: "ciphertext or signature version is disallowed by policy (too old)" };
    }
    const sealed = Buffer.from(text!, "base64");
    const decipher = createDecipheriv(
      "aes-256-gcm",
      wrappingKey(key, Number(version), body["context"])!,
      sealed.subarray(0, NONCE_SIZE_BYTES),
    );
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_SIZE_BYTES));
    try {
      const opened = decipher.update(sealed.subarray(NONCE_SIZE_BYTES, sealed.length - TAG_SIZE_BYTES));
      decipher.final();
      return { status: 200, data: { plaintext: opened.toString("base64") } };
    } catch {
      return NO_MATCH;
    }
  }
}

function wrappingKey({ versions, isDerived }: TransitKey, version: number, context: unknown): Buffer | undefined {
  const key = versions[version - 1] ?? versions[0]!;
  if (!isDerived) return key;
  return typeof context === "string" ? createHmac("sha256", key).update(context).digest() : undefined;
}
