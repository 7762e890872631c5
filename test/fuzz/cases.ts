import type { Draft, WireRequest } from "./Draft.ts";
import { requestOfBytes } from "./Draft.ts";
import { MAX_BODY_SIZE_BYTES } from "./longTexts.ts";
import type { Mutation } from "./mutations.ts";
import { DRAFT_MUTATIONS, SIGNED_MUTATIONS } from "./mutations.ts";
import { validDraft } from "./operations.ts";
import { rewrites } from "./pipelines.ts";
import { Random } from "./Random.ts";
import { sign } from "./sign.ts";
import { brokenBytes, rendered } from "./wire.ts";
import type { World } from "./world.ts";
import { HOST } from "./world.ts";

/**
 * How a case goes over its connection: "whole", one write after another with pauses ("slow"), only up to `at` bytes before the client
 * vanishes ("cut") or says that nothing more will come ("half").
 */
export type Delivery =
  | { readonly kind: "whole" }
  | { readonly kind: "slow"; readonly writes: number }
  | { readonly kind: "cut" | "half"; readonly at: number };

/** What is sent on one connection, and what that is. The same seed and index make the same case. */
export interface FuzzCase {
  readonly index: number;
  readonly requests: readonly WireRequest[];
  readonly delivery: Delivery;
  /** The last request asks the server to end the connection, and comes only because nobody knows where the one before it ends. */
  readonly sentinel: boolean;
  /** Whether to wait until the server itself has closed the connection after an answer that says it will. */
  readonly awaitsClose: boolean;
}

const DRAFT_MUTATION_ENTRIES: readonly (readonly [string, Mutation])[] = Object.entries(DRAFT_MUTATIONS);
/** Mutations of a body, by what it begins with. */
const BODY_MUTATION_ENTRIES: ReadonlyMap<string, typeof DRAFT_MUTATION_ENTRIES> = new Map([
  ["<", mutationsNamed("changeXml", "changeBody")],
  ["{", mutationsNamed("changeJson", "changeBody")],
  ["-", mutationsNamed("changeForm", "changeBody")],
]);
const CHUNK_MUTATION_ENTRIES = mutationsNamed("breakChunks");
const SIGNED_MUTATION_ENTRIES: readonly (readonly [string, Mutation])[] = Object.entries(SIGNED_MUTATIONS);

/** One short request may come so often in a packet, as nobody sends it who waits for answers. */
const MAX_REPETITIONS = 60;
const MAX_REPEATED_SIZE_BYTES = 2_000;

const SENTINEL: WireRequest = {
  title: "sentinel",
  bytes: Buffer.from(`GET /-/health HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`),
  isHead: false,
  isOldVersion: false,
  isFramed: true,
  isForged: false,
};

/** The case of an index. */
export function caseOf(seed: number, index: number, world: World): FuzzCase {
  const random = new Random(seed, index, seed ^ 0x5f3759df);
  const requests = random.chance(0.01) ? rewrites(index, random) : requestsOf(random, world);
  const sentinel = !requests.at(-1)!.isFramed;
  const delivery = deliveryOf(requests, random);
  if (sentinel && delivery.kind !== "cut" && delivery.kind !== "half") requests.push(SENTINEL);
  return { index, requests, delivery, sentinel, awaitsClose: random.chance(0.02) };
}

function requestsOf(random: Random, world: World): WireRequest[] {
  const count = random.chance(0.9) ? 1 : random.between(2, 6);
  const requests: WireRequest[] = [];
  while (requests.length < count && requests.every((request) => request.isFramed)) requests.push(requestOf(random, world));
  const [request] = requests as [WireRequest];
  const isShort = requests.length === 1 && request.isFramed && request.bytes.length < MAX_REPEATED_SIZE_BYTES;
  return isShort && random.chance(0.01) ? Array.from({ length: random.between(10, MAX_REPETITIONS) }, () => request) : requests;
}

function deliveryOf(requests: readonly WireRequest[], random: Random): Delivery {
  const place = random.below(100);
  if (place < 90) return { kind: "whole" };
  if (place < 94) return { kind: "slow", writes: random.between(2, 12) };
  const sizeBytes = requests.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const at = random.chance(place < 97 ? 0.2 : 0.5) ? sizeBytes : random.below(sizeBytes);
  return { kind: place < 97 ? "cut" : "half", at };
}

function requestOf(random: Random, world: World): WireRequest {
  const draft = validDraft(random, world);
  const kind = random.below(100);
  if (kind >= 12 && kind < 85) {
    const mutations = random.pick([1, 1, 1, 2, 3]);
    for (let index = 0; index < mutations; index += 1) apply(draft, fitting(draft, random), random);
  }
  const signing = draft.signing;
  const body = sign(draft, random);
  if (kind >= 72 && kind < 85) apply(draft, SIGNED_MUTATION_ENTRIES, random);
  const isForged = signing === "forged";
  const bytes = rendered(draft, body, random);
  if (kind >= 85) return requestOfBytes([...draft.title, "bytes"], brokenBytes(bytes, random), { isFramed: false, isForged });
  // What a request of the old version says of its end is what it says; but its connection ends after it.
  return requestOfBytes(draft.title, bytes, { isFramed: isFramed(draft, bytes), isForged });
}

/** Bodies are what is hardest to read: where there is one, half of all mutations are about it. */
function fitting(draft: Draft, random: Random): typeof DRAFT_MUTATION_ENTRIES {
  if (random.chance(0.5)) return DRAFT_MUTATION_ENTRIES;
  if (draft.payload.startsWith("STREAMING")) return CHUNK_MUTATION_ENTRIES;
  return BODY_MUTATION_ENTRIES.get(draft.body.toString("latin1", 0, 1)) ?? DRAFT_MUTATION_ENTRIES;
}

function mutationsNamed(...names: readonly string[]): typeof DRAFT_MUTATION_ENTRIES {
  return DRAFT_MUTATION_ENTRIES.filter(([name]) => names.includes(name));
}

function apply(draft: Draft, mutations: readonly (readonly [string, Mutation])[], random: Random): void {
  const [name, mutate] = random.pick(mutations);
  draft.title.push(name);
  mutate(draft, random);
  if (draft.body.length > MAX_BODY_SIZE_BYTES) draft.body = draft.body.subarray(0, MAX_BODY_SIZE_BYTES);
}

/** Mutations put texts into a head that can end it, or say otherwise where the body ends. */
function isFramed(draft: Draft, bytes: Buffer): boolean {
  if (draft.version !== "1.1") return false;
  const head = bytes.subarray(0, bytes.indexOf("\r\n\r\n")).toString("latin1").split("\r\n");
  if (head.length !== draft.headers.length + (/^(?:content-length|transfer-encoding):/i.test(head.at(-1)!) ? 2 : 1)) return false;
  const framing = head.filter((line) => /^(?:content-length|transfer-encoding|upgrade)[ \t]*:/i.test(line));
  return framing.length <= 1 && !/^upgrade/i.test(framing[0] ?? "") && draft.method !== "get";
}
