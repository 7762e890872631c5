import { invalidArgument, malformedXml, refusals } from "./refusals.ts";

/** What goes wrong with buckets themselves. */

const UNSIGNED = "Anonymous users cannot invoke this API. Please authenticate.";

/** A CreateBucketConfiguration. */
function configuration(content: string): string {
  return `<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</CreateBucketConfiguration>`;
}

refusals("CreateBucket", [
  {
    cause: "a name against the rules",
    asked: { method: "PUT", path: "/Upper_Case" },
    stage: "user",
    anonymous: UNSIGNED,
    answer: {
      status: 400,
      code: "InvalidBucketName",
      message: "The specified bucket is not valid.",
      details: { BucketName: "Upper_Case" },
      says: '"Upper_Case" cannot name a new bucket: only lower-case letters, digits, periods and hyphens are allowed.',
    },
  },
  {
    cause: "a bucket of somebody else",
    asked: { method: "PUT", path: "/strangers" },
    stage: "user",
    anonymous: UNSIGNED,
    except: ["stranger"],
    answer: {
      status: 409,
      code: "BucketAlreadyExists",
      message:
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. " +
        "Please select a different name and try again.",
      details: { BucketName: "strangers" },
      says: "Bucket names are shared by everyone who uses this store, and somebody else has this one.",
    },
  },
  {
    cause: "a location that S3 does not know",
    asked: { method: "PUT", path: "/new-bucket", body: configuration("<LocationConstraint>atlantis</LocationConstraint>") },
    stage: "user",
    anonymous: UNSIGNED,
    readsBody: true,
    answer: {
      status: 400,
      code: "InvalidLocationConstraint",
      message: "The specified location-constraint is not valid",
      details: { LocationConstraint: "atlantis" },
      says: `LocationConstraint is "atlantis". This server's region is us-east-1, whose buckets have none: leave CreateBucketConfiguration out.`,
    },
  },
  {
    cause: "us-east-1 as a location",
    asked: { method: "PUT", path: "/new-bucket", body: configuration("<LocationConstraint>us-east-1</LocationConstraint>") },
    stage: "user",
    anonymous: UNSIGNED,
    readsBody: true,
    answer: {
      status: 400,
      code: "InvalidLocationConstraint",
      message: "The specified location-constraint is not valid",
      details: { LocationConstraint: "us-east-1" },
      says: `LocationConstraint is "us-east-1". This server's region is us-east-1, whose buckets have none: leave CreateBucketConfiguration out.`,
    },
  },
  {
    cause: "a location elsewhere",
    asked: { method: "PUT", path: "/new-bucket", body: configuration("<LocationConstraint>eu-west-1</LocationConstraint>") },
    stage: "user",
    anonymous: UNSIGNED,
    readsBody: true,
    answer: {
      status: 400,
      code: "IllegalLocationConstraintException",
      message: "The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.",
      says: `LocationConstraint is "eu-west-1". This server's region is us-east-1, whose buckets have none: leave CreateBucketConfiguration out.`,
    },
  },
  {
    cause: "a configuration that is no XML",
    asked: { method: "PUT", path: "/new-bucket", body: "<CreateBucketConfiguration" },
    stage: "user",
    anonymous: UNSIGNED,
    readsBody: true,
    answer: malformedXml("The XML does not parse: document must contain a root element."),
  },
  {
    cause: "an unknown element",
    asked: { method: "PUT", path: "/new-bucket", body: configuration("<Colour>blue</Colour>") },
    stage: "user",
    anonymous: UNSIGNED,
    readsBody: true,
    answer: malformedXml('CreateBucketConfiguration does not have an element "Colour".'),
  },
  {
    cause: "a configuration longer than any",
    asked: { method: "PUT", path: "/new-bucket", headers: { "Content-Length": "9000000" }, body: "<" },
    stage: "user",
    anonymous: UNSIGNED,
    answer: {
      status: 400,
      code: "MaxMessageLengthExceeded",
      message: "Your request was too big.",
      details: { MaxMessageLengthBytes: "8388608" },
      says: "The body has 9000000 bytes; this operation takes 8388608 at most.",
    },
  },
  {
    cause: "a public ACL",
    asked: { method: "PUT", path: "/new-bucket", headers: { "x-amz-acl": "public-read" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: {
      status: 400,
      code: "InvalidBucketAclWithObjectOwnership",
      message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      says: "The canned ACL public-read came. New buckets have ACLs disabled (Object Ownership is BucketOwnerEnforced): leave x-amz-acl and x-amz-grant-* out, or send x-amz-object-ownership.",
    },
  },
  {
    cause: "a grant",
    asked: { method: "PUT", path: "/new-bucket", headers: { "x-amz-grant-read": "id=1" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: {
      status: 400,
      code: "InvalidBucketAclWithObjectOwnership",
      message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      says: "A grant came. New buckets have ACLs disabled (Object Ownership is BucketOwnerEnforced): leave x-amz-acl and x-amz-grant-* out, or send x-amz-object-ownership.",
    },
  },
  {
    cause: "an unknown canned ACL",
    asked: { method: "PUT", path: "/new-bucket", headers: { "x-amz-acl": "world" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "",
      "x-amz-acl",
      "world",
      'x-amz-acl is "world"; it can be private, public-read, public-read-write, authenticated-read, aws-exec-read, bucket-owner-read, bucket-owner-full-control, log-delivery-write.',
    ),
  },
  {
    cause: "an unknown object ownership",
    asked: { method: "PUT", path: "/new-bucket", headers: { "x-amz-object-ownership": "Mine" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "Invalid x-amz-object-ownership header: Mine",
      "x-amz-object-ownership",
      undefined,
      'x-amz-object-ownership is "Mine"; it can be BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter.',
    ),
  },
  {
    cause: "a public ACL with an object ownership that allows it",
    asked: {
      method: "PUT",
      path: "/new-bucket",
      headers: { "x-amz-object-ownership": "ObjectWriter", "x-amz-acl": "public-read" },
    },
    stage: "user",
    anonymous: UNSIGNED,
    answer: {
      status: 400,
      code: "InvalidBucketAclWithBlockPublicAccessError",
      message: "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
      says: "The ACL grants something to the public, which every new bucket blocks: create the bucket without it, change the block by PutPublicAccessBlock, and set the ACL by PutBucketAcl then.",
    },
  },
  {
    cause: "Object Lock neither wanted nor not",
    asked: { method: "PUT", path: "/new-bucket", headers: { "x-amz-bucket-object-lock-enabled": "perhaps" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "The value of x-amz-bucket-object-lock-enabled is not valid for CreateBucket.",
      "x-amz-bucket-object-lock-enabled",
      "perhaps",
      'x-amz-bucket-object-lock-enabled is "perhaps"; it can be true, false.',
    ),
  },
  {
    cause: "51 tags",
    asked: {
      method: "PUT",
      path: "/new-bucket",
      body: configuration(
        `<Tags>${Array.from({ length: 51 }, (_, index) => `<Tag><Key>${index}</Key><Value/></Tag>`).join("")}</Tags>`,
      ),
    },
    stage: "user",
    anonymous: UNSIGNED,
    readsBody: true,
    answer: {
      status: 400,
      code: "BadRequest",
      message: "Bucket tag count cannot be greater than 50",
      says: "51 tags came; 50 are possible.",
    },
  },
]);

refusals(
  "CreateBucket outside us-east-1",
  [
    {
      cause: "no location",
      asked: { method: "PUT", path: "/new-bucket" },
      stage: "user",
      anonymous: UNSIGNED,
      answer: {
        status: 400,
        code: "IllegalLocationConstraintException",
        message: "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
        says: "No LocationConstraint came. This server's region is eu-west-1: send <LocationConstraint>eu-west-1</LocationConstraint>.",
      },
    },
    {
      cause: "a bucket of one's own",
      asked: { method: "PUT", path: "/bucket", body: configuration("<LocationConstraint>eu-west-1</LocationConstraint>") },
      stage: "user",
      anonymous: UNSIGNED,
      readsBody: true,
      except: ["stranger"],
      answer: {
        status: 409,
        code: "BucketAlreadyOwnedByYou",
        message: "Your previous request to create the named bucket succeeded and you already own it.",
        details: { BucketName: "bucket" },
        says: "You created this bucket at 2026-03-01T12:00:00.000Z; nothing was changed.",
      },
    },
  ],
  "eu-west-1",
);

refusals("DeleteBucket", [
  {
    cause: "objects in it",
    asked: { method: "DELETE", path: "/bucket" },
    answer: {
      status: 409,
      code: "BucketNotEmpty",
      message: "The bucket you tried to delete is not empty",
      details: { BucketName: "bucket" },
      says: "The bucket still holds objects; delete all of them first.",
    },
  },
]);

refusals("HeadBucket", [
  {
    cause: "a bucket that is not there",
    asked: { method: "HEAD", path: "/nobucket" },
    stage: "early",
    answer: { status: 404, code: "NoSuchBucket", message: "", says: "" },
  },
]);

refusals("ListBuckets", [
  ...["0", "10001", "-1"].map((value) => ({
    cause: `a limit of ${value}`,
    asked: { method: "GET", path: "/", query: { "max-buckets": value } },
    stage: "user" as const,
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "Argument max-buckets must be an integer between 1 and 10000",
      "max-buckets",
      value,
      `max-buckets is ${value}; it takes 1 to 10000, and without it up to 10000 buckets are shown.`,
    ),
  })),
  {
    cause: "a limit that is no number",
    asked: { method: "GET", path: "/", query: { "max-buckets": "many" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "Provided max-buckets not an integer or within integer range",
      "max-buckets",
      "many",
      'max-buckets is "many"; it must be a whole number below 2^31.',
    ),
  },
  {
    cause: "a region that is none",
    asked: { method: "GET", path: "/", query: { "bucket-region": "atlantis" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "Argument value atlantis is not a valid AWS Region",
      "bucket-region",
      undefined,
      'bucket-region is "atlantis". This endpoint serves the region us-east-1: send that, or leave it out.',
    ),
  },
  {
    cause: "a region elsewhere",
    asked: { method: "GET", path: "/", query: { "bucket-region": "eu-west-1" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: invalidArgument(
      "Requests with bucket-region specified must be made to the corresponding regional endpoint",
      "bucket-region",
      undefined,
      'bucket-region is "eu-west-1", and this endpoint serves us-east-1: send that, or leave it out.',
    ),
  },
  {
    cause: "a token that is none",
    asked: { method: "GET", path: "/", query: { "continuation-token": "x" } },
    stage: "user",
    anonymous: UNSIGNED,
    answer: {
      status: 400,
      code: "MalformedContinuationToken",
      message: "The continuation-token you provided invalid.",
      says: 'continuation-token is "x", which is no token of this list; send the ContinuationToken of the page before, unchanged.',
    },
  },
  {
    cause: "no signature",
    asked: { method: "GET", path: "/", query: { prefix: "a" } },
    except: ["header", "presigned", "stranger"],
    stage: "early",
    answer: {
      status: 403,
      code: "AccessDenied",
      message: UNSIGNED,
      says: "The request is not signed, and nobody may do this without saying who they are.",
    },
  },
]);
