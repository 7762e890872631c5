import type { Answer } from "./answers.ts";
import { header } from "./answers.ts";
import type { FuzzCase } from "./cases.ts";
import type { Draft } from "./Draft.ts";
import { requestOfBytes } from "./Draft.ts";
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
  REWRITTEN_BUCKET,
} from "./world.ts";

const ATTEMPTS = 5;

/** What a lock, or a bucket that is not empty for it, is refused with. */
const LOCKED = 403;
const NOT_EMPTY = 409;

/** A client that sends whole requests and expects them to succeed. */
class Client {
  readonly #lane: Lane;
  readonly #keys: Keys;

  constructor(lane: Lane, keys: Keys) {
    this.#lane = lane;
    this.#keys = keys;
  }

  /** Throws unless the answer is a success, or has the one status that is as good. */
  async send(method: string, path: string, change: Partial<Draft> = {}, asGood?: number): Promise<Answer> {
    const random = new Random(1);
    const draft: Draft = { ...emptyDraft(`${method} ${path}`, method), path, ...change };
    const bytes = rendered(draft, sign(draft, random, this.#keys), random);
    const request = requestOfBytes(draft.title, bytes, { isFramed: true, isForged: false });
    const whole: FuzzCase = { index: -1, requests: [request], delivery: { kind: "whole" }, sentinel: false, awaitsClose: false };
    let { answers, problems } = await this.#lane.run(whole);
    // On a busy machine even this client may fall silent in the middle of a body.
    for (let attempt = 1; attempt < ATTEMPTS && answers[0]?.body.includes("<Code>RequestTimeout<") === true; attempt += 1)
      ({ answers, problems } = await this.#lane.run(whole));
    const [answer] = answers;
    if (problems.length === 0 && (answer!.status < 300 || answer!.status === asGood)) return answer!;
    throw new Error(`${method} ${path}: ${problems.join("; ")} ${answer?.status} ${answer?.body.toString()}`);
  }
}

/** Puts there what the requests are about. */
export async function fillServer(address: Address): Promise<World> {
  await withClient(address, KEEPER, (keeper) => fillBucket(keeper, KEPT_BUCKET));
  return withClient(address, FUZZER, (fuzzer) => fillForFuzzer(fuzzer, BUCKET));
}

/**
 * Removes what the fuzzer has, and puts there what it had at the beginning, for the next of its rounds, the first being 0. The bucket has a name
 * of its own in each, for what is retained stays, whatever its owner does, and the bucket that holds it.
 */
export function fuzzersContentAnew(address: Address, round: number): Promise<World> {
  return withClient(address, FUZZER, async (fuzzer) => {
    const list = await fuzzer.send("GET", "/");
    for (const bucket of textsOf(list, "Name")) await removeBucket(fuzzer, bucket);
    // As long as the first one's, so that cases are the same but for it.
    return fillForFuzzer(fuzzer, `fuzz-${String(round).padStart(BUCKET.length - "fuzz-".length, "0")}`);
  });
}

async function fillForFuzzer(fuzzer: Client, bucket: string): Promise<World> {
  await fillBucket(fuzzer, bucket);
  await fuzzer.send("PUT", `/${REWRITTEN_BUCKET}`);
  return { bucket, uploads: await beginUploads(fuzzer, bucket) };
}

async function fillBucket(client: Client, bucket: string): Promise<void> {
  await client.send("PUT", `/${bucket}`);
  for (const key of [...KEYS.slice(0, PRESENT_KEYS), ANCHOR_KEY]) {
    const body = Buffer.alloc(key === "empty" ? 0 : key === "large" ? LARGE_SIZE_BYTES : 20, "content ");
    await client.send("PUT", `/${bucket}/${percentEncode(Buffer.from(key), true)}`, { body });
  }
}

async function beginUploads(fuzzer: Client, bucket: string): Promise<World["uploads"]> {
  const uploads = [];
  for (const key of ["a", "new/1", "new/2"]) {
    const path = `/${bucket}/${key}`;
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

/** Removes a bucket with its uploads and all versions, unless some of them are locked. */
async function removeBucket(client: Client, bucket: string): Promise<void> {
  // First of all, so that it denies nothing any more.
  await client.send("DELETE", `/${bucket}`, { query: [["policy", undefined]] });
  let isLocked = false;
  for (let from: Draft["query"] | undefined = []; from !== undefined;) {
    const query: Draft["query"] = [["versions", undefined], ["encoding-type", "url"], ...from];
    const page = await client.send("GET", `/${bucket}`, { query });
    for (const [, key, versionId] of page.body.toString().matchAll(VERSION)) {
      const path = `/${bucket}/${percentEncode(Buffer.from(decoded(key!)), true)}`;
      const answer = await client.send("DELETE", path, { query: [["versionId", versionId!]] }, LOCKED);
      isLocked ||= answer.status === LOCKED;
    }
    const [keyMarker] = textsOf(page, "NextKeyMarker");
    const [versionIdMarker] = textsOf(page, "NextVersionIdMarker");
    from =
      keyMarker === undefined
        ? undefined
        : [
            ["key-marker", percentEncode(Buffer.from(decoded(keyMarker)), false)],
            ["version-id-marker", versionIdMarker!],
          ];
  }
  await client.send("DELETE", `/${bucket}`, {}, isLocked ? NOT_EMPTY : undefined);
}

/** A version, or a delete marker, in a list with encoded keys. */
const VERSION = /<Key>([^<]+)<\/Key><VersionId>([^<]+)</g;

/** The key that stands in such a list. */
function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
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
