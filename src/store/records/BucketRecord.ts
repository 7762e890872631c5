import type { Acl } from "./Acl.ts";
import { aclFields } from "./Acl.ts";
import type { RetentionMode } from "./ObjectRecord.ts";
import { RETENTION_MODES } from "./ObjectRecord.ts";
import type { PublicAccessBlock } from "./PublicAccessBlock.ts";
import { EVERYTHING_BLOCKED, publicAccessBlockField } from "./PublicAccessBlock.ts";
import type { NumberedNames } from "./recordCodec.ts";
import { flag, id, integer, numberedNames, oneOf, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { rememberedRows } from "./rememberedRows.ts";
import { tableRange, TABLES } from "./tables.ts";

/** Whether a bucket keeps versions. */
export type VersioningStatus = "Enabled" | "Suspended";

/** Whether deleting a version of a bucket for good, and changing its versioning, needs a second factor. */
export type MfaDeleteStatus = "Enabled" | "Disabled";

/**
 * Who owns what others put into a bucket: its owner, and no ACL means anything; its owner, if the request grants them all of it; or whoever
 * puts it there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export type ObjectOwnership = "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter";

const VERSIONING_STATUSES: NumberedNames<VersioningStatus> = numberedNames({ Enabled: 1, Suspended: 2 });
const MFA_DELETE_STATUSES: NumberedNames<MfaDeleteStatus> = numberedNames({ Enabled: 1, Disabled: 2 });
const OBJECT_OWNERSHIPS: NumberedNames<ObjectOwnership> = numberedNames({
  BucketOwnerEnforced: 1,
  BucketOwnerPreferred: 2,
  ObjectWriter: 3,
});

/** A bucket as stored under its name. What every request on it may need stands here, other settings in rows of their own. */
export interface BucketRecord {
  readonly name: string;
  /** 8 random bytes as 16 hexadecimal characters; never used again, so that keys of a deleted bucket cannot come back. */
  readonly id: string;
  readonly region: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly createdAtMs: number;
  /** Raised whenever a setting of the bucket changes; 0 for a bucket that never had one. */
  readonly configurationRevision: number;
  /** `undefined` for a bucket that never had versioning; it has no versions but null ones. */
  readonly versioning: VersioningStatus | undefined;
  /** `undefined` for a bucket of which nobody ever said it; no second factor is needed there. */
  readonly mfaDelete: MfaDeleteStatus | undefined;
  /** True where versions can be locked; for ever, once it is. */
  readonly objectLock: boolean;
  /** The retention of new versions that ask for none; `undefined`: none. */
  readonly defaultRetentionMode: RetentionMode | undefined;
  /** How long that is: one of the two, the other 0. */
  readonly defaultRetentionDays: number;
  readonly defaultRetentionYears: number;
  /** What acts. */
  readonly objectOwnership: ObjectOwnership;
  /** True where ownership controls were deleted: there are none to show, and the bucket acts as by ObjectWriter. */
  readonly ownershipControlsDeleted: boolean;
  /** What keeps the public out of this bucket; `undefined`: nothing. That of the owner's account holds besides. */
  readonly publicAccessBlock: PublicAccessBlock | undefined;
  /** True where those who ask for objects pay, and have to say that they know it. */
  readonly requesterPays: boolean;
  /** `undefined`: its owner may do everything by it, and nobody else anything. */
  readonly acl: Acl | undefined;
}

/** What a bucket is that was never told otherwise. */
export const PLAIN_BUCKET: Pick<
  BucketRecord,
  | "versioning"
  | "mfaDelete"
  | "objectLock"
  | "defaultRetentionMode"
  | "defaultRetentionDays"
  | "defaultRetentionYears"
  | "objectOwnership"
  | "ownershipControlsDeleted"
  | "publicAccessBlock"
  | "requesterPays"
  | "acl"
> = {
  versioning: undefined,
  mfaDelete: undefined,
  objectLock: false,
  defaultRetentionMode: undefined,
  defaultRetentionDays: 0,
  defaultRetentionYears: 0,
  objectOwnership: "BucketOwnerEnforced",
  ownershipControlsDeleted: false,
  publicAccessBlock: EVERYTHING_BLOCKED,
  requesterPays: false,
  acl: undefined,
};

/** Buckets as bytes. */
export const bucketCodec: Codec<BucketRecord, Buffer> = recordCodec<BucketRecord>(
  () => ({ name: "", id: "", region: "", ownerId: "", ownerName: "", createdAtMs: 0, configurationRevision: 0, ...PLAIN_BUCKET }),
  [
    text(1, "name"),
    id(2, "id"),
    integer(3, "createdAtMs"),
    text(4, "region"),
    id(5, "ownerId"),
    text(6, "ownerName"),
    integer(7, "configurationRevision", 0),
    oneOf(8, "versioning", VERSIONING_STATUSES),
    oneOf(9, "mfaDelete", MFA_DELETE_STATUSES),
    flag(10, "objectLock"),
    oneOf(11, "defaultRetentionMode", RETENTION_MODES),
    integer(12, "defaultRetentionDays", 0),
    integer(13, "defaultRetentionYears", 0),
    oneOf(14, "objectOwnership", OBJECT_OWNERSHIPS, "BucketOwnerEnforced"),
    flag(15, "ownershipControlsDeleted"),
    publicAccessBlockField(16),
    flag(17, "requesterPays"),
    aclFields(),
  ],
);

/** A bucket's record, by name. */
export const bucketRow: (name: string) => Row<BucketRecord> = rememberedRows(TABLES.buckets, bucketCodec);

/** Buckets, by name. */
export function buckets(limit: number): Rows<BucketRecord> {
  return rowsIn(tableRange(TABLES.buckets), limit, bucketCodec);
}
