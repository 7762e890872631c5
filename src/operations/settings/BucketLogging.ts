import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { LoggingEnabled, TargetObjectKeyFormat } from "../../protocol/generated/types.ts";
import { isPossibleBucketName } from "../../store/buckets/bucketNames.ts";
import { CLASSIC_REGION, findBucket } from "../../store/buckets/buckets.ts";
import type { BucketLogging, PartitionDateSource } from "../../store/buckets/logging.ts";
import { findLogging, setLogging } from "../../store/buckets/logging.ts";
import type { AclPermission, Grant } from "../../store/records/Acl.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { SentGrant } from "../headers/aclHeaders.ts";
import { sentGrant } from "../headers/aclHeaders.ts";
import { DOCUMENT_ARGUMENTS, foundGrants, MAX_GRANTS } from "../headers/grantees.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext } from "../RequestContext.ts";
import { shownGrant } from "./shownAcl.ts";

/**
 * Shows where the requests to a bucket are logged: of one that logs none, a document without LoggingEnabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
 */
export const GetBucketLogging: Operation<"GetBucketLogging"> = operation({
  name: "GetBucketLogging",
  permissions: on.bucket("s3:GetBucketLogging"),
  resource: "bucket",
  async handle(_input, { store, bucket }) {
    const logging = await findLogging(store, bucket);
    return { output: logging === undefined ? {} : { LoggingEnabled: shownLogging(logging) } };
  },
});

function shownLogging({ targetBucket, targetPrefix, grants, keyFormat }: BucketLogging): LoggingEnabled {
  return {
    TargetBucket: targetBucket,
    TargetPrefix: targetPrefix,
    TargetGrants: grants?.map(shownGrant),
    TargetObjectKeyFormat: keyFormat && shownKeyFormat(keyFormat),
  };
}

function shownKeyFormat(format: NonNullable<BucketLogging["keyFormat"]>): TargetObjectKeyFormat {
  return format.kind === "simple" ? { SimplePrefix: {} } : { PartitionedPrefix: { PartitionDateSource: format.dateSource } };
}

/**
 * Has the requests to a bucket logged into another bucket of the same account and region, or into itself; a document without LoggingEnabled
 * ends it. Whether the logs can be delivered there is found out by delivering them, as on S3.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html
 */
export const PutBucketLogging: Operation<"PutBucketLogging"> = operation({
  name: "PutBucketLogging",
  permissions: on.bucket("s3:PutBucketLogging"),
  resource: "bucket",
  async handle({ BucketLoggingStatus: { LoggingEnabled: wanted } }, context) {
    await setLogging(context.store, context.bucket, wanted === undefined ? undefined : await checkedLogging(wanted, context));
    return { output: {} };
  },
});

async function checkedLogging(wanted: LoggingEnabled, context: BucketContext): Promise<BucketLogging> {
  const { TargetBucket: targetBucket, TargetPrefix: targetPrefix, TargetGrants, TargetObjectKeyFormat: format } = wanted;
  const keyFormat = format && wantedKeyFormat(format);
  if (TargetGrants !== undefined && TargetGrants.length > MAX_TARGET_GRANTS) {
    throw malformed(`TargetGrants has ${TargetGrants.length} grants; it can have ${MAX_TARGET_GRANTS}.`);
  }
  const sent = TargetGrants?.map((grant) => sentGrant(grant, malformed)).map(checkedPermission);
  const target = await targetOf(targetBucket, context);
  const grants = sent && (await checkedGrants(sent, target, context));
  return { targetBucket, targetPrefix, ...(grants && { grants }), ...(keyFormat && { keyFormat }) };
}

/** Throws MalformedXML. */
function wantedKeyFormat({ SimplePrefix, PartitionedPrefix }: TargetObjectKeyFormat): BucketLogging["keyFormat"] {
  if ((SimplePrefix === undefined) === (PartitionedPrefix === undefined)) {
    throw malformed("TargetObjectKeyFormat has a SimplePrefix or a PartitionedPrefix, one of the two.");
  }
  const dateSource = PartitionedPrefix?.PartitionDateSource as PartitionDateSource | undefined;
  return PartitionedPrefix === undefined ? { kind: "simple" } : { kind: "partitioned", ...(dateSource && { dateSource }) };
}

/** The bucket that logs are to be delivered to. Throws InvalidTargetBucketForLogging and CrossLocationLoggingProhibitted. */
async function targetOf(name: string, { store, bucket }: BucketContext): Promise<BucketRecord> {
  const target = isPossibleBucketName(name) ? await findBucket(store, name) : undefined;
  if (target === undefined) {
    throw new S3Error("InvalidTargetBucketForLogging", {
      details: [["TargetBucket", name]],
      explanation: `There is no bucket called ${quoted(name)} here; create it before access is logged there.`,
    });
  }
  if (target.ownerId !== bucket.ownerId) {
    throw new S3Error("InvalidTargetBucketForLogging", {
      message: "The owner for the bucket to be logged and the target bucket must be the same.",
      details: [["TargetBucket", name]],
      explanation: `The bucket ${quoted(name)} belongs to another account than "${bucket.name}"; log to one of the same account.`,
    });
  }
  if (target.region !== bucket.region) {
    throw new S3Error("CrossLocationLoggingProhibitted", {
      details: [
        ["SourceBucketLocation", locationOf(bucket)],
        ["TargetBucketLocation", locationOf(target)],
      ],
      explanation: `"${bucket.name}" is in ${bucket.region} and "${name}" in ${target.region}; log to a bucket in the same region.`,
    });
  }
  return target;
}

/** A bucket's location constraint, which those of the first region do not have. */
function locationOf({ region }: BucketRecord): string | undefined {
  return region === CLASSIC_REGION ? undefined : region;
}

/** The ACL of a log has two grants beside those that are asked for: of who delivers it, and of the bucket's owner. */
const MAX_TARGET_GRANTS: number = MAX_GRANTS - 2;

/** The permissions that an ACL's grant can have; the schemas list three of them, and S3 takes the others too. */
const PERMISSIONS: ReadonlySet<string> = new Set<AclPermission>(["FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP"]);

/** Throws MalformedXML. */
function checkedPermission(grant: SentGrant): SentGrant {
  if (PERMISSIONS.has(grant.permission)) return grant;
  throw malformed(`The Permission of a Grant is ${quoted(grant.permission)}; it can be ${[...PERMISSIONS].join(", ")}.`);
}

/** What others may do with the logs, once they are found. Throws AccessControlListNotSupported, and as `foundGrants`. */
async function checkedGrants(
  sent: readonly SentGrant[],
  target: BucketRecord,
  context: BucketContext,
): Promise<readonly Grant[]> {
  if (sent.length > 0 && target.objectOwnership === "BucketOwnerEnforced") {
    throw new S3Error("AccessControlListNotSupported", {
      message: "Target grants not allowed for bucket owner enforced buckets",
      explanation:
        `"${target.name}" has ACLs disabled (Object Ownership is BucketOwnerEnforced): leave TargetGrants out, and give others ` +
        "access to the logs by its bucket policy.",
    });
  }
  return foundGrants(context, sent, DOCUMENT_ARGUMENTS);
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}
