/** The words for what an action has to do with, where only some actions' requests have a key. */
type Concern =
  | "newObject"
  | "newBucket"
  | "lists"
  | "annotationLists"
  | "retention"
  | "legalHold"
  | "objectTags"
  | "acls"
  | "storageClass"
  | "encryption"
  | "customerKey"
  | "versions"
  | "taggedObjects"
  | "conditionalAnnotations";

/**
 * The actions whose requests can have S3's keys, by what they have to do with, as the service authorization reference lists them for each key.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export const S3_ACTIONS: Readonly<Record<Concern, ReadonlySet<string>>> = {
  /** What says what a new object is to be. */
  newObject: new Set(["s3:PutObject", "s3:BypassGovernanceRetention"]),
  /** What says what a new bucket is to be. */
  newBucket: new Set(["s3:CreateBucket"]),
  /** Lists of objects and of versions. */
  lists: new Set(["s3:ListBucket", "s3:ListBucketVersions"]),
  /** Lists of an object's annotations. */
  annotationLists: new Set(["s3:ListObjectAnnotations", "s3:ListObjectVersionAnnotations"]),
  /** What says how long a version is kept. */
  retention: new Set(["s3:PutObject", "s3:PutObjectRetention", "s3:BypassGovernanceRetention"]),
  /** What says whether a version is held back. */
  legalHold: new Set(["s3:PutObject", "s3:PutObjectLegalHold", "s3:BypassGovernanceRetention"]),
  /** What gives an object tags. */
  objectTags: new Set(["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:BypassGovernanceRetention"]),
  /** What says who may do what with a bucket or an object. */
  acls: new Set([
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "s3:BypassGovernanceRetention",
    "s3:CreateBucket",
    "s3:PutBucketAcl",
  ]),
  /** What says, or may say, how an object is stored. */
  storageClass: new Set(["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:BypassGovernanceRetention"]),
  /** What says how an object is encrypted. */
  encryption: new Set(["s3:PutObject", "s3:BypassGovernanceRetention", "s3:ReplicateObject", "s3:UpdateObjectEncryption"]),
  /** What is encrypted with a key of the customer's. */
  customerKey: new Set(["s3:PutObject", "s3:BypassGovernanceRetention", "s3:ReplicateObject"]),
  /** What is of an object's version that is named by its id. */
  versions: new Set([
    "s3:DeleteObjectVersion",
    "s3:DeleteObjectVersionAnnotation",
    "s3:DeleteObjectVersionTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionAnnotation",
    "s3:GetObjectVersionAttributes",
    "s3:GetObjectVersionTagging",
    "s3:GetObjectVersionTorrent",
    "s3:ListObjectVersionAnnotations",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectVersionAnnotation",
    "s3:PutObjectVersionTagging",
  ]),
  /** What looks at an object's tags. Writing and deleting objects does not: AWS says so in so many words. */
  taggedObjects: new Set([
    "s3:DeleteObjectAnnotation",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersionAnnotation",
    "s3:DeleteObjectVersionTagging",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectAnnotation",
    "s3:GetObjectAttributes",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionAcl",
    "s3:GetObjectVersionAnnotation",
    "s3:GetObjectVersionAttributes",
    "s3:GetObjectVersionTagging",
    "s3:ListObjectAnnotations",
    "s3:ListObjectVersionAnnotations",
    "s3:PutObjectAcl",
    "s3:PutObjectAnnotation",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectVersionAnnotation",
    "s3:PutObjectVersionTagging",
    "s3:UpdateObjectEncryption",
  ]),
  /** What is done to an object's annotations on a condition. */
  conditionalAnnotations: new Set([
    "s3:DeleteObjectAnnotation",
    "s3:DeleteObjectVersionAnnotation",
    "s3:PutObjectAnnotation",
    "s3:PutObjectVersionAnnotation",
  ]),
};
