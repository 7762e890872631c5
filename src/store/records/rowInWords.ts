import { BASE_SIZE_BYTES, bucketIdInKey, nameInKey, TABLES, textInKey } from "./tables.ts";
import { FIRST_FREE_BYTE, unshifted, wholeKeyEnd } from "./terminatedKeys.ts";
import { uploadInKey } from "./uploadKeys.ts";

const NAMES = new Map<number | undefined, string>(Object.entries(TABLES).map(([name, table]) => [table, name]));

/** The key of a row for whoever is told that something is wrong with it: "objects/0123456789abcdef/cat.jpg". */
export function rowInWords(key: Uint8Array): string {
  return `${NAMES.get(key[0]) ?? "of no table"}/${nameOf(key)}`;
}

function nameOf(key: Uint8Array): string {
  switch (key[0]) {
    case TABLES.objects:
    case TABLES.settings:
    case TABLES.nullVersions:
      return `${bucketIdInKey(key)}/${textInKey(key, BASE_SIZE_BYTES, key.length)}`;
    case TABLES.uploads: {
      const { bucketId, key: s3Key, uploadId } = uploadInKey(key);
      return `${bucketId}/${s3Key}/${uploadId}`;
    }
    case TABLES.versions:
      return `${bucketIdInKey(key)}/${unshifted(key, wholeKeyEnd(key))}/${key
        .subarray(wholeKeyEnd(key) + 1)
        .map((digit) => digit - FIRST_FREE_BYTE)
        .join("")}`;
    case TABLES.parts:
      return `${textInKey(key, 1, key.length - 3)}/${((key.at(-2) ?? 0) << 8) | (key.at(-1) ?? 0)}`;
    default:
      return nameInKey(key);
  }
}
