import type { KeyObject } from "node:crypto";

/** A key that the bytes of one object, or of the parts of one upload, are encrypted with. Lives in memory alone. */
export interface DataKey {
  /** Of 32 bytes. A `KeyObject`, because a cipher begins on one in a tenth of the time that it takes to begin on the bytes. */
  readonly key: KeyObject;
  /** How often bytes are encrypted, one over the other: 2 for `aws:kms:dsse`. */
  readonly layers: 1 | 2;
}
