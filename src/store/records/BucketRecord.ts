/** A bucket as stored under its name. */
export interface BucketRecord {
  readonly name: string;
  /** 8 random bytes as 16 hexadecimal characters; never used again, so that keys of a deleted bucket cannot come back. */
  readonly id: string;
  readonly region: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly createdAtMs: number;
}
