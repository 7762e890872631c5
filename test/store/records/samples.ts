import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import type { DeadBlobRecord } from "../../../src/store/records/blobRows.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import type { ContentRecord } from "../../../src/store/records/ContentRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import type { CompletedUploadRecord } from "../../../src/store/records/CompletedUploadRecord.ts";
import type { MfaDeviceRecord } from "../../../src/store/records/MfaDeviceRecord.ts";
import type { Acl } from "../../../src/store/records/Acl.ts";
import type { PublicAccessBlock } from "../../../src/store/records/PublicAccessBlock.ts";
import type { AccountRecord } from "../../../src/store/records/AccountRecord.ts";
import type { GroupRecord } from "../../../src/store/records/GroupRecord.ts";
import type { IdentitiesRecord, IdHolderRecord, KeyUseRecord } from "../../../src/store/records/identityRows.ts";
import type { PolicyDocumentRecord, PolicyRecord } from "../../../src/store/records/PolicyRecord.ts";
import type { RoleRecord } from "../../../src/store/records/RoleRecord.ts";
import type { UserRecord } from "../../../src/store/records/UserRecord.ts";
import type { FaultCountsRecord, FaultRuleRecord, FaultsRecord } from "../../../src/store/records/FaultRuleRecord.ts";
import type { KeyRingRecord } from "../../../src/store/records/KeyRingRecord.ts";
import type { PartRecord } from "../../../src/store/records/PartRecord.ts";
import type { ReadLeaseRecord } from "../../../src/store/records/ReadLeaseRecord.ts";
import type { SealingKeyRecord } from "../../../src/store/records/SealingKeyRecord.ts";
import type { SettingRecord } from "../../../src/store/records/SettingRecord.ts";
import type { TestClockRecord } from "../../../src/store/records/TestClockRecord.ts";
import type { UploadRecord } from "../../../src/store/records/UploadRecord.ts";
import type { AccessKeyRecord } from "../../../src/store/records/AccessKeyRecord.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../../../src/store/records/ObjectRecord.ts";
import { PLAIN_BUCKET } from "../../../src/store/records/BucketRecord.ts";
import type { NullVersionRecord } from "../../../src/store/records/versionRows.ts";

/** Records that use every field, and the bytes that each format made of them. The bytes are never made anew: stores hold them. */

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
  ...PLAIN_BUCKET,
};

export const CONFIGURED_BUCKET: BucketRecord = { ...BUCKET, configurationRevision: 300 };

export const MFA_BUCKET: BucketRecord = { ...BUCKET, versioning: "Enabled", mfaDelete: "Disabled" };

export const SETTING: SettingRecord = { document: '{"Rules":["ä"]}' };

export const READ_LEASE: ReadLeaseRecord = { readingSinceMs: AT_MS, contents: [], expiresAtMs: AT_MS + 1 };

export const NAMING_LEASE: ReadLeaseRecord = {
  readingSinceMs: undefined,
  contents: [{ id: "0123456789abcdef" }, { id: "of-several" }],
  expiresAtMs: AT_MS,
};

export const DEAD_BLOB: DeadBlobRecord = { diedAtMs: AT_MS, contentId: undefined };

export const DEAD_CONTENT_BLOB: DeadBlobRecord = { diedAtMs: AT_MS, contentId: "0123456789abcdef" };

export const DEAD_PART_BLOB: DeadBlobRecord = { diedAtMs: AT_MS, contentId: "" };

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
  ...UNVERSIONED,
  ...PLAIN_OBJECT,
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
  ...UNVERSIONED,
  ...PLAIN_OBJECT,
};

export const ENCRYPTED_OBJECT: ObjectRecord = {
  ...MULTIPART_OBJECT,
  encryption: {
    kind: "aws:kms:dsse",
    keyName: "arn:aws:kms:us-east-1:123456789012:key/0",
    serviceKey: Buffer.from("service"),
    context: '{"a":"b"}',
    bucketKey: true,
    sealedKey: Buffer.alloc(60, 7),
    checkValue: undefined,
    layers: 2,
  },
};

export const EMPTY_OBJECT: ObjectRecord = { ...MULTIPART_OBJECT, content: { kind: "empty" }, checksum: undefined, partsCount: 0 };

export const CONTENT: ContentRecord = {
  references: 3,
  segments: [
    { blob: "b-1", sizeBytes: 5 * 1024 ** 3, salt: undefined },
    { blob: "ffff", sizeBytes: 1, salt: undefined },
  ],
  parts: [
    { partNumber: 1, sizeBytes: 5 * 1024 ** 3, checksum: "AAAA" },
    { partNumber: 10_000, sizeBytes: 1, checksum: undefined },
  ],
  cipher: undefined,
};

