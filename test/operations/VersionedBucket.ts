import { CreateBucket } from "../../src/operations/buckets/CreateBucket.ts";
import { CopyObject } from "../../src/operations/objects/CopyObject.ts";
import { DeleteObject } from "../../src/operations/objects/DeleteObject.ts";
import { DeleteObjects } from "../../src/operations/objects/DeleteObjects.ts";
import { GetObject } from "../../src/operations/objects/GetObject.ts";
import { HeadObject } from "../../src/operations/objects/HeadObject.ts";
import { PutObject } from "../../src/operations/objects/PutObject.ts";
import type { AnyOperation } from "../../src/operations/Operation.ts";
import { PutBucketVersioning } from "../../src/operations/settings/BucketVersioning.ts";
import type { OperationInputs, OperationName, OperationOutputs } from "../../src/protocol/generated/types.ts";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import type { BucketRecord, VersioningStatus } from "../../src/store/records/BucketRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import type { ContextOptions } from "./contextFor.ts";
import { bytesOf, contextFor, memoryStore, payloadOf } from "./contextFor.ts";

/** A bucket whose requests go through the handlers, each on the bucket as it is then. The key is "key" unless a test says otherwise. */
export class VersionedBucket {
  readonly store: Store;

  private constructor(store: Store) {
    this.store = store;
  }

  /** A new bucket: without versioning, or with Object Lock and so with versioning. */
  static async made(input: Partial<OperationInputs["CreateBucket"]> = {}): Promise<VersionedBucket> {
    const store = memoryStore();
    await CreateBucket.handle({ Bucket: "bucket", ...input }, contextFor({ store, bucket: undefined }));
    return new VersionedBucket(store);
  }

  /** A new bucket with versioning. */
  static async withVersioning(): Promise<VersionedBucket> {
    const bucket = await VersionedBucket.made();
    await bucket.version("Enabled");
    return bucket;
  }

  async record(): Promise<BucketRecord> {
    return (await findBucket(this.store, "bucket"))!;
  }

  /** Asks for an operation. */
  async ask<Name extends OperationName>(
    operation: Extract<AnyOperation, { readonly name: Name }>,
    input: Omit<OperationInputs[Name], "Bucket" | "Key"> & { readonly Key?: string },
    options: ContextOptions = {},
  ): Promise<OperationOutputs[Name]> {
    const context = contextFor({ store: this.store, bucket: await this.record(), ...options });
    const handle = (operation as AnyOperation).handle as (
      input: unknown,
      given: unknown,
    ) => Promise<{ readonly output: OperationOutputs[Name] }>;
    return (await handle({ Bucket: "bucket", Key: "key", ...input }, context)).output;
  }

  async version(Status: VersioningStatus): Promise<void> {
    await this.ask(PutBucketVersioning, { VersioningConfiguration: { Status } });
  }

  /** Puts text, and resolves with the id that the answer shows. */
  async put(
    text: string,
    input: Partial<OperationInputs["PutObject"]> = {},
    options: ContextOptions = {},
  ): Promise<string | undefined> {
    const payload = payloadOf(text, { declared: "CRC32" });
    return (await this.ask(PutObject, { Body: payload, ...input }, { payload, ...options })).VersionId;
  }

  async copy(CopySource: string, input: Partial<OperationInputs["CopyObject"]> = {}): Promise<OperationOutputs["CopyObject"]> {
    return this.ask(CopyObject, { CopySource, ...input });
  }

  async delete(
    input: Partial<OperationInputs["DeleteObject"]> = {},
    options: ContextOptions = {},
  ): Promise<Pick<OperationOutputs["DeleteObject"], "DeleteMarker" | "VersionId">> {
    const { DeleteMarker, VersionId } = await this.ask(DeleteObject, input, options);
    return { DeleteMarker, VersionId };
  }

  async deleteMany(
    Objects: OperationInputs["DeleteObjects"]["Delete"]["Objects"],
    options: ContextOptions = {},
  ): Promise<OperationOutputs["DeleteObjects"]> {
    return this.ask(DeleteObjects, { Delete: { Objects } }, options);
  }

  async head(input: Partial<OperationInputs["HeadObject"]> = {}): Promise<OperationOutputs["HeadObject"]> {
    return this.ask(HeadObject, input);
  }

  /** What a GET reads, and the id of the version that it read. */
  async read(
    input: Partial<OperationInputs["GetObject"]> = {},
    options: ContextOptions = {},
  ): Promise<readonly [text: string, versionId: string | undefined]> {
    const { Body, VersionId } = await this.ask(GetObject, input, options);
    return [(await bytesOf(Body)).toString(), VersionId];
  }
}
