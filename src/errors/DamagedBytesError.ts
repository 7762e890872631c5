/** What is known of damage. */
export interface DamageOptions extends ErrorOptions {
  /** False where another try may find all as it was: a disk that fails to read, a key that is not there. Default: `true`. */
  readonly isLost?: boolean;
}

/**
 * Thrown where stored bytes are not what was written, or are gone. Where an object is lost by that, the caller answers as S3 does for one that
 * it has lost.
 */
export class DamagedBytesError extends Error {
  /** True where the bytes of an object are lost: to read them again does not help. */
  readonly isLost: boolean;

  constructor(message: string, { isLost = true, ...options }: DamageOptions = {}) {
    super(message, options);
    this.isLost = isLost;
  }
}
