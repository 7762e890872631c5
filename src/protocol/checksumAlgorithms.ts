/**
 * The checksum algorithms of S3, spelled as `x-amz-checksum-algorithm` spells them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export const CHECKSUM_ALGORITHMS = [
  "CRC32",
  "CRC32C",
  "CRC64NVME",
  "SHA1",
  "SHA256",
  "SHA512",
  "MD5",
  "XXHASH64",
  "XXHASH3",
  "XXHASH128",
] as const;

/** One of S3's checksum algorithms. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** How the checksum of a multipart object covers it: of all its bytes, or of its parts' checksums. */
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";
