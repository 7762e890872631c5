import { S3Error } from "../../errors/S3Error.ts";
import type { LifecycleRule, LifecycleRuleFilter } from "../../protocol/generated/types.ts";

/** What S3's schema fixes of a lifecycle and the SDK's does not say: how many of what, and which of several. */

/** Most rules of a bucket. */
const MAX_RULES = 1_000;
/** The largest number of 32 bits. */
const MAX_COUNT = 2_147_483_647;

/** Checks the form of rules, one that S3 has a schema for. Throws MalformedXML. */
export function checkLifecycleForm(rules: readonly LifecycleRule[]): void {
  if (rules.length > MAX_RULES) {
    throw malformed(`LifecycleConfiguration has ${rules.length} rules; it can have ${MAX_RULES}.`);
  }
  for (const rule of rules) {
    if ((rule.Prefix === undefined) === (rule.Filter === undefined)) {
      throw malformed(
        "A Rule says by a Filter what it is about, an empty one for all objects, or by a Prefix, as older ones do; one of the two.",
      );
    }
    if (rule.Filter !== undefined) checkFilter(rule.Filter);
    checkExpirations(rule);
    checkTransitions(rule);
  }
}

function checkFilter({ And: and, ...alone }: LifecycleRuleFilter): void {
  const members = said(alone) + (and === undefined ? 0 : 1);
  if (members > 1) throw malformed("A Filter holds one element; join several by an And inside it.");
  if (and === undefined) return;
  const { Tags = [], ...others } = and;
  if (said(others) + Tags.length < 2)
    throw malformed("An And joins two or more of Prefix, Tag and the sizes; say a single one without it.");
}

function checkExpirations(rule: LifecycleRule): void {
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent, AbortIncompleteMultipartUpload: abort } = rule;
  if (expiration !== undefined) {
    if (said(expiration) !== 1) throw malformed("An Expiration has one of Days, Date and ExpiredObjectDeleteMarker.");
    checkCount("Days", expiration.Days);
  }
  if (noncurrent !== undefined) {
    checkCount("NoncurrentDays", needed("NoncurrentVersionExpiration", "NoncurrentDays", noncurrent.NoncurrentDays));
    checkCount("NewerNoncurrentVersions", noncurrent.NewerNoncurrentVersions);
  }
  if (abort === undefined) return;
  checkCount("DaysAfterInitiation", needed("AbortIncompleteMultipartUpload", "DaysAfterInitiation", abort.DaysAfterInitiation));
}

function checkTransitions({ Transitions = [], NoncurrentVersionTransitions = [] }: LifecycleRule): void {
  for (const { Days, Date: date, StorageClass } of Transitions) {
    if ((Days === undefined) === (date === undefined))
      throw malformed("A Transition has a number of Days or a Date, one of the two.");
    checkCount("Days", Days);
    needed("Transition", "StorageClass", StorageClass);
  }
  for (const { NoncurrentDays, NewerNoncurrentVersions, StorageClass } of NoncurrentVersionTransitions) {
    checkCount("NoncurrentDays", needed("NoncurrentVersionTransition", "NoncurrentDays", NoncurrentDays));
    checkCount("NewerNoncurrentVersions", NewerNoncurrentVersions);
    needed("NoncurrentVersionTransition", "StorageClass", StorageClass);
  }
}

/** How many members a structure has. */
function said(structure: object): number {
  return Object.values(structure).filter((value) => value !== undefined).length;
}

function needed<Value>(structure: string, element: string, value: Value | undefined): Value {
  if (value === undefined) throw malformed(`${structure} lacks its element ${element}.`);
  return value;
}

function checkCount(element: string, count: number | undefined): void {
  if (count === undefined || Math.abs(count) <= MAX_COUNT) return;
  throw malformed(`${element} is ${count}; it can be ${MAX_COUNT} at most.`);
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}
