import { isVersionId } from "../store/objects/versionIds.ts";
import { findObject, findVersion } from "../store/objects/objects.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { PublicAccessBlock } from "../store/records/PublicAccessBlock.ts";
import { accountBlockOf, joinedBlock } from "../store/buckets/publicAccess.ts";
import type { Store } from "../store/Store.ts";
import { accountIdOf } from "../store/accounts/accountIds.ts";
import type { UploadRecord } from "../store/records/UploadRecord.ts";
import { findUploadUnderWay } from "../store/uploads/multipart.ts";
import type { ObjectRecord, Tag } from "../store/records/ObjectRecord.ts";
import { findAskedTags } from "./bucketTags.ts";
import type { ResourceFacts, ResourceReading } from "./conditionKeys/ConditionKey.ts";
import { aclNeedOf } from "./acls.ts";
import type { BucketPolicy } from "./BucketPolicy.ts";
import { findBucketPolicy } from "./BucketPolicy.ts";
import type { CallerPolicies } from "./callerPolicies.ts";
import { findCallerPolicies, NO_POLICIES } from "./callerPolicies.ts";
import { isAboutPresentObject } from "./objectActions.ts";
import type { Asked } from "./Question.ts";

/** What a decision rests on beside its question, as the store has it. */
export interface Grounds {
  /** Those that limit the caller; none for a root, and for those who do not sign. */
  readonly caller: CallerPolicies;
  readonly bucketPolicy: BucketPolicy | undefined;
  /** What keeps the public out of the bucket, be it said of it or of its owner's whole account. */
  readonly block: PublicAccessBlock | undefined;
  /** The object that the question is about, where who owns it, its ACL or its tags may decide; `undefined` also where there is none. */
  readonly object: ObjectRecord | undefined;
  /** The upload that the request goes on with, where some policy asks how that is encrypted. */
  readonly upload: UploadRecord | undefined;
  /** The bucket's tags, where some policy asks for them and may. */
  readonly bucketTags: readonly Tag[] | undefined;
}

/** The grounds of most decisions. */
export const PLAIN_GROUNDS: Grounds = {
  caller: NO_POLICIES,
  bucketPolicy: undefined,
  block: undefined,
  object: undefined,
  upload: undefined,
  bucketTags: undefined,
};

/** Those of what the owner's root asks, where nothing speaks against it: the answer is yes, and nearly every request's. */
export const OWNERS_GROUNDS: Grounds = { ...PLAIN_GROUNDS };

/** True where no grounds could change the answer: a bucket without policy and ACLs, asked for by the root of its account. */
export function isOwnersAlone({ caller, bucket }: Asked, bucketPolicy: BucketPolicy | undefined): boolean {
  return (
    bucketPolicy === undefined &&
    caller.kind === "root" &&
    caller.session === undefined &&
    (typeof bucket !== "object" || (bucket.ownerId === caller.canonicalId && bucket.objectOwnership === "BucketOwnerEnforced"))
  );
}

/** Reads what a decision rests on: as little as it can. `OWNERS_GROUNDS` where it is made. */
export function groundsOf(store: Store, question: Asked): Soon<Grounds> {
  const { bucket } = question;
  const bucketPolicy = typeof bucket === "object" ? findBucketPolicy(store, bucket) : undefined;
  if (!(bucketPolicy instanceof Promise) && isOwnersAlone(question, bucketPolicy)) return OWNERS_GROUNDS;
  return readGrounds(store, question, bucketPolicy);
}

async function readGrounds(store: Store, question: Asked, readingPolicy: Soon<BucketPolicy | undefined>): Promise<Grounds> {
  const { bucket } = question;
  const bucketPolicy = await readingPolicy;
  const caller = await findCallerPolicies(store, question.caller);
  if (typeof bucket !== "object") return { ...PLAIN_GROUNDS, caller };
  const reads = (what: ResourceReading): boolean => caller.readings.has(what) || bucketPolicy?.readings.has(what) === true;
  return {
    caller,
    bucketPolicy,
    block: joinedBlock(bucket.publicAccessBlock, await accountBlockOf(store, bucket.ownerId)),
    object: needsObject(question, bucket, reads("objectTags")) ? await objectOf(store, bucket, question) : undefined,
    upload: reads("upload") ? await uploadOf(store, bucket, question) : undefined,
    bucketTags: reads("resourceTags") ? await findAskedTags(store, bucket) : undefined,
  };
}

function needsObject(question: Asked, { objectOwnership }: BucketRecord, readsTags: boolean): boolean {
  if (question.key === undefined) return false;
  const isOwnersMatter = isAboutPresentObject(question) || aclNeedOf(question)?.ofOwners === true;
  return readsTags || (objectOwnership !== "BucketOwnerEnforced" && isOwnersMatter);
}

/** Whatever the request names, a delete marker among it; nothing where it names no version that can be. */
function objectOf(store: Store, bucket: BucketRecord, { key, versionId }: Asked): Soon<ObjectRecord | undefined> {
  if (versionId === undefined) return findObject(store, bucket, key!);
  return isVersionId(versionId) ? findVersion(store, bucket, key!, versionId) : undefined;
}

function uploadOf(store: Store, bucket: BucketRecord, { key, uploadId }: Asked): Soon<UploadRecord | undefined> {
  return key === undefined || uploadId === undefined ? undefined : findUploadUnderWay(store, bucket, key, uploadId);
}

/** What conditions can ask of the resource. */
export function resourceFacts({ bucket, versionId }: Asked, { object, upload, bucketTags }: Grounds): ResourceFacts {
  return {
    accountId: () => (typeof bucket === "object" ? accountIdOf(bucket.ownerId) : undefined),
    versionId,
    objectTags: () => object?.tags,
    resourceTags: () => bucketTags,
    uploadEncryption: () => upload?.encryption,
  };
}
