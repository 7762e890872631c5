import type { Answer } from "./answers.ts";
import { header } from "./answers.ts";
import type { FuzzCase } from "./cases.ts";
import { requestOfBytes } from "./cases.ts";
import type { Draft } from "./Draft.ts";
import type { Address } from "./Lane.ts";
import { Lane } from "./Lane.ts";
import { emptyDraft } from "./operations.ts";
import { percentEncode } from "../../src/protocol/rest/percent.ts";
import { Random } from "./Random.ts";
import { sign } from "./sign.ts";
import { rendered } from "./wire.ts";
import type { Keys, World } from "./world.ts";
import {
  ANCHOR_KEY,
  BUCKET,
  FUZZER,
  KEEPER,
  KEPT_BUCKET,
  KEYS,
  LARGE_SIZE_BYTES,
  PART_SIZE_BYTES,
  PRESENT_KEYS,
} from "./world.ts";

const ATTEMPTS = 5;

/** A client that sends whole requests and expects them to succeed. */
class Client {
  readonly #lane: Lane;
  readonly #keys: Keys;

  constructor(lane: Lane, keys: Keys) {
    this.#lane = lane;
    this.#keys = keys;
  }

  async send(method: string, path: string, change: Partial<Draft> = {}): Promise<Answer> {
    const random = new Random(1);
    const draft: Draft = { ...emptyDraft(`${method} ${path}`, method), path, ...change };
    const bytes = rendered(draft, sign(draft, random, this.#keys), random);
    const request = requestOfBytes(draft.title, bytes, { isFramed: true, isForged: false });
    const whole: FuzzCase = { index: -1, requests: [request], delivery: { kind: "whole" }, sentinel: false, awaitsClose: false };
    let { answers, problems } = await this.#lane.run(whole);
    // On a busy machine even this client may fall silent in the middle of a body.
    for (let attempt = 1; attempt < ATTEMPTS && answers[0]?.body.includes("<Code>RequestTimeout<") === true; attempt += 1)
      ({ answers, problems } = await this.#lane.run(whole));
    if (problems.length === 0 && answers[0]!.status < 300) return answers[0]!;
    throw new Error(`${method} ${path}: ${problems.join("; ")} ${answers[0]?.status} ${answers[0]?.body.toString()}`);
  }
}

/** Puts there what the requests are about. */
export async function fillServer(address: Address): Promise<World> {
  await withClient(address, KEEPER, (keeper) => fillBucket(keeper, KEPT_BUCKET));
  return withClient(address, FUZZER, fillForFuzzer);
}

/** Removes what the fuzzer has, and puts there what it had at the beginning. */
export function fuzzersContentAnew(address: Address): Promise<World> {
  return withClient(address, FUZZER, async (fuzzer) => {
    const list = await fuzzer.send("GET", "/");
    for (const bucket of textsOf(list, "Name")) await removeBucket(fuzzer, bucket);
    return fillForFuzzer(fuzzer);
  });
}

async function fillForFuzzer(fuzzer: Client): Promise<World> {
  await fillBucket(fuzzer, BUCKET);
  return { uploads: await beginUploads(fuzzer) };
}

async function fillBucket(client: Client, bucket: string): Promise<void> {
  await client.send("PUT", `/${bucket}`);
  for (const key of [...KEYS.slice(0, PRESENT_KEYS), ANCHOR_KEY]) {
    const body = Buffer.alloc(key === "empty" ? 0 : key === "large" ? LARGE_SIZE_BYTES : 20, "content ");
    await client.send("PUT", `/${bucket}/${percentEncode(Buffer.from(key), true)}`, { body });
  }
}

async function beginUploads(fuzzer: Client): Promise<World["uploads"]> {
  const uploads = [];
  for (const key of ["a", "new/1", "new/2"]) {
    const path = `/${BUCKET}/${key}`;
    const begun = await fuzzer.send("POST", path, { query: [["uploads", undefined]] });
    const [uploadId] = textsOf(begun, "UploadId");
    const etags: string[] = [];
    for (const [index, sizeBytes] of [key === "a" ? PART_SIZE_BYTES : 10, 10].entries()) {
      const query: Draft["query"] = [
        ["partNumber", String(index + 1)],
        ["uploadId", encodeURIComponent(uploadId!)],
      ];
      const part = await fuzzer.send("PUT", path, { query, body: Buffer.alloc(sizeBytes, "part") });
      etags.push(header(part, "etag")!);
    }
    uploads.push({ key, uploadId: uploadId!, etags });
  }
  return uploads;
}

/** Its uploads go with it. */
async function removeBucket(client: Client, bucket: string): Promise<void> {
  for (;;) {
    const query: Draft["query"] = [["encoding-type", "url"]];
    const keys = textsOf(await client.send("GET", `/${bucket}`, { query }), "Key");
    if (keys.length === 0) break;
    for (const key of keys) {
      const decoded = decodeURIComponent(key.replaceAll("+", " "));
      await client.send("DELETE", `/${bucket}/${percentEncode(Buffer.from(decoded), true)}`);
    }
  }
  await client.send("DELETE", `/${bucket}`);
}

function textsOf({ body }: Answer, element: string): string[] {
  return [...body.toString().matchAll(new RegExp(`<${element}>([^<]+)<`, "g"))].map(([, text]) => text!);
}

async function withClient<Result>(address: Address, keys: Keys, use: (client: Client) => Promise<Result>): Promise<Result> {
  const lane = new Lane(address);
  try {
    return await use(new Client(lane, keys));
  } finally {
    lane.close();
  }
}

/** What the keeper's bucket holds, as its owner sees it: a text that must never change. */
export function keptContent(address: Address): Promise<string> {
  return withClient(address, KEEPER, async (keeper) => {
    const list = await keeper.send("GET", `/${KEPT_BUCKET}`, { query: [["list-type", "2"]] });
    const uploads = await keeper.send("GET", `/${KEPT_BUCKET}`, { query: [["uploads", undefined]] });
    return list.body.toString() + uploads.body.toString();
  });
}
