import type { S3Client } from "@aws-sdk/client-s3";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { ServerProcess } from "../../serverProcess.ts";

const WRITERS = 16;
const READERS = 8;
const BODY = Buffer.alloc(1_024, "x");
/** A connection that was on its way to a worker when that died is never answered. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Writers that put small objects under keys of their own until the server is gone or they are told to end. */
export class Load {
  /** The keys whose writes were acknowledged. */
  readonly acknowledged: string[] = [];
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #writers: Promise<unknown>;
  #ended = false;

  constructor(server: ServerProcess, bucket: string, round = 0) {
    this.#client = server.client();
    this.#bucket = bucket;
    this.#writers = Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.#write(`${round}-${writer}`)));
  }

  /** Resolves when one more write than now was acknowledged. */
  async another(): Promise<void> {
    const before = this.acknowledged.length;
    while (this.acknowledged.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** Lets no writer begin anew, and waits for what was begun. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#client.destroy();
    await this.#writers;
  }

  async #write(name: string): Promise<void> {
    for (let count = 0; !this.#ended; count += 1) {
      const Key = `${name}-${count}`;
      const abortSignal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      try {
        await this.#client.send(new PutObjectCommand({ Bucket: this.#bucket, Key, Body: BODY }), { abortSignal });
        this.acknowledged.push(Key);
      } catch {
        // The worker that had the connection is gone; another may take the next.
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}

/** Those of the keys that a server does not have. */
export async function missing(server: ServerProcess, bucket: string, keys: readonly string[]): Promise<string[]> {
  const client = server.client();
  const left = [...keys];
  const lost: string[] = [];
  const read = async (): Promise<void> => {
    for (let Key = left.pop(); Key !== undefined; Key = left.pop()) {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key })).catch(() => undefined);
      const body = await answer?.Body?.transformToByteArray();
      if (body?.length !== BODY.length) lost.push(Key);
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  client.destroy();
  return lost;
}
