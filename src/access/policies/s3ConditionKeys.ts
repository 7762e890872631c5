import { S3_ACTIONS } from "../conditionKeys/s3Actions.ts";

/**
 * S3's own condition keys that come with some actions only, in lower case, with those actions; one that ends in "/" goes on with a tag's name.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
 */
const OF_SOME: readonly (readonly [keys: readonly string[], actions: Iterable<string>])[] = [
  [["s3:existingobjecttag/"], S3_ACTIONS.taggedObjects],
  [["s3:versionid"], S3_ACTIONS.versions],
  [
    [
      "s3:x-amz-acl",
      "s3:x-amz-grant-full-control",
      "s3:x-amz-grant-read",
      "s3:x-amz-grant-read-acp",
      "s3:x-amz-grant-write",
      "s3:x-amz-grant-write-acp",
    ],
    S3_ACTIONS.acls,
  ],
  [["s3:requestobjecttag/", "s3:requestobjecttagkeys"], S3_ACTIONS.objectTags],
  [["s3:x-amz-object-if-match"], S3_ACTIONS.conditionalAnnotations],
  [["s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"], S3_ACTIONS.encryption],
  [["s3:x-amz-storage-class"], S3_ACTIONS.storageClass],
  [
    ["s3:object-lock-event-hold", "s3:object-lock-event-hold-duration-days"],
    ["s3:PutObject", "s3:PutObjectRetention", "s3:ReplicateObject"],
  ],
  [["s3:x-amz-server-side-encryption-customer-algorithm"], S3_ACTIONS.customerKey],
  [["s3:annotation-prefix", "s3:max-annotation-results"], S3_ACTIONS.annotationLists],
  [["s3:delimiter", "s3:max-keys", "s3:prefix"], S3_ACTIONS.lists],
  [["s3:if-match"], ["s3:DeleteObject", "s3:PutObject"]],
  [["s3:object-lock-legal-hold"], S3_ACTIONS.legalHold],
  [["s3:object-lock-mode", "s3:object-lock-remaining-retention-days", "s3:object-lock-retain-until-date"], S3_ACTIONS.retention],
  [["s3:x-amz-copy-source", "s3:x-amz-metadata-directive", "s3:x-amz-website-redirect-location"], S3_ACTIONS.newObject],
  [["s3:accesspointtag/"], ["s3:ListBucketMultipartUploads"]],
  [["s3:deliverysourcearn", "s3:logtype", "s3:resourcearnbeingauthorized"], ["s3:AllowVendedLogDeliveryForResource"]],
  [["s3:destinationregion"], ["s3:PauseReplication"]],
  [["s3:inventoryaccessibleoptionalfields"], ["s3:PutInventoryConfiguration"]],
  [["s3:isreplicationpauserequest"], ["s3:PutReplicationConfiguration"]],
  [["s3:locationconstraint", "s3:x-amz-bucket-namespace", "s3:x-amz-object-ownership"], S3_ACTIONS.newBucket],
  [["s3:if-none-match", "s3:objectcreationoperation", "s3:x-amz-object-annotation-directive"], ["s3:PutObject"]],
];

/** Those that come with every request. */
const OF_ALL: readonly string[] = [
  "s3:accessgrantsinstancearn",
  "s3:accesspointnetworkorigin",
  "s3:accesspointtag/",
  "s3:authtype",
  "s3:buckettag/",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
  "s3:resourceaccount",
  "s3:signatureage",
  "s3:signatureversion",
  "s3:tlsversion",
  "s3:x-amz-content-sha256",
];

/** Those of what no bucket's policy is about. */
const OF_OTHERS: readonly string[] = [
  "s3:accessgrantscope",
  "s3:accessgrantslocationscope",
  "s3:existingjoboperation",
  "s3:existingjobpriority",
  "s3:jobsuspendedcause",
  "s3:requestjoboperation",
  "s3:requestjobpriority",
];

const ACTIONS_OF: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map([
  ...OF_SOME.flatMap(([keys, actions]) => keys.map((key) => [key, namesOf(actions)] as const)),
  ...OF_ALL.map((key) => [key, undefined] as const),
  ...OF_OTHERS.map((key) => [key, namesOf([])] as const),
]);

function namesOf(actions: Iterable<string>): ReadonlySet<string> {
  return new Set(Array.from(actions, (action) => action.toLowerCase()));
}

/** The name that the table has a key by: without what stands behind the slash. */
function nameOf(key: string): string {
  return key.slice(0, key.indexOf("/") + 1) || key;
}

/** True for a key, in lower case, that S3 knows: its own, and every one that AWS has for all services. */
export function isS3ConditionKey(key: string): boolean {
  if (key.startsWith("aws:")) return key.length > "aws:".length;
  return ACTIONS_OF.has(nameOf(key)) && !key.endsWith("/");
}

/** True when requests for an action can have a key; both are known to S3 and in lower case. */
export function comesWith(key: string, action: string): boolean {
  return ACTIONS_OF.get(nameOf(key))?.has(action) ?? true;
}