export const ENCRYPTED_CONTENT: ContentRecord = {
  references: 1,
  segments: [
    { blob: "b-1", sizeBytes: 5 * 1024 ** 3, salt: "ffff" },
    { blob: "ffff", sizeBytes: 1, salt: undefined },
  ],
  parts: [],
  cipher: { chunkSizeBytes: 262_112, layers: 2 },
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
  ...PLAIN_OBJECT,
};

export const ENCRYPTED_UPLOAD: UploadRecord = {
  ...UPLOAD,
  encryption: {
    kind: "customer",
    keyName: "AAAAAAAAAAAAAAAAAAAAAA==",
    serviceKey: undefined,
    context: "",
    bucketKey: false,
    sealedKey: Buffer.alloc(60, 255),
    checkValue: Buffer.alloc(16),
    layers: 1,
  },
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
  cipher: undefined,
};

export const ENCRYPTED_PART: PartRecord = { ...PART, cipher: { chunkSizeBytes: 262_128, layers: 1 } };

export const COMPLETED: CompletedUploadRecord = {
  bucketId: "00ff00ff00ff00ff",
  key: "a/b",
  etag: "d41d8cd98f00b204e9800998ecf8427e-2",
  checksum: { algorithm: "CRC32C", type: "COMPOSITE", value: "AAAAAA==-2" },
  completedAtMs: AT_MS,
  versionId: undefined,
  encryption: undefined,
};

const ACCOUNT = { accountId: accountIdOf(OWNER_ID), canonicalId: OWNER_ID, displayName: "Zoë" };

export const USER: AccessKeyRecord = {
  accessKeyId: "HF0123456789ABCDEFGH",
  secretAccessKey: "s".repeat(40),
  ...ACCOUNT,
  userId: undefined,
  userName: undefined,
  createdAtMs: AT_MS,
  disabled: false,
};

export const DISABLED_USER: AccessKeyRecord = { ...USER, disabled: true };

export const OWNER: AccountRecord = { ...ACCOUNT, email: undefined, createdAtMs: AT_MS, keptKeyId: undefined };

export const FIRST_OWNER: AccountRecord = { ...OWNER, keptKeyId: "HF0123456789ABCDEFGH" };

export const NAMED_ACCOUNT: AccountRecord = { ...OWNER, email: "zoë@example.com" };

const USER_ID = "AIDA0123456789ABCDEFG";
const NUMBER = ACCOUNT.accountId;
const IDENTITY = { accountId: NUMBER, name: "Ann", path: "/staff/", createdAtMs: AT_MS };
const ARNS = { attachedPolicyArns: ["arn:aws:iam::aws:policy/IAMFullAccess", "arn:aws:iam::aws:policy/AdministratorAccess"] };
const BOUNDARY = "arn:aws:iam::aws:policy/AmazonS3FullAccess";

export const USERS_KEY: AccessKeyRecord = { ...USER, userId: USER_ID, userName: "Ann" };

export const USER_IN_ACCOUNT: UserRecord = {
  ...IDENTITY,
  ...ARNS,
  uniqueId: USER_ID,
  groupIds: ["AGPA0123456789ABCDEFG", "AGPA1123456789ABCDEFG"],
  boundaryArn: BOUNDARY,
  tags: [
    ["colour", "grün"],
    ["empty", ""],
  ],
};

export const GROUP: GroupRecord = { ...IDENTITY, ...ARNS, uniqueId: "AGPA0123456789ABCDEFG" };

export const ROLE: RoleRecord = {
  ...IDENTITY,
  ...ARNS,
  uniqueId: "AROA0123456789ABCDEFG",
  trustPolicy: "{}",
  description: "Reads.",
  maxSessionDurationSeconds: 43_200,
  boundaryArn: BOUNDARY,
  tags: [["colour", "grün"]],
};

export const POLICY: PolicyRecord = {
  ...IDENTITY,
  uniqueId: "ANPA0123456789ABCDEFG",
  description: "Lets read.",
  defaultVersion: 2,
  latestVersion: 300,
  versions: [
    { number: 2, createdAtMs: AT_MS },
    { number: 300, createdAtMs: AT_MS + 1 },
  ],
  updatedAtMs: AT_MS + 1,
  tags: [["colour", "grün"]],
};

export const INLINE_POLICY: PolicyDocumentRecord = { name: "reading", document: '{"ä":1}' };

export const ID_HOLDER: IdHolderRecord = { accountId: NUMBER, name: "Zoë" };

export const IDENTITIES: IdentitiesRecord = {
  revision: "0123456789abcdef0123",
  users: 5_000,
  groups: 2,
  roles: 3,
  policies: 4,
  policyVersions: 300,
  mfaDevices: 1,
};

export const KEY_USE: KeyUseRecord = { usedAtMs: AT_MS, service: "s3", region: "eu-central-1" };

export const TEST_CLOCK: TestClockRecord = { run: "mf1abc0z", movedAtMs: AT_MS, movedToMs: AT_MS + 1 };

