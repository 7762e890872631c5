import { invalidArgument } from "../../errors/invalidArgument.ts";
import { quoted } from "../../errors/quoted.ts";
import type { LifecycleRule, LifecycleRuleAndOperator } from "../../protocol/generated/types.ts";
import { MAX_KEY_SIZE_BYTES } from "../objects/keyLength.ts";
import { OBJECT_TAGS, tagsOf } from "../headers/tags.ts";
import { checkLifecycleForm } from "./lifecycleForm.ts";
import { checkMidnight, checkPositive, invalidRequest } from "./lifecycleRefusals.ts";
import { checkTransitions } from "./lifecycleTransitions.ts";

/** What S3 looks for in the rules of a lifecycle before it takes them. */

const MAX_ID_CHARACTERS = 255;
/** How many noncurrent versions a rule can keep. */
const MAX_NEWER_VERSIONS = 100;
/** 1000 TiB: no object is as large. */
const MAX_FILTER_SIZE_BYTES = 1_099_511_627_776_000;

/**
 * Checks the rules of a lifecycle, which have their ids. Throws MalformedXML, InvalidArgument, InvalidRequest, InvalidTag and BadRequest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function checkLifecycle(rules: readonly LifecycleRule[]): void {
  checkLifecycleForm(rules);
  checkGenerations(rules);
  checkIds(rules);
  for (const rule of rules) {
    const filter = filterOf(rule);
    checkFilter(filter);
    checkHasAction(rule);
    checkExpiration(rule, filter);
    checkNoncurrentExpiration(rule);
    checkAbort(rule, filter);
    checkTransitions(rule);
  }
  checkPrefixes(rules.filter(({ Prefix }) => Prefix !== undefined));
}

/** Rules say what they are about by a Filter, or all of them as S3's first rules did. Throws InvalidRequest. */
function checkGenerations(rules: readonly LifecycleRule[]): void {
  const isOld = rules[0]?.Prefix !== undefined;
  if (rules.every(({ Prefix }) => (Prefix !== undefined) === isOld)) return;
  throw invalidRequest(
    isOld
      ? "Filter element can only be used in Lifecycle V2."
      : "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
    "Some rules have a Prefix of their own and others a Filter; put every prefix into a Filter.",
  );
}

/** Throws InvalidArgument. */
function checkIds(rules: readonly LifecycleRule[]): void {
  const ids = new Set<string>();
  for (const { ID: id = "" } of rules) {
    if (id.length > MAX_ID_CHARACTERS) {
      throw invalidArgument("ID", id, {
        message: `ID length should not exceed allowed limit of ${MAX_ID_CHARACTERS}`,
        explanation: `An ID has ${id.length} characters; it can have ${MAX_ID_CHARACTERS}.`,
      });
    }
    if (ids.has(id)) {
      throw invalidArgument("ID", id, {
        message: "Rule ID must be unique. Found same ID for more than one rule",
        explanation: `Two rules are called ${quoted(id)}; call each another name, or leave its ID out to have one made.`,
      });
    }
    ids.add(id);
  }
}

/** What a rule's filter says, in one form for all of them. */
function filterOf({ Prefix, Filter = {} }: LifecycleRule): LifecycleRuleAndOperator {
  const { And, Tag, ...alone } = Filter;
  return And ?? { ...alone, ...(Prefix !== undefined && { Prefix }), ...(Tag !== undefined && { Tags: [Tag] }) };
}

/** Throws InvalidArgument, InvalidRequest, InvalidTag and BadRequest. */
function checkFilter(filter: LifecycleRuleAndOperator): void {
  const { Prefix: prefix = "", Tags = [], ObjectSizeGreaterThan: above, ObjectSizeLessThan: below } = filter;
  if (Buffer.byteLength(prefix) > MAX_KEY_SIZE_BYTES) {
    throw invalidArgument("Prefix", prefix, {
      message: `Specified prefix is longer than maximum allowed key length of ${MAX_KEY_SIZE_BYTES}`,
      explanation: `A Prefix has ${Buffer.byteLength(prefix)} bytes; no key has more than ${MAX_KEY_SIZE_BYTES}.`,
    });
  }
  if (new Set(Tags.map(({ Key }) => Key)).size < Tags.length) {
    throw invalidRequest("Duplicate Tag Keys are not allowed.", "A Filter has a tag's key twice; an object has each key once.");
  }
  tagsOf(Tags, OBJECT_TAGS);
  checkSize("ObjectSizeGreaterThan", above, 0);
  checkSize("ObjectSizeLessThan", below, 1);
  if (above === undefined || below === undefined || above < below) return;
  throw invalidRequest(
    "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
    `ObjectSizeGreaterThan is ${above} and ObjectSizeLessThan ${below}, between which there is no size.`,
  );
}

function checkSize(element: string, sizeBytes: number | undefined, minimum: number): void {
  if (sizeBytes === undefined || (sizeBytes >= minimum && sizeBytes <= MAX_FILTER_SIZE_BYTES)) return;
  throw invalidRequest(
    `'${element}' should be between ${minimum} and ${MAX_FILTER_SIZE_BYTES}.`,
    `${element} is ${sizeBytes}, which is not the size of any object.`,
  );
}

