/** A key that the bytes of one object, or of the parts of one upload, are encrypted with. Lives in memory alone. */
export interface DataKey {
  /** 32 bytes. */
  readonly bytes: Buffer;
  /** How often bytes are encrypted, one over the other: 2 for `aws:kms:dsse`. */
  readonly layers: 1 | 2;
}