export const MFA_DEVICE: MfaDeviceRecord = {
  ownerId: OWNER_ID,
  name: undefined,
  secret: "12".repeat(20),
  isActive: true,
  usedStep: 60_000_000,
  wrongCodes: 2,
  wrongAtMs: AT_MS,
};

export const USERS_MFA_DEVICE: MfaDeviceRecord = { ...MFA_DEVICE, ownerId: USER_ID, name: "Ann" };

export const SEALING_KEY: SealingKeyRecord = { keyId: "0123456789abcdef", secret: "5a".repeat(32), createdAtMs: AT_MS };

export const KEY_RING: KeyRingRecord = { ringId: "0123456789abcdef".repeat(2), masterName: "m-0123456789abcdef" };

/** A version that uses what only versions have. */
export const VERSION: ObjectRecord = {
  ...INLINE_OBJECT,
  versionId: "vpWdI3hYJ60uupmgnMvLR76T_FgTCqG9",
  sequence: 1_800_000_000_123_456,
  tags: [
    ["colour", "grün"],
    ["empty", ""],
  ],
  retentionMode: "COMPLIANCE",
  retainUntilMs: AT_MS + 1,
  legalHold: "ON",
};

export const DELETE_MARKER: ObjectRecord = {
  ...EMPTY_OBJECT,
  sequence: 1,
  isDeleteMarker: true,
  retentionMode: undefined,
  legalHold: "OFF",
};

export const NULL_PLACE: NullVersionRecord = { sequence: 1_800_000_000_123_456 };

export const LOCKED_BUCKET: BucketRecord = {
  ...CONFIGURED_BUCKET,
  versioning: "Enabled",
  mfaDelete: "Enabled",
  objectLock: true,
  defaultRetentionMode: "GOVERNANCE",
  defaultRetentionDays: 30,
  defaultRetentionYears: 0,
};

export const YEARS_BUCKET: BucketRecord = {
  ...LOCKED_BUCKET,
  versioning: "Suspended",
  defaultRetentionDays: 0,
  defaultRetentionYears: 7,
};

export const TAGGED_UPLOAD: UploadRecord = {
  ...UPLOAD,
  tags: [["a", "b"]],
  retentionMode: "GOVERNANCE",
  retainUntilMs: AT_MS,
  legalHold: "ON",
};

export const COMPLETED_VERSION: CompletedUploadRecord = { ...COMPLETED, versionId: "null" };

/** Grants of every permission, to each kind of grantee. */
const GRANTS: Acl["grants"] = [
  { grantee: { kind: "id", id: OWNER_ID }, permission: "FULL_CONTROL" },
  { grantee: { kind: "id", id: "cd".repeat(32) }, permission: "WRITE_ACP" },
  { grantee: { kind: "group", group: "AllUsers" }, permission: "READ" },
  { grantee: { kind: "group", group: "AuthenticatedUsers" }, permission: "READ_ACP" },
  { grantee: { kind: "group", group: "LogDelivery" }, permission: "WRITE" },
];

export const SHARED_BUCKET: BucketRecord = {
  ...BUCKET,
  objectOwnership: "BucketOwnerPreferred",
  publicAccessBlock: {
    blockPublicAcls: true,
    ignorePublicAcls: false,
    blockPublicPolicy: true,
    restrictPublicBuckets: false,
  },
  requesterPays: true,
  acl: { ownerId: OWNER_ID, grants: GRANTS },
};

export const UNCONTROLLED_BUCKET: BucketRecord = {
  ...BUCKET,
  objectOwnership: "ObjectWriter",
  ownershipControlsDeleted: true,
  publicAccessBlock: undefined,
  acl: { ownerId: OWNER_ID, grants: [] },
};

export const SHARED_OBJECT: ObjectRecord = { ...INLINE_OBJECT, acl: { ownerId: OWNER_ID, grants: GRANTS } };

export const SHARED_UPLOAD: UploadRecord = { ...UPLOAD, acl: { ownerId: OWNER_ID, grants: GRANTS.slice(0, 2) } };

export const ACCOUNT_BLOCK: { publicAccessBlock: PublicAccessBlock | undefined } = {
  publicAccessBlock: {
    blockPublicAcls: false,
    ignorePublicAcls: true,
    blockPublicPolicy: false,
    restrictPublicBuckets: true,
  },
};

export const FAULTS: FaultsRecord = { revision: "0123456789abcdef0123", rules: 2, nextSequence: 300 };

export const FAULT_RULE: FaultRuleRecord = {
  sequence: 299,
  document: '{"action":{"kind":"error","code":"SlowDown","message":"é"}}',
};

export const FAULT_COUNTS: FaultCountsRecord = {
  matched: 70_000,
  struck: 2,
  second: 1_800_000_000,
  budgets: [
    { name: "0123456789abcdef", passed: 35 },
    { name: "fedcba9876543210", passed: 1 },
  ],
};