/** Throws InvalidRequest. */
function checkHasAction({ ID: _id, Status: _status, Prefix: _prefix, Filter: _filter, ...actions }: LifecycleRule): void {
  if (Object.values(actions).some((action) => action !== undefined)) return;
  throw invalidRequest(
    "At least one action needs to be specified in a rule",
    "A rule says which objects it is about and not what is to be done with them; give it an Expiration, a Transition or another action.",
  );
}

/** Throws InvalidArgument and InvalidRequest. */
function checkExpiration({ Expiration: expiration }: LifecycleRule, filter: LifecycleRuleAndOperator): void {
  if (expiration === undefined) return;
  if (expiration.Days !== undefined) checkPositive("Days", expiration.Days, "Expiration");
  if (expiration.Date !== undefined) checkMidnight(expiration.Date);
  if (expiration.ExpiredObjectDeleteMarker !== undefined) refuseFilter("ExpiredObjectDeleteMarker", filter);
}

/** Throws InvalidArgument and InvalidRequest. */
function checkNoncurrentExpiration(rule: LifecycleRule): void {
  const { NoncurrentVersionExpiration: expiration, NoncurrentVersionTransitions = [] } = rule;
  if (expiration !== undefined) {
    checkPositive("NoncurrentDays", expiration.NoncurrentDays!, "NoncurrentVersionExpiration");
    checkNewer(rule, expiration.NewerNoncurrentVersions, "NoncurrentVersionExpiration");
  }
  for (const { NewerNoncurrentVersions } of NoncurrentVersionTransitions) {
    checkNewer(rule, NewerNoncurrentVersions, "NoncurrentVersionTransition");
  }
}

function checkNewer({ Filter }: LifecycleRule, newer: number | undefined, action: string): void {
  if (newer === undefined) return;
  if (Filter === undefined) {
    throw invalidRequest(
      "NewerNoncurrentVersions element can only be used in Lifecycle V2.",
      "A rule with NewerNoncurrentVersions says by a Filter, and not by a Prefix, what it is about.",
    );
  }
  checkPositive("NewerNoncurrentVersions", newer, action);
  if (newer <= MAX_NEWER_VERSIONS) return;
  throw invalidArgument("NewerNoncurrentVersions", String(newer), {
    explanation: `NewerNoncurrentVersions is ${newer}; a rule can keep 1 to ${MAX_NEWER_VERSIONS} noncurrent versions.`,
  });
}

/** Throws InvalidArgument and InvalidRequest. */
function checkAbort({ AbortIncompleteMultipartUpload: abort }: LifecycleRule, filter: LifecycleRuleAndOperator): void {
  if (abort === undefined) return;
  checkPositive("DaysAfterInitiation", abort.DaysAfterInitiation!, "AbortIncompleteMultipartUpload");
  refuseFilter("AbortIncompleteMultipartUpload", filter);
}

/** Refuses filters by what uploads and delete markers do not have. Throws InvalidRequest. */
function refuseFilter(action: string, filter: LifecycleRuleAndOperator): void {
  const { Tags = [], ObjectSizeGreaterThan: above, ObjectSizeLessThan: below } = filter;
  const explanation = `${action} is for what has neither tags nor a size; put it into a rule of its own whose Filter has a Prefix, or nothing.`;
  if (Tags.length > 0) throw invalidRequest(`${action} cannot be specified with Tags.`, explanation);
  if (above !== undefined || below !== undefined)
    throw invalidRequest(`${action} cannot be specified with Object Size.`, explanation);
}

/** The actions that two rules of the first generation cannot both have for one object. */
const ACTIONS = [
  ["Expiration", "Expiration"],
  ["Transitions", "Transition"],
  ["NoncurrentVersionExpiration", "NoncurrentVersionExpiration"],
  ["NoncurrentVersionTransitions", "NoncurrentVersionTransition"],
  ["AbortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload"],
] as const;

/**
 * Of rules as S3 first had them, no two can do the same with one object: those with a Filter may, and the earlier action wins. Throws
 * InvalidRequest.
 */
function checkPrefixes(rules: readonly LifecycleRule[]): void {
  // In this order a prefix comes before all that begin with it, and nothing else in between.
  const sorted = rules.toSorted((one, other) => (one.Prefix! < other.Prefix! ? -1 : 1));
  const above: LifecycleRule[] = [];
  for (const rule of sorted) {
    while (above.length > 0 && !rule.Prefix!.startsWith(above.at(-1)!.Prefix!)) above.pop();
    for (const other of above) refuseOverlap(other, rule);
    above.push(rule);
  }
}

function refuseOverlap(above: LifecycleRule, below: LifecycleRule): void {
  if (above.Prefix === below.Prefix) {
    throw invalidRequest(
      `Found two rules with same prefix '${above.Prefix}'`,
      "Make one rule of the two, or say by a Filter what they are about: such rules may overlap.",
    );
  }
  const both = ACTIONS.find(([member]) => above[member] !== undefined && below[member] !== undefined);
  if (both === undefined) return;
  throw invalidRequest(
    `Found overlapping prefixes '${above.Prefix}' and '${below.Prefix}' for same action type '${both[1]}'`,
    "The keys of one rule are among those of the other; say by a Filter what they are about, where rules may overlap.",
  );
}
