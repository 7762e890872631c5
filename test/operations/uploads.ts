import { CompleteMultipartUpload } from "../../src/operations/uploads/CompleteMultipartUpload.ts";
import { CreateMultipartUpload } from "../../src/operations/uploads/CreateMultipartUpload.ts";
import { UploadPart } from "../../src/operations/uploads/UploadPart.ts";
import type { ChecksumAlgorithm } from "../../src/protocol/checksumAlgorithms.ts";
import type {
  CompletedPart,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadRequest,
} from "../../src/protocol/generated/types.ts";
import { MIN_PART_SIZE_BYTES } from "../../src/store/uploads/completion.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { bucketIn, contextFor, memoryStore, payloadOf } from "./contextFor.ts";

/** Bytes of a part that may stand before another one. */
export const FULL_PART: Buffer = Buffer.alloc(MIN_PART_SIZE_BYTES, "part ");

/** A bucket in which uploads are made through the handlers, CRC32 unless a test says otherwise. */
export class Uploads {
  readonly store: Store;
  readonly bucket: BucketRecord;

  private constructor(store: Store, bucket: BucketRecord) {
    this.store = store;
    this.bucket = bucket;
  }

  /** An empty bucket. */
  static async inNewBucket(): Promise<Uploads> {
    const store = memoryStore();
    return new Uploads(store, await bucketIn(store));
  }

  /** What every input begins with. */
  target(Key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket.name, Key };
  }

  /** Begins an upload and returns its id. */
  async begin(
    Key: string,
    more: Partial<CreateMultipartUploadRequest> = { ChecksumAlgorithm: "CRC32" },
    nowMs?: number,
  ): Promise<string> {
    const context = contextFor({ store: this.store, bucket: this.bucket, ...(nowMs === undefined ? {} : { nowMs }) });
    const { output } = await CreateMultipartUpload.handle({ ...this.target(Key), ...more }, context);
    return output.UploadId!;
  }

  /** Uploads a part with a checksum, CRC32 unless a test says otherwise, and returns how a completion lists it. */
  async part(
    Key: string,
    UploadId: string,
    PartNumber: number,
    content: string | Buffer,
    declared: ChecksumAlgorithm | "none" = "CRC32",
  ): Promise<CompletedPart> {
    const payload = payloadOf(content, declared === "none" ? {} : { declared });
    const context = contextFor({ store: this.store, bucket: this.bucket, payload });
    const { output } = await UploadPart.handle({ ...this.target(Key), UploadId, PartNumber, Body: payload }, context);
    return { PartNumber, ...output };
  }

  /** Completes an upload. */
  async complete(
    Key: string,
    UploadId: string,
    Parts: readonly CompletedPart[],
    more: Partial<CompleteMultipartUploadRequest> = {},
  ): Promise<CompleteMultipartUploadOutput> {
    const context = contextFor({ store: this.store, bucket: this.bucket, host: "localhost:9000" });
    const input = { ...this.target(Key), UploadId, MultipartUpload: { Parts }, ...more };
    return (await CompleteMultipartUpload.handle(input, context)).output;
  }
}
