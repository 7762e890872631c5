import { readFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** A transit engine, and how it is spoken to. */
export interface VaultOptions {
  /** Its URL, such as https://vault.example.com:8200. */
  readonly address: string;
  /** A file that holds the token; read for each request, so that whoever renews it may replace it. */
  readonly tokenPath: string;
  /** The path that the engine is mounted at. */
  readonly mount: string;
  /** Certificates in PEM that vouch for it; the system's without them. */
  readonly ca?: string | undefined;
  /** Default: `VAULT_TIMEOUT_MS`. */
  readonly timeoutMs?: number | undefined;
}

/** What Vault answers. */
export interface VaultAnswer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly errors: readonly string[];
}

/** A request that Vault has not answered after this long is given up, the time it waited for a connection included. */
const VAULT_TIMEOUT_MS = 5_000;
/** An answer about a data key has less than a thousand bytes. */
const MAX_ANSWER_SIZE_BYTES: number = 64 * 1024;
/** Connections to Vault that one process has at a time; requests beyond them wait for one. */
const MAX_CONNECTIONS = 32;

/** Sends requests to a transit engine. Their words never hold the token. @see https://developer.hashicorp.com/vault/api-docs/secret/transit */
export class VaultClient {
  readonly #options: VaultOptions;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(options: VaultOptions) {
    this.#options = options;
    const pool = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
    const { ca } = options;
    this.#agent = this.#isTls ? new HttpsAgent({ ...pool, ...(ca === undefined ? {} : { ca }) }) : new HttpAgent(pool);
  }

  /** Sends JSON to a path below the engine's. Throws what goes wrong before an answer is there, or with one that is none of Vault's. */
  async post(path: string, body: Readonly<Record<string, unknown>>): Promise<VaultAnswer> {
    const { timeoutMs = VAULT_TIMEOUT_MS, tokenPath, address, mount } = this.#options;
    const token = (await readFile(tokenPath, "utf8")).trim();
    const url = new URL(`${address.replace(/\/$/, "")}/v1/${mount}/${path}`);
    const signal = AbortSignal.timeout(timeoutMs);
    const sent = Buffer.from(JSON.stringify(body));
    const headers = { "x-vault-token": token, "x-vault-request": "true", "content-type": "application/json" };
    const options = { method: "POST", agent: this.#agent, signal, headers: { ...headers, "content-length": sent.length } };
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = this.#isTls ? httpsRequest(url, options, resolve) : httpRequest(url, options, resolve);
      request.on("error", reject).end(sent);
    });
    return { status: answer.statusCode!, ...readAnswer(await textOf(answer)) };
  }

  /** Closes the connections that wait for requests. */
  close(): void {
    this.#agent.destroy();
  }

  get #isTls(): boolean {
    return this.#options.address.startsWith("https:");
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  // What is thrown here ends the connection.
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_SIZE_BYTES) throw new Error(`an answer of more than ${MAX_ANSWER_SIZE_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readAnswer(text: string): Pick<VaultAnswer, "data" | "errors"> {
  let value: unknown;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new Error("an answer that is no JSON");
  }
  const { data, errors } = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return {
    data: typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {},
    errors: Array.isArray(errors) ? errors.map(String) : [],
  };
}
