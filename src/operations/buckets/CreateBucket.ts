import { on, withExtras } from "../../access/Permission.ts";
import type { CreateBucketRequest } from "../../protocol/generated/types.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { enums } from "../../protocol/generated/enums.ts";
import { checkNewBucketName } from "../../store/buckets/bucketNames.ts";
import { CLASSIC_REGION, createBucket } from "../../store/buckets/buckets.ts";
import { arnOf, urlOf } from "./addresses.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { RequestContext } from "../RequestContext.ts";
import { notImplemented, refuseUnbuilt } from "../headers/unbuilt.ts";

/** The old name of eu-west-1 as a location. */
const LEGACY_LOCATIONS: Readonly<Record<string, string>> = { EU: "eu-west-1" };

/**
 * Creates a bucket, owned by the caller, in this server's region.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export const CreateBucket: Operation<"CreateBucket"> = operation({
  name: "CreateBucket",
  permissions: withExtras(on.bucket("s3:CreateBucket"), {
    "s3:PutBucketAcl": ["ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"],
    "s3:PutBucketObjectLockConfiguration": ["ObjectLockEnabledForBucket"],
    "s3:PutBucketVersioning": ["ObjectLockEnabledForBucket"],
    "s3:PutBucketOwnershipControls": ["ObjectOwnership"],
  }),
  resource: "service",
  async handle(input, context) {
    checkNewBucketName(input.Bucket);
    checkLocationConstraint(input.CreateBucketConfiguration?.LocationConstraint, context.region);
    refuseUnbuiltSettings(input, context);
    const { name } = await createBucket(context.store, {
      name: input.Bucket,
      region: context.region,
      ownerId: context.caller.canonicalId,
      ownerName: context.caller.displayName,
      createdAtMs: context.nowMs,
    });
    // S3's oldest region answers with the path.
    const location = context.region === CLASSIC_REGION ? `/${name}` : urlOf(context, name);
    return { output: { Location: location, BucketArn: arnOf(name) } };
  },
});

/** Throws InvalidLocationConstraint and IllegalLocationConstraintException. */
function checkLocationConstraint(constraint: string | undefined, region: string): void {
  if (constraint === undefined && region === CLASSIC_REGION) return;
  if (constraint !== undefined && constraint !== CLASSIC_REGION) {
    if ((LEGACY_LOCATIONS[constraint] ?? constraint) === region) return;
    if (!enums["BucketLocationConstraint"]!.includes(constraint)) throw invalidLocation(constraint, region);
  }
  if (constraint === CLASSIC_REGION) throw invalidLocation(constraint, region);
  throw new S3Error("IllegalLocationConstraintException", {
    message:
      `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint ` +
      `this request was sent to.`,
    explanation: explainLocation(constraint, region),
  });
}

function invalidLocation(constraint: string, region: string): S3Error {
  return new S3Error("InvalidLocationConstraint", {
    details: [["LocationConstraint", constraint]],
    explanation: explainLocation(constraint, region),
  });
}

function explainLocation(constraint: string | undefined, region: string): string {
  const found = constraint === undefined ? "No LocationConstraint came" : `LocationConstraint is ${quoted(constraint)}`;
  return region === CLASSIC_REGION
    ? `${found}. This server's region is ${CLASSIC_REGION}, whose buckets have none: leave CreateBucketConfiguration out.`
    : `${found}. This server's region is ${region}: send <LocationConstraint>${region}</LocationConstraint>.`;
}

/** Refuses what a new bucket may be told in S3 and cannot have here. Throws NotImplemented, InvalidBucketAclWithObjectOwnership. */
function refuseUnbuiltSettings(input: CreateBucketRequest, context: RequestContext): void {
  const { ACL, ObjectOwnership, BucketNamespace, CreateBucketConfiguration: configuration, ...others } = input;
  const grants = [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWrite, input.GrantWriteACP];
  if (ObjectOwnership !== undefined && ObjectOwnership !== "BucketOwnerEnforced") {
    throw notImplemented("x-amz-object-ownership", `Object Ownership ${ObjectOwnership}, and ACLs with it,`);
  }
  if ((ACL !== undefined && ACL !== "private") || grants.some((grant) => grant !== undefined)) {
    throw new S3Error("InvalidBucketAclWithObjectOwnership", {
      explanation:
        `${ACL === undefined ? "A grant" : `The canned ACL ${ACL}`} came. New buckets have ACLs disabled (Object Ownership is ` +
        "BucketOwnerEnforced): leave x-amz-acl and x-amz-grant-* out.",
    });
  }
  if (BucketNamespace !== undefined && BucketNamespace !== "global") {
    throw notImplemented("x-amz-bucket-namespace", "Account regional namespaces");
  }
  if (configuration?.Location !== undefined || configuration?.Bucket !== undefined) {
    throw unbuiltElement("Location and Bucket", "Directory buckets are");
  }
  if ((configuration?.Tags?.length ?? 0) > 0) throw unbuiltElement("Tags", "Bucket tagging is");
  refuseUnbuilt(others, context);
}

function unbuiltElement(elements: string, meaning: string): S3Error {
  return new S3Error("NotImplemented", {
    explanation: `${meaning} not available in this store: leave ${elements} out of CreateBucketConfiguration. No bucket was created.`,
  });
}
