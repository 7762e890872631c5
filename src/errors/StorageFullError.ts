import { systemCode } from "./systemCode.ts";

/**
 * Thrown by the engines when there is no room for a write: the disk, a quota, or the metadata map is full.
 * Nothing of the refused write is kept, what is stored stays whole, and reads go on.
 */
export class StorageFullError extends Error {
  override readonly name = "StorageFullError";
  /** What was full, as a folder or file of the data folder. */
  readonly place: string;
  constructor(place: string, options?: ErrorOptions) {
    super(`No room left in ${place}: free space there or raise its limit; nothing of this write was kept`, options);
    this.place = place;
  }
}

/** The system's words for "full": no space on the device, and no quota left. */
const FULL_CODES: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

/** Whether the system says that the disk, or a quota, is full. */
export function isFull(error: unknown): boolean {
  return FULL_CODES.has(systemCode(error));
}

/** Turns the system's "full" into a `StorageFullError` that names `place`; any other error comes back as it is. */
export function explainFull(error: unknown, place: string): unknown {
  return isFull(error) ? new StorageFullError(place, { cause: error }) : error;
}
