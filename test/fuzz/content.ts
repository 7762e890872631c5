import type { Answer } from "./answers.ts";
import { header } from "./answers.ts";
import type { FuzzCase } from "./cases.ts";
import { requestOfBytes } from "./cases.ts";
import type { Draft } from "./Draft.ts";
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
    const { answers, problems } = await this.#lane.run(whole);
    if (problems.length === 0 && answers[0]!.status < 300) return answers[0]!;
    throw new Error(`${method} ${path}: ${problems.join("; ")} ${answers[0]?.status} ${answers[0]?.body.toString()}`);
  }
}

/** Puts there what the requests are about. */
export async function fillServer(port: number): Promise<World> {
  const lane = new Lane(port);
  const fuzzer = new Client(lane, FUZZER);
  const keeper = new Client(lane, KEEPER);
  for (const [client, bucket] of [
    [fuzzer, BUCKET],
    [keeper, KEPT_BUCKET],
  ] as const) {
    await client.send("PUT", `/${bucket}`);
    for (const key of [...KEYS.slice(0, PRESENT_KEYS), ANCHOR_KEY]) {
      const body = Buffer.alloc(key === "empty" ? 0 : key === "large" ? LARGE_SIZE_BYTES : 20, "content ");
      await client.send("PUT", `/${bucket}/${percentEncode(Buffer.from(key), true)}`, { body });
    }
  }
  const uploads = [];
  for (const key of ["a", "new/1", "new/2"]) {
    const path = `/${BUCKET}/${key}`;
    const begun = await fuzzer.send("POST", path, { query: [["uploads", undefined]] });
    const uploadId = /<UploadId>([^<]+)</.exec(begun.body.toString())![1]!;
    const etags: string[] = [];
    for (const [index, sizeBytes] of [key === "a" ? PART_SIZE_BYTES : 10, 10].entries()) {
      const query: Draft["query"] = [
        ["partNumber", String(index + 1)],
        ["uploadId", encodeURIComponent(uploadId)],
      ];
      const part = await fuzzer.send("PUT", path, { query, body: Buffer.alloc(sizeBytes, "part") });
      etags.push(header(part, "etag")!);
    }
    uploads.push({ key, uploadId, etags });
  }
  lane.close();
  return { uploads };
}

/** What the keeper's bucket holds, as its owner sees it: a text that must never change. */
export async function keptContent(port: number): Promise<string> {
  const lane = new Lane(port);
  const keeper = new Client(lane, KEEPER);
  const list = await keeper.send("GET", `/${KEPT_BUCKET}`, { query: [["list-type", "2"]] });
  const uploads = await keeper.send("GET", `/${KEPT_BUCKET}`, { query: [["uploads", undefined]] });
  lane.close();
  return list.body.toString() + uploads.body.toString();
}
