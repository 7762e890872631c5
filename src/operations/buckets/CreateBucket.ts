import { isPublicAcl } from "../../access/acls.ts";
import { on, withExtras } from "../../access/Permission.ts";
import type { CreateBucketRequest } from "../../protocol/generated/types.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { enums } from "../../protocol/generated/enums.ts";
import { checkNewBucketName } from "../../store/buckets/bucketNames.ts";
import type { NewBucket } from "../../store/buckets/buckets.ts";
import { CLASSIC_REGION, createBucket } from "../../store/buckets/buckets.ts";
import { aclOf, grantsOthers, keptAcl } from "../../store/buckets/ownership.ts";
import { isLateRegion } from "../../store/buckets/regions.ts";
import type { Acl } from "../../store/records/Acl.ts";
import type { ObjectOwnership } from "../../store/records/BucketRecord.ts";
import { checkBucketCannedAcl, sentAcl } from "../headers/aclHeaders.ts";
import { foundAcl, HEADER_ARGUMENTS } from "../headers/grantees.ts";
import { urlOf } from "../../protocol/rest/urlOf.ts";
import { arnOf } from "./addresses.ts";
import { BUCKET_TAGGING_KIND } from "../../access/bucketTags.ts";
import { shownBucketTags } from "../settings/bucketTags.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { RequestContext } from "../RequestContext.ts";
import { tagsInSet } from "../headers/tags.ts";
import { notImplemented, refuseUnbuilt } from "../headers/unbuilt.ts";

/** The old name of eu-west-1 as a location. */
const LEGACY_LOCATIONS: Readonly<Record<string, string>> = { EU: "eu-west-1" };

/**
 * Creates a bucket, owned by the caller, in the region that the request is for; from us-east-1, also in another that the server has.
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
  documentFacts: {
    locationConstraint: ({ CreateBucketConfiguration: configuration }) => configuration?.LocationConstraint,
    tags: ({ CreateBucketConfiguration: configuration }) => tagsInSet(configuration?.Tags ?? []),
  },
  resource: "service",
  neverAccelerated: true,
  async handle(input, context) {
    checkNewBucketName(input.Bucket);
    const region = wantedRegion(input.CreateBucketConfiguration?.LocationConstraint, context);
    refuseUnbuiltSettings(input, context);
    const objectOwnership = (input.ObjectOwnership ?? "BucketOwnerEnforced") as ObjectOwnership;
    const acl = await wantedAcl(input, objectOwnership, context);
    const { name } = await createBucket(context.store, {
      name: input.Bucket,
      region,
      ownerId: context.caller.canonicalId,
      ownerName: context.caller.displayName,
      createdAtMs: context.nowMs,
      ...(input.ObjectLockEnabledForBucket === true && { objectLock: true, versioning: "Enabled" as const }),
      objectOwnership,
      acl,
      settings: wantedSettings(input),
    });
    return { output: { Location: locationOf(name, region, context), BucketArn: arnOf(name) } };
  },
});

/** The oldest region's answer is the path; others name the bucket's host where S3's names are used, and else what was addressed. */
function locationOf(name: string, region: string, context: RequestContext): string {
  if (region === CLASSIC_REGION) return `/${name}`;
  const { ownDomain, secure } = context;
  return ownDomain === undefined ? urlOf(context, name) : `${secure ? "https" : "http"}://${name}.s3.${ownDomain}/`;
}

/** Where the bucket is to be. Throws InvalidLocationConstraint and IllegalLocationConstraintException. */
function wantedRegion(constraint: string | undefined, { region, regions }: RequestContext): string {
  if (constraint === undefined && region === CLASSIC_REGION) return region;
  if (constraint !== undefined && constraint !== CLASSIC_REGION) {
    const wanted = LEGACY_LOCATIONS[constraint] ?? constraint;
    if (wanted === region) return region;
    if (region === CLASSIC_REGION && regions.includes(wanted) && !isLateRegion(wanted)) return wanted;
    if (!enums["BucketLocationConstraint"]!.includes(constraint)) throw invalidLocation(constraint, region, regions);
  }
  if (constraint === CLASSIC_REGION) throw invalidLocation(constraint, region, regions);
  throw new S3Error("IllegalLocationConstraintException", {
    message:
      `The ${constraint ?? "unspecified"} location constraint is incompatible for the region specific endpoint ` +
      `this request was sent to.`,
    explanation: explainLocation(constraint, region, regions),
  });
}

