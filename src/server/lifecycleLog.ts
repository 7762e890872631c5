import type { ServerAccessLogs } from "../accessLogs/ServerAccessLogs.ts";
import { findLogging } from "../store/buckets/logging.ts";
import { NULL_VERSION_ID } from "../store/objects/versionIds.ts";
import type { Store } from "../store/Store.ts";
import type { LifecycleEvent } from "../tasks/lifecycle/LifecycleRun.ts";
import type { RequestIds } from "./requests/requestIds.ts";

/** Who does what lifecycle does, by the logs. */
const REQUESTER = "AmazonS3";

/** What the logs call a transition, by the class it leads to. */
const TRANSITIONS: Readonly<Record<string, string>> = {
  STANDARD_IA: "S3.TRANSITION_SIA.OBJECT",
  ONEZONE_IA: "S3.TRANSITION_ZIA.OBJECT",
  INTELLIGENT_TIERING: "S3.TRANSITION_INT.OBJECT",
  GLACIER_IR: "S3.TRANSITION_GIR.OBJECT",
  GLACIER: "S3.TRANSITION.OBJECT",
  DEEP_ARCHIVE: "S3.TRANSITION_GDA.OBJECT",
};

/**
 * Enters what lifecycle has done into the server access log of its bucket, if that has one.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html#lifecycle-general-considerations-logging
 */
export async function logLifecycle(
  store: Store,
  logs: ServerAccessLogs,
  { bucket, key, action, record, marker, storageClass }: LifecycleEvent,
  { requestId, hostId }: RequestIds,
): Promise<void> {
  const logging = await findLogging(store, bucket);
  if (logging === undefined) return;
  const version = marker ?? record;
  logs.add(bucket, logging, {
    bucketOwnerId: bucket.ownerId,
    bucket: bucket.name,
    timeMs: store.clock(),
    remoteAddress: undefined,
    requester: REQUESTER,
    requestId,
    operation: operationOf(action, storageClass),
    key,
    head: undefined,
    status: undefined,
    errorCode: undefined,
    sentSizeBytes: 0,
    objectSizeBytes: record?.isDeleteMarker === false ? record.sizeBytes : undefined,
    totalMs: undefined,
    turnAroundMs: undefined,
    versionId: bucket.versioning === undefined || version === undefined ? undefined : (version.versionId ?? NULL_VERSION_ID),
    hostId,
    signatureVersion: undefined,
    cipherSuite: undefined,
    authenticationType: undefined,
    hostHeader: undefined,
    tlsVersion: undefined,
    aclRequired: false,
  });
}

function operationOf(action: LifecycleEvent["action"], storageClass = ""): string {
  switch (action) {
    case "addDeleteMarker":
      return "S3.CREATE.DELETEMARKER";
    case "changeClass":
      return TRANSITIONS[storageClass]!;
    case "abortUpload":
      return "S3.DELETE.UPLOAD";
    default:
      return "S3.EXPIRE.OBJECT";
  }
}
