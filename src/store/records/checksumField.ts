import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { Field, NumberedNames } from "./recordCodec.ts";
import { numberedNames } from "./recordCodec.ts";

/** Checksum algorithms as stored. */
export const CHECKSUM_ALGORITHMS: NumberedNames<ChecksumAlgorithm> = numberedNames({
  CRC32: 1,
  CRC32C: 2,
  CRC64NVME: 3,
  SHA1: 4,
  SHA256: 5,
  SHA512: 6,
  MD5: 7,
  XXHASH64: 8,
  XXHASH3: 9,
  XXHASH128: 10,
});

/** Types of checksums as stored. */
export const CHECKSUM_TYPES: NumberedNames<ChecksumType> = numberedNames({ FULL_OBJECT: 1, COMPOSITE: 2 });

/** A checksum as it is being read. */
type Draft = { -readonly [Member in keyof ObjectChecksum]: ObjectChecksum[Member] | undefined };

/** The member `checksum`, over three tags in ascending order. One by an algorithm or of a type of a later version is `undefined`. */
export function checksum<Record extends { readonly checksum: ObjectChecksum | undefined }>(
  algorithmTag: number,
  typeTag: number,
  valueTag: number,
): Field<Record>[] {
  return [
    {
      tag: algorithmTag,
      write({ checksum: written }: Record, out) {
        if (written !== undefined) out.integer(algorithmTag, CHECKSUM_ALGORITHMS.numbers[written.algorithm]);
      },
      read(fields, draft) {
        const begun: Draft = { algorithm: CHECKSUM_ALGORITHMS.names[fields.integer], type: undefined, value: "" };
        draft.checksum = begun as ObjectChecksum;
      },
    },
    {
      tag: typeTag,
      write({ checksum: written }: Record, out) {
        if (written !== undefined) out.integer(typeTag, CHECKSUM_TYPES.numbers[written.type]);
      },
      read(fields, draft) {
        const begun = draft.checksum as Draft | undefined;
        if (begun !== undefined) begun.type = CHECKSUM_TYPES.names[fields.integer];
      },
    },
    {
      tag: valueTag,
      write: ({ checksum: written }: Record, out) => out.text(valueTag, written?.value),
      read(fields, draft) {
        const begun = draft.checksum as Draft | undefined;
        if (begun?.algorithm === undefined || begun.type === undefined) draft.checksum = undefined;
        else begun.value = fields.text();
      },
    },
  ];
}
