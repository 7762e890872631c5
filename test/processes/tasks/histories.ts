import assert from "node:assert/strict";
import { patternBytes } from "../../store/blobs/blobs.suite.ts";
import type { VersioningStatus } from "../../../src/store/records/BucketRecord.ts";

/**
 * What a writer does to the versions in a bucket of its own, one step behind the other, and what must be found of it when the writer or
 * the server has died: everything that was acknowledged, and the one step that was not either wholly or not at all.
 */

/** One version of a key, or its marker of a deletion. */
export interface Version {
  /** "null" for the null version; `undefined` when it was made and nobody was told its id. */
  readonly id: string | undefined;
  /** Tells its bytes; `undefined` for a delete marker. */
  readonly seed: number | undefined;
}

/** A bucket: its versioning, and the versions of each key, the newest first. Keys without versions are not there. */
export interface Histories {
  readonly status: VersioningStatus | undefined;
  readonly keys: ReadonlyMap<string, readonly Version[]>;
}

/** A bucket as it is made. */
export const NO_HISTORIES: Histories = { status: undefined, keys: new Map() };

/** A change of a bucket, which happens wholly or not at all. */
export type Step =
  | { readonly kind: "put"; readonly key: string; readonly seed: number }
  /** `seed` is that of the version that is copied. */
  | {
      readonly kind: "copy";
      readonly key: string;
      readonly seed: number;
      readonly from: { readonly key: string; readonly id: string };
    }
  /** Without an id, the object is deleted, as the bucket's versioning has it. */
  | { readonly kind: "delete"; readonly of: readonly { readonly key: string; readonly id: string | undefined }[] }
  | { readonly kind: "versioning"; readonly status: VersioningStatus };

const KEYS = ["a", "a/b", "b", "ключ"];
/** Small ones lie in the index, larger ones are shared by copies. */
const SIZES_BYTES = [10, 70_000, 300_000];
const STEPS_OF_STATUS = 12;
const MAX_DELETIONS = 4;

/** The bytes of a seed, which is below 2 ** 32. */
export function bytesOf(seed: number): Buffer {
  const bytes = patternBytes(SIZES_BYTES[seed % SIZES_BYTES.length]!, seed);
  bytes.writeUInt32BE(seed);
  return bytes;
}

/** The seed of bytes, all of which are looked at. */
export function seedOf(bytes: Buffer): number {
  const seed = bytes.readUInt32BE();
  assert.ok(bytes.equals(bytesOf(seed)), `${bytes.length} bytes that nobody wrote`);
  return seed;
}

/** Draws the next step; `seed` was never used before. */
export function nextStep(before: Histories, seed: number): Step {
  const key = drawn(KEYS);
  const there = [...before.keys].flatMap(([name, versions]) => versions.map((version) => ({ key: name, ...version })));
  if (drawn(STEPS_OF_STATUS) === 0) return { kind: "versioning", status: before.status === "Enabled" ? "Suspended" : "Enabled" };
  const objects = there.filter((version) => version.seed !== undefined);
  if (objects.length > 0 && drawn(6) === 0) {
    const source = drawn(objects);
    return { kind: "copy", key, seed: source.seed!, from: { key: source.key, id: source.id! } };
  }
  if (there.length < 2 * KEYS.length || drawn(2) === 0) {
    return drawn(4) === 0 ? { kind: "delete", of: [{ key, id: undefined }] } : { kind: "put", key, seed };
  }
  const of = Array.from({ length: 1 + drawn(MAX_DELETIONS) }, () => {
    const version = drawn(there);
    return { key: version.key, id: drawn(5) === 0 ? undefined : version.id };
  });
  return { kind: "delete", of };
}

/** A number below `from`, or one of its items. */
export function drawn(from: number): number;
export function drawn<Item>(from: readonly Item[]): Item;
export function drawn<Item>(from: number | readonly Item[]): number | Item {
  if (typeof from === "number") return Math.floor(Math.random() * from);
  return from[drawn(from.length)]!;
}

/** What a bucket is after a step that made versions of these ids, in order; of ids that are unknown when none are given. */
export function afterStep(before: Histories, step: Step, madeIds?: readonly string[]): Histories {
  if (step.kind === "versioning") return { ...before, status: step.status };
  const keys = new Map([...before.keys].map(([key, versions]) => [key, [...versions]]));
  let made = 0;
  const add = (key: string, seed: number | undefined): void => {
    const others = keys.get(key) ?? [];
    const kept = before.status === "Enabled" ? others : others.filter(({ id }) => id !== "null");
    const id = before.status === "Enabled" ? madeIds?.[made++] : "null";
    keys.set(key, [{ id, seed }, ...kept]);
  };
  if (step.kind !== "delete") add(step.key, step.seed);
  else {
    for (const { key, id } of step.of) {
      if (id === undefined && before.status !== undefined) add(key, undefined);
      else keys.set(key, keys.get(key)?.filter((version) => version.id !== (id ?? "null")) ?? []);
    }
  }
  return { ...before, keys: new Map([...keys].filter(([, versions]) => versions.length > 0)) };
}

/** What is known of a bucket: what was acknowledged, and the step that was begun then, if there is one. */
export interface Known {
  acknowledged: Histories;
  begun: Step | undefined;
}

/** Throws unless a bucket is found as it was acknowledged, with the step that was begun or without it. What it is found as is known then. */
export function adopt(known: Known, found: Histories, where: string): void {
  const { acknowledged, begun } = known;
  const allowed = begun === undefined ? [acknowledged] : [acknowledged, afterStep(acknowledged, begun)];
  if (!allowed.some((one) => isFound(one, found))) {
    assert.fail(`${where} holds\n${inWords(found)}\nand not\n${allowed.map(inWords).join("\nor\n")}`);
  }
  known.acknowledged = found;
  known.begun = undefined;
}

function isFound(expected: Histories, found: Histories): boolean {
  if (expected.status !== found.status || expected.keys.size !== found.keys.size) return false;
  return [...expected.keys].every(([key, versions]) => {
    const there = found.keys.get(key) ?? [];
    return (
      there.length === versions.length &&
      versions.every(({ id, seed }, place) => seed === there[place]!.seed && (id === undefined || id === there[place]!.id))
    );
  });
}

function inWords({ status, keys }: Histories): string {
  const lines = [...keys].toSorted(([one], [other]) => (one < other ? -1 : 1)).map((entry) => JSON.stringify(entry));
  return [`versioning: ${status}`, ...lines].join("\n");
}
