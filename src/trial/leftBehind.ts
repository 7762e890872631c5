import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Difference, LeftBehind } from "./Trial.ts";
import type { TrialClient } from "./TrialClient.ts";

/** Counts what is in a store, and finds uploads that nobody ended. */
export async function leftBehind(client: TrialClient): Promise<LeftBehind> {
  const uploads: LeftBehind["uploads"][number][] = [];
  let objects = 0;
  let sizeBytes = 0;
  for (const bucket of await client.buckets()) {
    for await (const object of client.objects(bucket)) {
      objects += 1;
      sizeBytes += object.sizeBytes;
    }
    for await (const upload of client.uploads(bucket)) uploads.push({ bucket, ...upload });
  }
  return { uploads, objects, sizeBytes };
}

/** A folder, and below which beginning of keys its files should be objects. */
export interface Comparison {
  readonly folder: string;
  readonly bucket: string;
  readonly prefix: string;
}

/** Holds files and objects against each other, byte for byte. */
export async function differencesOf(client: TrialClient, { folder, bucket, prefix }: Comparison): Promise<Difference[]> {
  const keys = new Set<string>();
  for await (const { key } of client.objects(bucket)) if (key.startsWith(prefix)) keys.add(key);
  const differences: Difference[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const key = prefix + relative(folder, path).split(sep).join("/");
    if (!keys.delete(key)) differences.push({ path, bucket, key, problem: "missing" });
    else if ((await digestOf(createReadStream(path))) !== (await digestOf(await client.bytes(bucket, key))))
      differences.push({ path, bucket, key, problem: "differs" });
  }
  for (const key of keys) differences.push({ path: "", bucket, key, problem: "extra" });
  return differences;
}

async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const digest = createHash("sha256");
  for await (const piece of bytes) digest.update(piece);
  return digest.digest("hex");
}
