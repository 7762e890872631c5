import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import type { ContentRecord } from "../../../src/store/records/ContentRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import type { CompletedUploadRecord } from "../../../src/store/records/CompletedUploadRecord.ts";
import type { OwnerRecord } from "../../../src/store/records/OwnerRecord.ts";
import type { PartRecord } from "../../../src/store/records/PartRecord.ts";
import type { ReadLeaseRecord } from "../../../src/store/records/ReadLeaseRecord.ts";
import type { SettingRecord } from "../../../src/store/records/SettingRecord.ts";
import type { UploadRecord } from "../../../src/store/records/UploadRecord.ts";
import type { UserRecord } from "../../../src/store/records/UserRecord.ts";

/** Records that use every field, and the bytes that format 1 made of them. The bytes are never made anew: stores hold them. */

const AT_MS = 1_800_000_000_123;
const OWNER_ID = "ab".repeat(32);

export const BUCKET: BucketRecord = {
  name: "photos",
  id: "00ff00ff00ff00ff",
  region: "eu-central-1",
  ownerId: OWNER_ID,
  ownerName: "Zoë",
  createdAtMs: AT_MS,
  configurationRevision: 0,
};

export const CONFIGURED_BUCKET: BucketRecord = { ...BUCKET, configurationRevision: 300 };

export const SETTING: SettingRecord = { document: '{"Rules":["ä"]}' };

export const READ_LEASE: ReadLeaseRecord = { readingSinceMs: AT_MS, expiresAtMs: AT_MS + 1 };

export const INLINE_OBJECT: ObjectRecord = {
  lastModifiedMs: AT_MS,
  sizeBytes: 5 * 1024 ** 4,
  etag: "d41d8cd98f00b204e9800998ecf8427e",
  storageClass: "STANDARD",
  ownerId: OWNER_ID,
  ownerName: "Zoë",
  content: { kind: "inline", id: "0123456789abcdef" },
  checksum: { algorithm: "CRC64NVME", type: "FULL_OBJECT", value: "AAAAAAAAAAA=" },
  system: {
    contentType: "text/plain",
    cacheControl: "no-cache",
    contentDisposition: "",
    contentEncoding: "gzip",
    contentLanguage: "de",
    expires: "tomorrow",
    websiteRedirectLocation: "/elsewhere",
  },
  user: [
    ["colour", "grün"],
    ["empty", ""],
    ["colour", "again"],
  ],
  partsCount: 0,
};

export const MULTIPART_OBJECT: ObjectRecord = {
  lastModifiedMs: 0,
  sizeBytes: 0,
  etag: "d41d8cd98f00b204e9800998ecf8427e-10000",
  storageClass: "GLACIER",
  ownerId: "not hexadecimal",
  ownerName: "",
  content: { kind: "content", id: "ABC" },
  checksum: { algorithm: "SHA256", type: "COMPOSITE", value: "AAAA-3" },
  system: {},
  user: [],
  partsCount: 10_000,
};

export const EMPTY_OBJECT: ObjectRecord = { ...MULTIPART_OBJECT, content: { kind: "empty" }, checksum: undefined, partsCount: 0 };

export const CONTENT: ContentRecord = {
  references: 3,
  segments: [
    { blob: "b-1", sizeBytes: 5 * 1024 ** 3 },
    { blob: "ffff", sizeBytes: 1 },
  ],
  parts: [
    { partNumber: 1, sizeBytes: 5 * 1024 ** 3, checksum: "AAAA" },
    { partNumber: 10_000, sizeBytes: 1, checksum: undefined },
  ],
};

export const UPLOAD: UploadRecord = {
  uploadId: "01".repeat(30),
  key: "a/\u0000\u{1F600}",
  initiatedAtMs: AT_MS,
  storageClass: "STANDARD_IA",
  ownerId: OWNER_ID,
  ownerName: "Zoë",
  initiatorId: "cd".repeat(32),
  initiatorName: "Yan",
  system: { contentType: "image/png" },
  user: [["a", "b"]],
  checksumAlgorithm: "XXHASH128",
  checksumType: "FULL_OBJECT",
  begunOn: undefined,
};

export const UPLOAD_ON_OBJECT: UploadRecord = { ...UPLOAD, begunOn: "1800000000123 0123456789abcdef" };

export const UPLOAD_ON_NOTHING: UploadRecord = { ...UPLOAD, begunOn: "" };

export const PART: PartRecord = {
  partNumber: 10_000,
  sizeBytes: 5 * 1024 ** 3,
  etag: "d41d8cd98f00b204e9800998ecf8427e",
  lastModifiedMs: AT_MS,
  blob: "b-2",
  checksum: { algorithm: "CRC32", type: "FULL_OBJECT", value: "AAAAAA==" },
};

export const COMPLETED: CompletedUploadRecord = {
  bucketId: "00ff00ff00ff00ff",
  key: "a/b",
  etag: "d41d8cd98f00b204e9800998ecf8427e-2",
  checksum: { algorithm: "CRC32C", type: "COMPOSITE", value: "AAAAAA==-2" },
  completedAtMs: AT_MS,
};

