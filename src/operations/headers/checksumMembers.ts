import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import { CHECKSUM_ALGORITHMS } from "../../protocol/checksumAlgorithms.ts";
import type { DeclaredChecksum, ObjectChecksum } from "../../protocol/Payload.ts";

/** The checksum S3 adds to objects and parts that bring none. */
export const DEFAULT_CHECKSUM_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

/** How inputs and outputs carry checksums: one member for each algorithm. */
export type ChecksumValues = { readonly [Algorithm in ChecksumAlgorithm as `Checksum${Algorithm}`]?: string | undefined };

/** The members by which outputs show a checksum; none without one. */
export interface ChecksumMembers extends ChecksumValues {
  readonly ChecksumType?: ChecksumType;
}

/** A stored checksum as members of an output. */
export function checksumMembers(checksum: ObjectChecksum | undefined): ChecksumMembers {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** The checksum of a part as members of an output: the type is the object's alone. */
export function partChecksumMembers(checksum: DeclaredChecksum | undefined): ChecksumValues {
  return checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value };
}

/** The checksums an input carries in its members, usually none or one. */
export function sentChecksums(input: ChecksumValues): { readonly algorithm: ChecksumAlgorithm; readonly value: string }[] {
  return CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
    const value = input[`Checksum${algorithm}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
}
