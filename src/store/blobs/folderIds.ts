import type { BlobId } from "./BlobEngine.ts";

/**
 * Names of blobs in folders of storage classes: "-", the folder's tag, "-", and the name that the blob has in the folder. Other blobs' names
 * never begin with "-", so that the index has all names of one folder side by side.
 */

/** Letters and digits of a folder's tag: with them, an id of the file engine's still has 32 characters at most. */
const TAG_SIZE_BYTES = 8;
const ID_FORM = /^-([0-9a-z]{8})-([0-9a-z-]+)$/;

/** A fresh tag, of chance of the same size in bytes. */
export function folderTag(randomBytes: (sizeBytes: number) => Buffer): string {
  return [...randomBytes(TAG_SIZE_BYTES)].map((byte) => (byte % 36).toString(36)).join("");
}

/** Whether a text has the form of a tag. */
export function isFolderTag(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-z]{8}$/.test(text);
}

/** With what the ids of a folder's blobs begin. */
export function folderPrefix(tag: string): string {
  return `-${tag}-`;
}

/** The id of a blob in a folder. */
export function idInFolder(tag: string, inner: BlobId): BlobId {
  return folderPrefix(tag) + inner;
}

/** The folder of a blob, and its id there; `undefined` for one of the main place. */
export function splitId(id: BlobId): { readonly tag: string; readonly inner: BlobId } | undefined {
  const [, tag, inner] = ID_FORM.exec(id) ?? [];
  return tag === undefined || inner === undefined ? undefined : { tag, inner };
}
