import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { Histories, Known, Step, Version } from "../processes/tasks/histories.ts";
import { adopt, afterStep, bytesOf, nextStep, NO_HISTORIES, seedOf } from "../processes/tasks/histories.ts";

/** A bucket that one writer changes, one step behind the other. */
interface WrittenBucket extends Known {
  readonly name: string;
}

/** Makes and deletes versions through S3, and looks after crashes for everything that was acknowledged. */
export class VersionWriter {
  readonly #prefix: string;
  #buckets = 0;
  #written: WrittenBucket | undefined;
  /** Those left with an unanswered step while the server lived on, which may take it at any time. */
  #left: WrittenBucket[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Takes steps until the signal or an error, of which `unanswered` makes the answer. Resolves with how many were acknowledged. */
  async run(client: S3Client, signal: AbortSignal, unanswered: (error: unknown, count: number) => number): Promise<number> {
    let count = 0;
    try {
      this.#written ??= await this.#newBucket(client);
      const written = this.#written;
      for (; !signal.aborted; count++) {
        written.begun = nextStep(written.acknowledged, randomInt(2 ** 32));
        const made = await takeStep(client, written.name, written.begun);
        written.acknowledged = afterStep(written.acknowledged, written.begun, made);
        written.begun = undefined;
      }
      return count;
    } catch (error) {
      return unanswered(error, count);
    }
  }

  async #newBucket(client: S3Client): Promise<WrittenBucket> {
    const name = `${this.#prefix}-${this.#buckets++}`;
    await client.send(new CreateBucketCommand({ Bucket: name }));
    return { name, acknowledged: NO_HISTORIES, begun: undefined };
  }

  /** Throws unless what was acknowledged is there, and what was not answered was done wholly or not at all. */
  async check(client: S3Client, when: string, livedOn: boolean): Promise<void> {
    const written = this.#written === undefined ? [] : [this.#written];
    if (livedOn && written[0]?.begun !== undefined) {
      this.#left.push(...written);
      this.#written = undefined;
      return;
    }
    for (const bucket of livedOn ? written : [...this.#left, ...written]) {
      adopt(bucket, await foundHistories(client, bucket.name), `${when}, ${bucket.name}`);
    }
    if (!livedOn) this.#left = [];
  }
}

async function takeStep(client: S3Client, Bucket: string, step: Step): Promise<string[]> {
  switch (step.kind) {
    case "versioning":
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: step.status } }));
      return [];
    case "put":
      return idsOf(await client.send(new PutObjectCommand({ Bucket, Key: step.key, Body: bytesOf(step.seed) })));
    case "copy": {
      // A copy onto itself has to change something.
      const MetadataDirective = "REPLACE";
      const CopySource = `${Bucket}/${encodeURIComponent(step.from.key)}?versionId=${step.from.id}`;
      return idsOf(await client.send(new CopyObjectCommand({ Bucket, Key: step.key, CopySource, MetadataDirective })));
    }
    case "delete": {
      const [first, ...further] = step.of;
      if (further.length === 0) {
        const answer = await client.send(new DeleteObjectCommand({ Bucket, Key: first!.key, VersionId: first!.id }));
        return first!.id === undefined ? idsOf(answer) : [];
      }
      const Objects = step.of.map(({ key, id }) => ({ Key: key, VersionId: id }));
      const { Deleted = [], Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      assert.deepEqual(Errors, []);
      return Deleted.flatMap(({ DeleteMarkerVersionId }, index) =>
        step.of[index]!.id === undefined ? (DeleteMarkerVersionId ?? []) : [],
      );
    }
  }
}

function idsOf({ VersionId }: { readonly VersionId?: string | undefined }): string[] {
  return VersionId === undefined ? [] : [VersionId];
}

/** What a bucket holds, in pages of one version each: the SDK has versions and markers in lists of their own, without their order. */
async function foundHistories(client: S3Client, Bucket: string): Promise<Histories> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }));
  const keys = new Map<string, Version[]>();
  let at: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...at }));
    const [item] = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (item !== undefined) {
      const [key, id] = [item.Key!, item.VersionId!];
      const versions = keys.get(key) ?? [];
      assert.equal(item.IsLatest, versions.length === 0, `${key} of ${Bucket}: which version is the latest`);
      const isMarker = page.Versions === undefined;
      const seed = isMarker ? undefined : await seedAt(client, { Bucket, Key: key, VersionId: id });
      if (versions.length === 0) assert.equal(await seedAt(client, { Bucket, Key: key }), seed, `the object ${key} of ${Bucket}`);
      versions.push({ id, seed });
      keys.set(key, versions);
    }
    if (page.IsTruncated !== true) return { status: Status, keys };
    at = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

async function seedAt(client: S3Client, at: { Bucket: string; Key: string; VersionId?: string }): Promise<number | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand(at));
    return seedOf(Buffer.from(await Body!.transformToByteArray()));
  } catch (error) {
    if (at.VersionId === undefined && (error as Error).name === "NoSuchKey") return undefined;
    throw error;
  }
}
