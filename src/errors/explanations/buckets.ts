import type { BucketErrorCode } from "../ErrorCode.ts";
import type { Explanation } from "../Explanation.ts";

/** Buckets, their configurations, and the policies of browser forms. */
export const bucketsExplanations: Readonly<Record<BucketErrorCode, Explanation>> = {
  AccessControlListNotSupported: {
    cause:
      "The bucket's ownership setting has switched ACLs off, which is the default since 2023, and the request sends an ACL or a grant.",
    remedy:
      "Leave ACL headers out and give access by a bucket policy. bucket-owner-full-control is accepted and changes nothing.",
    areas: ["acl", "bucket", "logging"],
    confidence: "observed",
    messages: [
      { text: "The bucket does not allow ACLs", when: "The request sets an ACL." },
      {
        text: "Target grants not allowed for bucket owner enforced buckets",
        when: "Access is to be logged to the bucket, and the logs to be given grants.",
      },
    ],
  },
  AmbiguousGrantByEmailAddress: {
    cause: "The e-mail address in an ACL belongs to several accounts.",
    remedy: "Name the account by its canonical user id.",
    areas: ["acl"],
    confidence: "documented",
  },
  BucketAlreadyExists: {
    cause: "Somebody else has a bucket of this name. Bucket names are shared by all users of a server.",
    remedy: "Choose another name; one with your organisation's in it is seldom taken.",
    areas: ["general", "bucket"],
    confidence: "observed",
  },
  BucketAlreadyOwnedByYou: {
    cause: "The bucket exists already and is yours, perhaps from an earlier try of the same request.",
    remedy: "Go on and use it. In us-east-1 S3 answers 200 instead.",
    areas: ["general", "bucket"],
    confidence: "observed",
  },
  BucketHasAccessPointsAttached: {
    cause: "The bucket cannot be deleted while access points lead to it.",
    remedy: "Delete the access points first.",
    areas: ["bucket", "access-point"],
    confidence: "documented",
  },
  BucketNotEmpty: {
    cause:
      "The bucket still holds objects, and only an empty bucket can be deleted. In a bucket that ever had versioning, old versions and delete markers count as well.",
    remedy:
      "Delete what is left first (aws s3 rb --force, or every entry of ListObjectVersions by its version id), and make sure no other program keeps writing.",
    areas: ["general", "bucket"],
    confidence: "observed",
    messages: [
      { text: "The bucket you tried to delete is not empty", when: "Objects are left." },
      {
        text: "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
        when: "Versions or delete markers are left.",
      },
    ],
  },
  CrossLocationLoggingProhibited: {
    cause: "The documentation's spelling of CrossLocationLoggingProhibitted, which is what the wire has.",
    remedy: "Log to a bucket in the same region.",
    areas: ["logging"],
    confidence: "documented",
  },
  CrossLocationLoggingProhibitted: {
    cause: "Access logs were to be written to a bucket in another region. The code is spelt with two t on the wire.",
    remedy: "Log to a bucket in the same region.",
    areas: ["logging"],
    confidence: "observed",
  },
  IdMismatch: {
    cause: "The id inside the configuration document is not the id in the query.",
    remedy: "Write the same id in both.",
    areas: ["inventory", "analytics", "metrics"],
    confidence: "observed",
  },
  IllegalLocationConstraintException: {
    cause:
      "The LocationConstraint of CreateBucket is not the region of the endpoint asked, or is absent outside us-east-1. In other requests: the bucket is in another region, and one of both began after March 2019.",
    remedy:
      "Set the client's region to the server's and name the same region in LocationConstraint; in us-east-1 leave it out. For a bucket that is there, use its own region, which x-amz-bucket-region names.",
    areas: ["general", "bucket", "redirect"],
    confidence: "observed",
  },
  IllegalVersioningConfigurationException: {
    cause: "The versioning document has no Status, or one that is neither Enabled nor Suspended.",
    remedy: "Send Status as Enabled or Suspended.",
    areas: ["versioning", "config"],
    confidence: "observed",
    messages: [
      { text: "The Versioning element must be specified", when: "Status is absent." },
      { text: "The versioning configuration specified in the request is invalid.", when: "Status has another value." },
    ],
  },
  InvalidBucketAclWithBlockPublicAccessError: {
    cause: "A bucket was to be created with an ACL that lets the public in, and every new bucket blocks public access.",
    remedy: "Create the bucket without the ACL, change its block with PutPublicAccessBlock, and set the ACL with PutBucketAcl.",
    areas: ["acl", "bucket"],
    confidence: "observed",
  },
  InvalidBucketAclWithObjectOwnership: {
    cause: "A bucket has an ACL for others, or was to get one, and at once the ownership setting that switches ACLs off.",
    remedy: "Choose one: leave the ACL out or set it to private, or ask for the ownership ObjectWriter or BucketOwnerPreferred.",
    areas: ["acl", "bucket"],
    confidence: "observed",
  },
  InvalidBucketName: {
    cause:
      "The name breaks the rules: 3 to 63 characters of lower-case letters, digits, dots and hyphens, with a letter or digit at each end, not like an IP address, and without reserved beginnings and endings.",
    remedy:
      "Choose a name within the rules. If the name looks right, look whether the client put a path or a host name in its place.",
    areas: ["general", "bucket"],
    confidence: "observed",
  },
  InvalidBucketOwnerAWSAccountID: {
    cause: "The header for the expected owner does not hold an account id of twelve digits.",
    remedy:
      'Send the twelve digits without spaces or hyphens, as "holdfast user list" shows them behind the owner\'s id, or leave the header out.',
    areas: ["general"],
    confidence: "observed",
  },
  InvalidBucketState: {
    cause:
      "The change does not fit the bucket's state: versioning cannot be suspended while Object Lock is on, and Object Lock needs versioning.",
    remedy: "Enable versioning before Object Lock, and leave it enabled.",
    areas: ["bucket", "versioning", "object-lock"],
    confidence: "observed",
    messages: [
      {
        text: "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
        when: "Versioning was to be suspended on a bucket with Object Lock.",
      },
      {
        text: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
        when: "Object Lock was to be switched on for a bucket without versioning.",
      },
    ],
  },
  InvalidLocationConstraint: {
    cause: "CreateBucket names a region that does not exist, or us-east-1, which S3 wants left out.",
    remedy: "Name the region of the server as S3 spells it, or send no LocationConstraint in us-east-1.",
    areas: ["general", "bucket"],
    confidence: "observed",
  },
  InvalidPolicyDocument: {
    cause:
      "The policy that comes with a browser form is not valid: no JSON, no expiration or conditions, or a condition of an unknown form.",
    remedy: "Write the policy as the documentation of browser uploads shows, encode it as base64, and sign exactly that text.",
    areas: ["post", "auth"],
    confidence: "observed",
    messages: [
      { text: "Invalid Policy: Invalid JSON.", when: "The decoded policy is not JSON." },
      {
        text: "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        when: "A condition written as an object has more than one property.",
      },
      { text: "Invalid Policy: Invalid Simple-Condition: value must be a string.", when: "A condition's value is not a string." },
      { text: "Invalid Policy: Invalid 'expiration' value: '{value}'", when: "The expiration is not a date." },
      {
        text: "Invalid Policy: Invalid Condition: missing operation identifier.",
        when: "A condition written as a list is empty.",
      },
      { text: "Invalid Policy: Invalid Condition: unknown operation '{op}'.", when: "A condition uses an unknown operation." },
      { text: "Invalid Policy: Invalid {op}: wrong number of arguments.", when: "A condition has too few or too many members." },
      { text: "Invalid Policy: Policy missing expiration.", when: "There is no expiration." },
      { text: "Invalid Policy: Policy missing conditions.", when: "There are no conditions." },
      { text: "Invalid Policy: Invalid 'conditions' value: must be a List.", when: "The conditions are not a list." },
      {
        text: "Invalid Policy: Invalid condition test: must be a List or Object.",
        when: "A condition is neither a list nor an object.",
      },
      { text: "Invalid Policy: Unexpected: '{field}'", when: "The policy has an unknown field." },
      { text: "Invalid Policy: Token - must be enclosed in quotes.", when: "A name or value is not in quotes." },
      { text: "Invalid Policy: Expecting '{' but found End-of-Input", when: "The policy ends too early." },
      { text: "Invalid Policy: invalid Base64 encoding.", when: "The policy is not base64." },
    ],
  },
  InvalidS3DestinationBucket: {
    cause: "The destination of an inventory or analytics report is not the ARN of a bucket.",
    remedy: "Write arn:aws:s3::: and the bucket's name.",
    areas: ["inventory", "analytics"],
    confidence: "observed",
  },
  InvalidTargetBucketForLogging: {
    cause:
      "Access logs cannot be written to the bucket named: it does not exist, belongs to somebody else, or does not let the log delivery write.",
    remedy: "Create the target bucket with the same owner in the same region, and allow the log delivery to write there.",
    areas: ["logging", "bucket"],
    confidence: "observed",
    messages: [
      { text: "The target bucket for logging does not exist", when: "The bucket does not exist." },
      {
        text: "The owner for the bucket to be logged and the target bucket must be the same.",
        when: "The bucket has another owner.",
      },
      {
        text: "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket",
        when: "The log delivery may not write there.",
      },
    ],
  },
  MalformedACLError: {
    cause: "The ACL in the body is not the document that S3 takes.",
    remedy: "Take the answer of GetBucketAcl or GetObjectAcl as the pattern.",
    areas: ["acl"],
    confidence: "observed",
  },
  MalformedContinuationToken: {
    cause: "The token to go on with a list of buckets was not issued by this server.",
    remedy: "Pass the token on unchanged from the answer before, or begin the list anew without one.",
    areas: ["listing"],
    confidence: "observed",
  },
  MalformedPolicy: {
    cause:
      "The bucket policy is not JSON, is too long, or a statement in it has an element, principal, action, resource or condition that S3 does not take. Details says which statement and what in it.",
    remedy:
      "Check the JSON, that each resource begins with this bucket's ARN, that actions fit the resource (object actions need /* behind the bucket), and that the principals exist.",
    areas: ["policy", "access-point", "async"],
    confidence: "observed",
    messages: [
      { text: "Policies must be valid JSON and the first byte must be '{'", when: "The document does not begin as JSON." },
      { text: "This policy contains invalid Json", when: "The JSON is broken further on." },
      {
        text: "Normalized policy document exceeds the maximum allowed size of {bytes} bytes",
        when: "The policy is longer than 20 KB without the blanks between its tokens.",
      },
      { text: "The policy must contain a valid version string", when: "Version is not one of the two dates that exist." },
      {
        text: "Unknown field {element}",
        when: "The policy or a statement has an element that does not exist.",
        confidence: "inferred",
      },
      {
        text: "Statement/policy already has instance of {element}",
        when: "An element comes twice, or together with its opposite, as Action with NotAction.",
        confidence: "inferred",
      },
      {
        text: "Missing required field Statement",
        when: "There is no Statement; of a statement, so are Effect, Principal, Action and Resource missed.",
      },
      { text: "Missing required field Principal cannot be empty!", when: "A Principal, Action or Resource names nothing." },
      { text: "Could not parse the policy: Statement is empty!", when: "Statement is an empty list." },
      {
        text: "Statement IDs (SID) in a single policy must be unique",
        when: "Two statements have the same Sid.",
        confidence: "inferred",
      },
      { text: "Invalid effect: {value}", when: "Effect is neither Allow nor Deny; case counts." },
      { text: "Invalid principal in policy", when: "A principal does not exist or is written wrongly." },
      {
        text: "Allow with NotPrincipal is not allowed.",
        when: "NotPrincipal stands in a statement that allows.",
        confidence: "inferred",
      },
      { text: "Policy has invalid action", when: "An action does not exist." },
      { text: "Policy has invalid resource", when: "A resource is not of this bucket, or is written wrongly." },
      {
        text: "Action does not apply to any resource(s) in statement",
        when: "An action is for objects and the resource is the bucket, or the reverse.",
      },
      { text: "Invalid Condition type : {operator}", when: "A condition operator does not exist; case counts." },
      { text: "Policy has an invalid condition key", when: "A condition key is neither S3's nor one of all services." },
      {
        text: "Conditions do not apply to combination of actions and resources in statement",
        when: "Requests for one of the statement's actions never have a condition key of S3's that the statement asks for.",
      },
      { text: "Invalid IP address in Conditions", when: "The value for an operator of addresses is no address and no range." },
      {
        text: "Invalid policy syntax.",
        when: "A value is of another type than its element has, or not one its operator can compare with.",
      },
    ],
  },
  MetadataConfigurationNotFound: {
    cause: "The bucket has no S3 Metadata configuration.",
    remedy: "Create one first, or treat it as not configured.",
    areas: ["config", "metadata-table"],
    confidence: "observed",
  },
  NoLoggingStatusForKey: {
    cause: "?logging was asked of an object; only buckets have it.",
    remedy: "Leave the key out of the path.",
    areas: ["logging"],
    confidence: "observed",
  },
  NoSuchBucket: {
    cause:
      "There is no bucket of this name on this server: it was never created here, was deleted, or the client addresses the bucket in another way than it thinks, so that a part of the path or host was taken for its name. BucketName shows what the server read.",
    remedy:
      "Compare BucketName with aws s3 ls. If it shows a part of the key or of the host name, set the client to path style, or the server's --domain.",
    areas: ["general", "bucket", "website", "access-point", "async"],
    confidence: "observed",
  },
  NoSuchBucketPolicy: {
    cause: "The bucket has no policy.",
    remedy: "Treat it as an empty one; PutBucketPolicy sets one.",
    areas: ["policy", "config"],
    confidence: "observed",
  },
  NoSuchConfiguration: {
    cause: "The bucket has no analytics, inventory, metrics or tiering configuration of this id.",
    remedy: "List the ids with the List operation of that kind.",
    areas: ["config", "inventory", "analytics", "metrics"],
    confidence: "observed",
  },
  NoSuchCORSConfiguration: {
    cause: "The bucket has no CORS rules.",
    remedy: "Treat it as none; PutBucketCors sets them.",
    areas: ["cors", "config"],
    confidence: "observed",
  },
  NoSuchLifecycleConfiguration: {
    cause: "The bucket has no lifecycle rules.",
    remedy: "Treat it as none; PutBucketLifecycleConfiguration sets them.",
    areas: ["lifecycle", "config"],
    confidence: "observed",
  },
  NoSuchPublicAccessBlockConfiguration: {
    cause: "The bucket has no setting that blocks public access.",
    remedy: "Treat all four switches as off; PutPublicAccessBlock sets them.",
    areas: ["config", "policy"],
    confidence: "observed",
  },
  NoSuchTagSet: {
    cause: "The bucket has no tags. An object without tags answers an empty set instead.",
    remedy: "Treat it as an empty set.",
    areas: ["tagging", "config"],
    confidence: "observed",
  },
  NoSuchWebsiteConfiguration: {
    cause: "The bucket is not set up as a website.",
    remedy: "Set it up with PutBucketWebsite, or ask the REST endpoint instead of the website's.",
    areas: ["website", "config"],
    confidence: "observed",
  },
  ObjectLockConfigurationNotFoundError: {
    cause: "The bucket has no Object Lock.",
    remedy: "Treat it as off. Object Lock is switched on when the bucket is created, or later for a bucket with versioning.",
    areas: ["object-lock", "config"],
    confidence: "observed",
  },
  OwnershipControlsNotFoundError: {
    cause: "The bucket has no ownership setting of its own.",
    remedy: "Set one with PutBucketOwnershipControls.",
    areas: ["bucket", "config"],
    confidence: "observed",
  },
  ReplicationConfigurationNotFoundError: {
    cause: "The bucket has no replication rules.",
    remedy: "Treat it as none; PutBucketReplication sets them.",
    areas: ["replication", "config"],
    confidence: "observed",
  },
  ServerSideEncryptionConfigurationNotFoundError: {
    cause:
      "The bucket was told nothing of encryption, and the server encrypts nothing unless asked (--default-encryption off). On AWS every bucket has had a default since 2023.",
    remedy: "Treat it as not encrypted by default; PutBucketEncryption sets it.",
    areas: ["encryption", "config"],
    confidence: "observed",
  },
  TooManyBuckets: {
    cause: "The account has as many buckets as it may have.",
    remedy: "Delete a bucket, have the quota raised, or use prefixes in one bucket.",
    areas: ["general", "bucket", "storage-lens", "control"],
    confidence: "documented",
  },
  UnresolvableGrantByEmailAddress: {
    cause: "No account has the e-mail address in the ACL. AWS ended grants by e-mail in October 2025.",
    remedy: "Name the account by its canonical user id.",
    areas: ["acl"],
    confidence: "documented",
  },
  V1APIsNotAllowed: {
    cause: "The first version of the metadata-table operations is closed for new accounts.",
    remedy: "Use GetBucketMetadataConfiguration and its siblings.",
    areas: ["metadata-table"],
    confidence: "observed",
  },
};
