import { accountIdOf } from "../store/accounts/accountIds.ts";
import { actingAcl, LOG_SERVICE } from "../store/buckets/ownership.ts";
import { accountBlockOf, joinedBlock } from "../store/buckets/publicAccess.ts";
import type { Acl } from "../store/records/Acl.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Store } from "../store/Store.ts";
import { granted, isPublicAcl } from "./acls.ts";
import { findBucketPolicy } from "./BucketPolicy.ts";
import { evaluate } from "./policies/evaluate.ts";
import type { PolicyRequest } from "./policies/PolicyRequest.ts";

/** The service that delivers access logs, as policies name it. */
const LOGGING_SERVICE = "logging.s3.amazonaws.com";

/** A log that is to be written. */
export interface LogDelivery {
  /** The bucket whose requests are in it. */
  readonly source: BucketRecord;
  readonly target: BucketRecord;
  readonly key: string;
  /** The ACL it is to have, where ACLs are not disabled. */
  readonly acl: Acl | undefined;
  /** S3's time. */
  readonly nowMs: number;
}

/**
 * Why S3's log delivery may not write a log, for the operator; `undefined` where it may. The target's policy allows it to the logging
 * service, or its ACL to the log delivery group; what the policy denies is denied. A public ACL needs a bucket that does not block those.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html#grant-log-delivery-permissions-general
 */
export async function refusalOfLogDelivery(store: Store, delivery: LogDelivery): Promise<string | undefined> {
  const { target, key, acl } = delivery;
  const block = joinedBlock(target.publicAccessBlock, await accountBlockOf(store, target.ownerId));
  if (isPublicAcl(acl) && block?.blockPublicAcls === true)
    return "TargetGrants are public, and BlockPublicAcls is on for the target";
  const resource = await findBucketPolicy(store, target);
  const asked: PolicyRequest = {
    action: "s3:PutObject",
    resource: `arn:aws:s3:::${target.name}/${key}`,
    principal: { kind: "service", accountId: undefined, service: LOGGING_SERVICE },
    values: (name) => valuesOf(name, delivery),
  };
  const { effect } = evaluate(asked, { identity: undefined, resource, resourceAccountId: accountIdOf(target.ownerId) });
  if (effect === "allow") return undefined;
  if (effect === "deny") return `the policy of the target denies s3:PutObject to ${LOGGING_SERVICE}`;
  if (target.objectOwnership === "BucketOwnerEnforced") {
    return `no policy of the target allows s3:PutObject to ${LOGGING_SERVICE}, and the target has ACLs disabled`;
  }
  const service = { canonicalId: LOG_SERVICE.canonicalId, isSigned: true, isLogDelivery: true };
  const reason = granted(actingAcl(target, target), service, "WRITE", block?.ignorePublicAcls === true);
  if (reason !== undefined) return undefined;
  return `no policy of the target allows s3:PutObject to ${LOGGING_SERVICE}, and its ACL does not give WRITE to the log delivery group`;
}

const MILLISECONDS_PER_SECOND = 1000;

/** What conditions can ask of a delivery, which is no request: for whom the service acts, who it is, and what holds of all that it sends. */
function valuesOf(key: string, { source, target, nowMs }: LogDelivery): readonly string[] | undefined {
  switch (key) {
    case "aws:sourceaccount":
      return [accountIdOf(source.ownerId)];
    case "aws:sourcearn":
      return [`arn:aws:s3:::${source.name}`];
    case "aws:principalisawsservice":
    case "aws:securetransport":
      return ["true"];
    case "aws:viaawsservice":
      return ["false"];
    case "aws:principalservicename":
    case "aws:principalservicenameslist":
      return [LOGGING_SERVICE];
    case "aws:resourceaccount":
    case "s3:resourceaccount":
      return [accountIdOf(target.ownerId)];
    case "aws:requestedregion":
      return [target.region];
    case "aws:currenttime":
      return [new Date(nowMs).toISOString()];
    case "aws:epochtime":
      return [String(Math.floor(nowMs / MILLISECONDS_PER_SECOND))];
    default:
      return undefined;
  }
}
