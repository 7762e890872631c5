import { abortionOf, expirationOf } from "../../store/lifecycle/expirationOf.ts";
import type { Appointment } from "../../store/lifecycle/expirationOf.ts";
import { readLifecycle } from "../../store/lifecycle/readLifecycle.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { UploadRecord } from "../../store/records/UploadRecord.ts";
import { whenHere } from "../../store/soon.ts";
import type { BucketContext } from "../RequestContext.ts";

/** What answers say of the rules of a bucket's lifecycle. A bucket that never had a setting costs one comparison. */

/**
 * The member of x-amz-expiration: when a current object expires and by which rule's id; `undefined` if no rule expires it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export function shownExpiration(
  { store, bucket }: BucketContext,
  key: string,
  { sizeBytes, tags, lastModifiedMs }: Pick<ObjectRecord, "sizeBytes" | "tags" | "lastModifiedMs">,
): Soon<string | undefined> {
  return whenHere(readLifecycle(store, bucket), (lifecycle) => {
    const due = lifecycle && tellable(expirationOf(lifecycle, { key, sizeBytes, tags, lastModifiedMs }));
    return due && `expiry-date="${new Date(due.atMs).toUTCString()}", rule-id="${headerText(due.ruleId)}"`;
  });
}

/**
 * The members of x-amz-abort-date and x-amz-abort-rule-id, of an upload that a rule will abort.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html
 */
export function abortMembers(
  { store, bucket }: BucketContext,
  upload: Pick<UploadRecord, "key" | "initiatedAtMs">,
): Soon<{ readonly AbortDate?: Date; readonly AbortRuleId?: string }> {
  return whenHere(readLifecycle(store, bucket), (lifecycle) => {
    const due = lifecycle && tellable(abortionOf(lifecycle, upload));
    return due === undefined ? {} : { AbortDate: new Date(due.atMs), AbortRuleId: headerText(due.ruleId) };
  });
}

/** The last moment that a date can be: rules may have more days than there are. */
const LAST_DATE_MS = 8.64e15;

function tellable(due: Appointment | undefined): Appointment | undefined {
  return due !== undefined && due.atMs <= LAST_DATE_MS ? due : undefined;
}

/** What stands in a header, and between quotes, as it is. */
const UNSAFE = /[^ !#-~]/gu;

/** An id as headers tell it: as it is, blanks too, which is what S3 sends. Only what would end the text or the line is percent-encoded. */
function headerText(id: string): string {
  return id.toWellFormed().replace(UNSAFE, encodeURIComponent);
}
