import { on } from "../../access/Permission.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { RestoreRequest } from "../../protocol/generated/types.ts";
import {
  DEFAULT_RESTORE_TIER,
  extendedRestore,
  hasTier,
  isFaster,
  newRestore,
  restoreStatus,
} from "../../store/objects/restore.ts";
import { isArchive } from "../../store/objects/storageClasses.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { Restore, RestoreTier } from "../../store/records/restoreFields.ts";
import type { RestoreTimes } from "../../store/restoreTimes.ts";
import { describeObject } from "../objectSettings/describeObject.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { checkVersionId } from "./versionIds.ts";

/** A copy may be asked for until about the year 4700; S3 names no limit, and dates have one. */
const MAX_DAYS = 1_000_000;

/** S3's answers to a restore that begins, and to one of what is there already. */
const ACCEPTED = 202;
const OK = 200;

/**
 * Makes an archived object readable for some days, prolongs or shortens that time, or speeds a restore up that is under way.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
export const RestoreObject: Operation<"RestoreObject"> = operation({
  name: "RestoreObject",
  permissions: on.object("s3:RestoreObject"),
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    const asked = input.RestoreRequest && readRequest(input.RestoreRequest);
    let status = ACCEPTED;
    await describeObject(context, input, (version) => {
      const restore = decide(version, asked, context.nowMs, context.store.restoreTimes);
      status = restoreStatus(version, context.nowMs)?.isOngoing === false ? OK : ACCEPTED;
      return { ...version, restore };
    });
    return { output: {}, status };
  },
});

/** What a request asks for. */
interface Asked {
  readonly days: number | undefined;
  readonly tier: RestoreTier;
}

/** What the document says. Throws MalformedXML, InvalidArgument, and NotImplemented for what only S3 Select restores. */
function readRequest(request: RestoreRequest): Asked {
  const { Days: days, GlacierJobParameters, Tier, Type, SelectParameters, OutputLocation } = request;
  if (Type !== undefined || SelectParameters !== undefined || OutputLocation !== undefined) {
    throw new S3Error("NotImplemented", {
      explanation:
        "Type, SelectParameters and OutputLocation query an archive by S3 Select, which is not available in this store (nor, on AWS, to new customers). Nothing was done; send Days and GlacierJobParameters alone.",
    });
  }
  if (GlacierJobParameters !== undefined && Tier !== undefined) {
    throw new S3Error("MalformedXML", {
      explanation: "Tier stands in the RestoreRequest and in its GlacierJobParameters; a restore has it in GlacierJobParameters.",
    });
  }
  if (days !== undefined && (days < 1 || days > MAX_DAYS)) {
    throw invalidArgument("Days", String(days), {
      message: "restoration days should be at least 1",
      explanation: `Days is ${days}; a restored copy stays for 1 to ${MAX_DAYS} days.`,
    });
  }
  return { days, tier: (GlacierJobParameters?.Tier ?? Tier ?? DEFAULT_RESTORE_TIER) as RestoreTier };
}

/**
 * What becomes of a version's restore. Throws InvalidObjectState, ObjectAlreadyInActiveTierError, RestoreAlreadyInProgress, InvalidArgument,
 * MalformedXML and MissingRequestBodyError.
 */
function decide(version: ObjectRecord, asked: Asked | undefined, nowMs: number, times: RestoreTimes): Restore {
  const { storageClass, restore } = version;
  if (!isArchive(storageClass)) throw notArchived(storageClass, asked?.days);
  // S3 looks at the object before it misses a document.
  if (asked === undefined) {
    throw new S3Error("MissingRequestBodyError", {
      explanation: "RestoreObject needs a RestoreRequest in its body, which says for how many Days; the body is empty.",
    });
  }
  const { days, tier } = asked;
  if (days === undefined) {
    throw new S3Error("MalformedXML", {
      explanation: `RestoreRequest has no Days; an object of ${storageClass} is restored for a number of them.`,
    });
  }
  if (!hasTier(storageClass, tier)) {
    throw invalidArgument("Tier", tier, {
      message: "Retrieval option is not supported by this storage class",
      explanation: `Tier is ${tier}; objects of ${storageClass} are restored by Standard or Bulk.`,
    });
  }
  const status = restoreStatus(version, nowMs);
  const wanted = newRestore(storageClass, tier, days, nowMs, times);
  if (restore === undefined || status === undefined) return wanted;
  if (!status.isOngoing) return extendedRestore(restore, days, nowMs);
  return fasterRestore(restore, wanted);
}

/**
 * A restore under way in a faster tier; nothing else of it can be changed. Throws RestoreAlreadyInProgress.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html#restoring-objects-upgrade-tier
 */
function fasterRestore(restore: Restore, wanted: Restore): Restore {
  if (isFaster(wanted.tier, restore.tier) && wanted.days === restore.days) {
    const isSooner = wanted.completesAtMs < restore.completesAtMs;
    return { ...(isSooner ? wanted : { ...restore, tier: wanted.tier }), requestedAtMs: restore.requestedAtMs };
  }
  throw new S3Error("RestoreAlreadyInProgress", {
    explanation: `The object is being restored for ${restore.days} days, by ${restore.tier}, until ${new Date(restore.completesAtMs).toISOString()}. Meanwhile it can be asked for in a faster tier, for as many days; it was asked for ${wanted.days} days by ${wanted.tier}.`,
  });
}

/** No object of INTELLIGENT_TIERING ever comes into one of its archive tiers here. */
function notArchived(storageClass: string, days: number | undefined): S3Error {
  const explanation = `The object is stored as ${storageClass}, and in no archive: it can be read as it is.`;
  if (storageClass === "INTELLIGENT_TIERING") {
    if (days === undefined) return new S3Error("ObjectAlreadyInActiveTierError", { explanation });
    return invalidArgument("Days", String(days), {
      message: "INTELLIGENT_TIERING objects are not subject to restore expiry. Do not specify Days when restoring this object",
      explanation,
    });
  }
  return new S3Error("InvalidObjectState", {
    message: "Restore is not allowed for the object's current storage class",
    details: [["StorageClass", storageClass]],
    explanation,
  });
}