function invalidLocation(constraint: string, region: string, regions: readonly string[]): S3Error {
  return new S3Error("InvalidLocationConstraint", {
    details: [["LocationConstraint", constraint]],
    explanation: explainLocation(constraint, region, regions),
  });
}

function explainLocation(constraint: string | undefined, region: string, regions: readonly string[]): string {
  const found = constraint === undefined ? "No LocationConstraint came" : `LocationConstraint is ${quoted(constraint)}`;
  if (regions.length > 1) {
    return `${found}, in a request for ${region}. This server has ${regions.join(", ")}: send the request for the region that the bucket is to be in, and name it unless it is ${CLASSIC_REGION}.`;
  }
  return region === CLASSIC_REGION
    ? `${found}. This server's region is ${CLASSIC_REGION}, whose buckets have none: leave CreateBucketConfiguration out.`
    : `${found}. This server's region is ${region}: send <LocationConstraint>${region}</LocationConstraint>.`;
}

/** Refuses what a new bucket may be told in S3 and cannot have here. Throws NotImplemented, and for ACL headers that do not read. */
function refuseUnbuiltSettings(input: CreateBucketRequest, context: RequestContext): void {
  const { BucketNamespace, CreateBucketConfiguration: configuration, ...others } = input;
  checkBucketCannedAcl(input);
  if (BucketNamespace !== undefined && BucketNamespace !== "global") {
    throw notImplemented("x-amz-bucket-namespace", "Account regional namespaces");
  }
  if (configuration?.Location !== undefined || configuration?.Bucket !== undefined) {
    throw unbuiltElement("Location and Bucket", "Directory buckets are");
  }
  refuseUnbuilt(others, context);
}

/** The settings that a bucket is made with. Throws BadRequest and InvalidTag. */
function wantedSettings({ CreateBucketConfiguration: configuration }: CreateBucketRequest): NonNullable<NewBucket["settings"]> {
  const tags = configuration?.Tags ?? [];
  return tags.length === 0 ? {} : { [BUCKET_TAGGING_KIND]: JSON.stringify(shownBucketTags(tags)) };
}

/**
 * The ACL that a bucket is made with. It cannot be public, for new buckets block that. Throws InvalidBucketAclWithObjectOwnership,
 * InvalidBucketAclWithBlockPublicAccessError, and as `foundAcl`.
 */
async function wantedAcl(
  input: CreateBucketRequest,
  ownership: ObjectOwnership,
  context: RequestContext,
): Promise<Acl | undefined> {
  const sent = sentAcl(input);
  if (sent === undefined) return undefined;
  const { canonicalId: ownerId } = context.caller;
  const isDisabled = ownership === "BucketOwnerEnforced";
  // Whose grants could mean nothing are not looked up.
  if (isDisabled && sent.kind === "grants") throw withoutAcls("A grant", input);
  const acl = aclOf(await foundAcl(context, sent, HEADER_ARGUMENTS), ownerId, ownerId);
  if (isDisabled && grantsOthers(acl)) throw withoutAcls(`The canned ACL ${input.ACL}`, input);
  if (isPublicAcl(acl)) {
    throw new S3Error("InvalidBucketAclWithBlockPublicAccessError", {
      explanation:
        "The ACL grants something to the public, which every new bucket blocks: create the bucket without it, change the block by " +
        "PutPublicAccessBlock, and set the ACL by PutBucketAcl then.",
    });
  }
  return keptAcl(acl);
}

function withoutAcls(found: string, { ObjectOwnership }: CreateBucketRequest): S3Error {
  const why = ObjectOwnership === undefined ? "New buckets have ACLs disabled" : "The bucket is to have ACLs disabled";
  return new S3Error("InvalidBucketAclWithObjectOwnership", {
    explanation: `${found} came. ${why} (Object Ownership is BucketOwnerEnforced): leave x-amz-acl and x-amz-grant-* out, or send x-amz-object-ownership.`,
  });
}

function unbuiltElement(elements: string, meaning: string): S3Error {
  return new S3Error("NotImplemented", {
    explanation: `${meaning} not available in this store: leave ${elements} out of CreateBucketConfiguration. No bucket was created.`,
  });
}
