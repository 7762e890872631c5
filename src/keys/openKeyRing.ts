import { FileRing, isThere } from "./FileRing.ts";
import type { WarnOfRing } from "./FileRing.ts";
import { KeyRingError } from "./KeyRingError.ts";
import type { RingContent } from "./RingContent.ts";
import type { RingCircumstances } from "./ringChanges.ts";
import { newRing } from "./ringChanges.ts";

/** What a store knows of the ring that it sealed with. */
export interface UsedRing {
  readonly ringId: string;
  /** The newest master key that it saw. */
  readonly masterName: string;
}

/** How a ring is opened. */
export interface KeyRingOptions {
  /** Absolute. */
  readonly path: string;
  /** Not there where nothing was ever sealed with a ring. */
  readonly used: UsedRing | undefined;
  /** Time and chance of a new ring, where one may be made. */
  readonly making?: RingCircumstances | undefined;
  readonly warn?: WarnOfRing | undefined;
}

/**
 * Opens the key ring of a store; makes it where none was ever used. Throws `KeyRingError`, having changed nothing, for a ring that is missing,
 * unreadable, damaged, open to others, or not the one that the store sealed with.
 */
export async function openKeyRing({ path, used, making, warn }: KeyRingOptions): Promise<FileRing> {
  if (!isThere(path)) {
    if (used !== undefined) throw lostRing(path, used);
    if (making !== undefined) return FileRing.make(path, newRing(making), warn);
  }
  const ring = FileRing.open(path, warn);
  const problem = used && problemOf(ring.content, used);
  if (problem === undefined) return ring;
  ring.close();
  throw new KeyRingError(`The key ring ${path} ${problem} Nothing was changed.`);
}

function problemOf({ ringId, masters }: RingContent, used: UsedRing): string | undefined {
  if (ringId !== used.ringId) {
    return `is not the one that this data is encrypted with: it is the ring ${ringId}, and the data needs the ring ${used.ringId}. Say with --key-ring where that is, or restore it from its backup.`;
  }
  if (!masters.some(({ name }) => name === used.masterName)) {
    return `is older than the data: it lacks the master key ${used.masterName}, which the data is encrypted with. Restore a later backup of it.`;
  }
  return undefined;
}

function lostRing(path: string, { ringId }: UsedRing): KeyRingError {
  return new KeyRingError(
    `The key ring ${path} is missing, and what is stored here is encrypted with the keys in it (ring ${ringId}). Say with --key-ring where it is, or restore it from its backup; without it, nothing that is encrypted can be read again. Nothing was changed.`,
  );
}