export const USER: UserRecord = {
  accessKeyId: "HF0123456789ABCDEFGH",
  secretAccessKey: "s".repeat(40),
  canonicalId: OWNER_ID,
  displayName: "Zoë",
  createdAtMs: AT_MS,
  disabled: false,
};

export const DISABLED_USER: UserRecord = { ...USER, disabled: true };

export const OWNER: OwnerRecord = { canonicalId: OWNER_ID, displayName: "Zoë", createdAtMs: AT_MS, keptKeyId: undefined };

export const FIRST_OWNER: OwnerRecord = { ...OWNER, keptKeyId: "HF0123456789ABCDEFGH" };

/** Each record above as format 1 wrote it, base64. */
export const FORMAT_1 = {
  BUCKET: "AQUGcGhvdG9zCggA/wD/AP8A/wz7oPHCsTQRDGV1LWNlbnRyYWwtMRYgq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6sZBFpvw6s=",
  CONFIGURED_BUCKET:
    "AQUGcGhvdG9zCggA/wD/AP8A/wz7oPHCsTQRDGV1LWNlbnRyYWwtMRYgq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6sZBFpvw6scrAI=",
  READ_LEASE: "AQT7oPHCsTQI/KDxwrE0",
  SETTING: "AQUQeyJSdWxlcyI6WyLDpCJdfQ==",
  INLINE_OBJECT:
    "AQT7oPHCsTQIgICAgICgAQ4Q1B2M2Y8AsgTpgAmY7PhCfhQDGAEeIKurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urIQRab8OrJQxBQUFBQUFBQUFBQT0qCAEjRWeJq83vUQp0ZXh0L3BsYWluVQhuby1jYWNoZVkAXQRnemlwYQJkZWUIdG9tb3Jyb3dpCi9lbHNld2hlcmV5BmNvbG91cn0FZ3LDvG55BWVtcHR5fQB5BmNvbG91cn0FYWdhaW4=",
  MULTIPART_OBJECT:
    "AQQACAANJmQ0MWQ4Y2Q5OGYwMGIyMDRlOTgwMDk5OGVjZjg0MjdlLTEwMDAwEQdHTEFDSUVSFAUYAh0Pbm90IGhleGFkZWNpbWFsIQAlBkFBQUEtMy0DQUJDMJBO",
  EMPTY_OBJECT: "AQQACAANJmQ0MWQ4Y2Q5OGYwMGIyMDRlOTgwMDk5OGVjZjg0MjdlLTEwMDAwEQdHTEFDSUVSHQ9ub3QgaGV4YWRlY2ltYWwhAA==",
  CONTENT: "AQQDCQNiLTEMgICAgBQKAv//DAEQARSAgICAFBkEQUFBQRCQThQB",
  UPLOAD:
    "AQYeAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBCQdhLwDwn5iADPug8cKxNBELU1RBTkRBUkRfSUEWIKurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urGQRab8OrHiDNzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3NzSEDWWFuJAooAVEJaW1hZ2UvcG5neQFhfQFi",
  UPLOAD_ON_OBJECT:
    "AQYeAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBCQdhLwDwn5iADPug8cKxNBELU1RBTkRBUkRfSUEWIKurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urGQRab8OrHiDNzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3NzSEDWWFuJAooAS0eMTgwMDAwMDAwMDEyMyAwMTIzNDU2Nzg5YWJjZGVmUQlpbWFnZS9wbmd5AWF9AWI=",
  UPLOAD_ON_NOTHING:
    "AQYeAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBCQdhLwDwn5iADPug8cKxNBELU1RBTkRBUkRfSUEWIKurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urGQRab8OrHiDNzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3NzSEDWWFuJAooAS0AUQlpbWFnZS9wbmd5AWF9AWI=",
  PART: "AQSQTgiAgICAFA4Q1B2M2Y8AsgTpgAmY7PhCfhD7oPHCsTQVA2ItMhgBHAEhCEFBQUFBQT09",
  COMPLETED: "AQYIAP8A/wD/AP8JA2EvYg0iZDQxZDhjZDk4ZjAwYjIwNGU5ODAwOTk4ZWNmODQyN2UtMhD7oPHCsTQYAhwCIQpBQUFBQUE9PS0y",
  USER: "AQUUSEYwMTIzNDU2Nzg5QUJDREVGR0gJKHNzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3MOIKurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urEQRab8OrFPug8cKxNA==",
  DISABLED_USER:
    "AQUUSEYwMTIzNDU2Nzg5QUJDREVGR0gJKHNzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3MOIKurq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urEQRab8OrFPug8cKxNBgB",
  OWNER: "AQYgq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6sJBFpvw6sM+6DxwrE0",
  FIRST_OWNER: "AQYgq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6sJBFpvw6sM+6DxwrE0ERRIRjAxMjM0NTY3ODlBQkNERUZHSA==",
} as const;
