import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ChecksumAlgorithm } from "../../protocol/checksumAlgorithms.ts";
import { MAX_PART_NUMBER } from "../../store/uploads/multipart.ts";
import type { UploadRecord } from "../../store/records/UploadRecord.ts";
import { DEFAULT_CHECKSUM_ALGORITHM } from "../headers/checksumMembers.ts";

/** The algorithm every part of this upload is summed up by. */
export function wantedChecksum(upload: UploadRecord): ChecksumAlgorithm {
  return upload.checksumAlgorithm ?? DEFAULT_CHECKSUM_ALGORITHM;
}

/** Refuses part numbers outside 1 to 10,000 with S3's InvalidArgument. */
export function checkPartNumber(partNumber: number): void {
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= MAX_PART_NUMBER) return;
  throw invalidArgument("partNumber", String(partNumber), {
    message: "Part number must be an integer between 1 and 10000, inclusive",
    explanation: `partNumber is ${partNumber}; an upload has parts 1 to ${MAX_PART_NUMBER}.`,
  });
}

/**
 * Refuses a part whose checksum is of another algorithm than its upload's: the object's checksum could not be made of it. A composite one is
 * made of checksums that clients vouch for, so none of them may be missing. To an upload without an algorithm parts may bring any, or none.
 * Throws InvalidRequest.
 */
export function checkPartChecksumAlgorithm(upload: UploadRecord, declared: ChecksumAlgorithm | undefined): void {
  const { checksumAlgorithm: wanted, checksumType: type } = upload;
  if (wanted === undefined || declared === wanted) return;
  if (declared === undefined && type !== "COMPOSITE") return;
  const expected = wanted.toLowerCase();
  const actual = declared?.toLowerCase() ?? "null";
  throw new S3Error("InvalidRequest", {
    message: `Checksum Type mismatch occurred, expected checksum Type: ${expected}, actual checksum Type: ${actual}`,
    explanation: `The upload was begun with ${wanted}, ${type}; send x-amz-checksum-${expected} with every part${type === "COMPOSITE" ? "" : ", or none"}.`,
  });
}
