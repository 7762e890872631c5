/** Before each record of DIME stands a head of this size. */
export const DIME_HEAD_SIZE_BYTES = 12;

/** The one version there was. It stands in five bits, above the flags. */
export const DIME_VERSION = 1;

/** The flags of a record. */
export const FLAG = {
  /** MB: the first record of the message. */
  messageBegin: 4,
  /** ME: the last. */
  messageEnd: 2,
  /** CF: the next record goes on with the data of this one. */
  chunk: 1,
} as const;

/** TYPE_T, what the type of a record is. It stands in the upper four bits of the second byte. */
export const TYPE_FORMAT = { unchanged: 0, mediaType: 1, absoluteUri: 2, unknown: 3, none: 4 } as const;

/** Options, id, type and data are each filled up with so many bytes to a multiple of four. */
export function dimePadding(sizeBytes: number): number {
  return (4 - (sizeBytes % 4)) % 4;
}
