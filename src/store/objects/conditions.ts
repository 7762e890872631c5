import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { JournalFacts } from "../../errors/ServiceError.ts";

/**
 * S3's conditional requests, decided without I/O.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */

/** What a condition compares with: an object's ETag, without quotes, and its time of last modification. */
export interface Validators {
  readonly etag: string;
  readonly lastModifiedMs: number;
}

/** The four conditions of a read or of a copy's source. Dates that could not be read count as absent, as in S3. */
export interface ReadConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifModifiedSince: Date | undefined;
  readonly ifUnmodifiedSince: Date | undefined;
}

/** A condition of a read, spelled as S3 spells it in the `Condition` detail. */
export type ReadCondition = "If-Match" | "If-None-Match" | "If-Modified-Since" | "If-Unmodified-Since";

/** The conditions of a write, as sent. */
export interface WriteConditions {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Whether a write asks anything of the object that is there. */
export function asksOfObject({ ifMatch, ifNoneMatch }: WriteConditions): boolean {
  return ifMatch !== undefined || ifNoneMatch !== undefined;
}

/**
 * The first condition that does not hold, or `undefined`. An ETag outweighs a date: If-Match makes If-Unmodified-Since irrelevant,
 * If-None-Match makes If-Modified-Since irrelevant (RFC 9110, section 13.2.2). If-Modified-Since counts for nothing when it lies behind
 * `nowMs`, the time of the request (section 13.1.3).
 */
export function failedReadCondition(conditions: ReadConditions, object: Validators, nowMs: number): ReadCondition | undefined {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag, "strong")) return "If-Match";
  } else if (isModifiedSince(object, conditions.ifUnmodifiedSince) === true) return "If-Unmodified-Since";
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, object.etag, "weak")) return "If-None-Match";
  } else if (isModifiedSince(object, upTo(conditions.ifModifiedSince, nowMs)) === false) return "If-Modified-Since";
  return undefined;
}

/** What a failed condition says, in plain words, to a client that may read the object; `header` is the name it was sent under. */
export function explainReadCondition(
  condition: ReadCondition,
  header: string,
  conditions: ReadConditions,
  object: Validators,
): string {
  const modified = new Date(object.lastModifiedMs).toUTCString();
  switch (condition) {
    case "If-Match":
      return `${header} is ${quoted(conditions.ifMatch!)}, and the object's ETag is "${object.etag}": it is another object, or was replaced.`;
    case "If-None-Match":
      return `${header} is ${quoted(conditions.ifNoneMatch!)}, which is the object's ETag: it is unchanged.`;
    case "If-Modified-Since":
      return `${header} is ${conditions.ifModifiedSince!.toUTCString()}, and the object was last modified at ${modified}, not after it.`;
    case "If-Unmodified-Since":
      return `${header} is ${conditions.ifUnmodifiedSince!.toUTCString()}, and the object was last modified at ${modified}, after it.`;
  }
}

/** Both sides of a condition that does not hold, for the journal; `header` is the name it was sent under. */
export function failedConditionFacts(
  condition: ReadCondition,
  header: string,
  conditions: ReadConditions,
  object: Validators,
): JournalFacts {
  const modified = new Date(object.lastModifiedMs).toUTCString();
  switch (condition) {
    case "If-Match":
      return conditionFacts(header, conditions.ifMatch!, tagOf(object));
    case "If-None-Match":
      return conditionFacts(header, conditions.ifNoneMatch!, tagOf(object));
    case "If-Modified-Since":
      return conditionFacts(header, conditions.ifModifiedSince!.toUTCString(), modified);
    case "If-Unmodified-Since":
      return conditionFacts(header, conditions.ifUnmodifiedSince!.toUTCString(), modified);
  }
}

function conditionFacts(header: string, sent: string, found: string | null): JournalFacts {
  return { step: "condition", facts: { header, sent, found } };
}

function tagOf({ etag }: Validators): string {
  return `"${etag}"`;
}

/**
 * Refuses a write whose conditions S3 does not know: it takes one of the two, If-Match with an ETag and If-None-Match with "*".
 * Throws NotImplemented. Comes before anything is read.
 */
export function checkWriteConditionForm(conditions: WriteConditions): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw unknownCondition(
      "If-Match,If-None-Match",
      "Multiple conditional request headers present in the request",
      "If-Match asks that the object exists and If-None-Match: * that it does not; send one of the two.",
    );
  }
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== ANY_OBJECT) {
    throw unknownCondition(
      "If-None-Match",
      "We don't accept the provided value of If-None-Match header for this API",
      `A write takes If-None-Match only with the value *, which means "if there is no such object"; ${quoted(ifNoneMatch)} came.`,
    );
  }
  if (ifMatch?.trim() === ANY_OBJECT) {
    throw unknownCondition(
      "If-Match",
      "We don't accept the provided value of If-Match header for this API",
      "A write takes If-Match only with the ETag of the object it is to replace; * came, which only deletes take.",
    );
  }
}

/** S3's answer to conditions that an operation does not have. */
function unknownCondition(header: string, additionalMessage: string, explanation: string): S3Error {
  const details = [
    ["Header", header],
    ["additionalMessage", additionalMessage],
  ] as const;
  return new S3Error("NotImplemented", { details, explanation });
}

/** What a condition names in place of an ETag to mean any object there may be. */
const ANY_OBJECT = "*";

/**
 * Decides, inside the commit, whether a write may go on: `current` is the object under the key at this very moment.
 * `existedBefore`: an object that satisfied If-Match was there when the request began; its absence now is a race, not a mistake.
 * Throws PreconditionFailed, NoSuchKey or ConditionalRequestConflict.
 */
export function checkWriteConditions(
  conditions: WriteConditions,
  current: Validators | undefined,
  key: string,
  existedBefore = false,
): void {
  if (conditions.ifNoneMatch !== undefined && current !== undefined) {
    throw preconditionFailed(
      "If-None-Match",
      "If-None-Match: * asks that no object exists under this key, but one does.",
      conditionFacts("If-None-Match", conditions.ifNoneMatch, tagOf(current)),
    );
  }
  if (conditions.ifMatch === undefined) return;
  if (current === undefined && existedBefore) {
    throw new S3Error("ConditionalRequestConflict", {
      details: [
        ["Condition", "If-Match"],
        ["Key", key],
      ],
      explanation:
        "The object that If-Match named was deleted while this request was under way; look at the key again and retry.",
      facts: conditionFacts("If-Match", conditions.ifMatch, null),
    });
  }
  checkIfMatch(conditions.ifMatch, current, key);
}

/** Decides, inside the commit, whether a delete with this If-Match may go on. Throws PreconditionFailed or NoSuchKey. */
export function checkIfMatch(ifMatch: string | undefined, current: Validators | undefined, key: string): void {
  if (ifMatch === undefined) return;
  if (current === undefined) {
    throw new S3Error("NoSuchKey", {
      details: [["Key", key]],
      explanation:
        ifMatch.trim() === ANY_OBJECT
          ? "The request is for an object that exists, and there is none under exactly this key."
          : `If-Match is ${quoted(ifMatch)}, which can only hold for an object that exists, and there is none under this key.`,
      facts: conditionFacts("If-Match", ifMatch, null),
    });
  }
  if (!matches(ifMatch, current.etag, "strong")) {
    throw preconditionFailed(
      "If-Match",
      `If-Match is ${quoted(ifMatch)}, and the object under this key has another ETag: read it again before writing.`,
      conditionFacts("If-Match", ifMatch, tagOf(current)),
    );
  }
}

/** S3's 412 for a condition that does not hold. `condition` is the header as S3 spells it in `Condition`. */
export function preconditionFailed(condition: string, explanation: string, facts?: JournalFacts): S3Error {
  return new S3Error("PreconditionFailed", {
    details: [["Condition", condition]],
    explanation,
    ...(facts !== undefined && { facts }),
  });
}

/**
 * Does an If-Match or If-None-Match value name this ETag? A list of ETags, quoted or not, or "*" for any.
 * A weak ETag (W/"…") says nothing about bytes, so the strong comparison never accepts one (RFC 9110, section 8.8.3.2).
 */
function matches(list: string, etag: string, comparison: "strong" | "weak"): boolean {
  if (list.trim() === ANY_OBJECT) return true;
  return list.split(",").some((item) => {
    const candidate = item.trim();
    const weak = candidate.startsWith("W/");
    if (weak && comparison === "strong") return false;
    return unquoted(weak ? candidate.slice(2) : candidate) === etag;
  });
}

/** An ETag without its quotes, if it has any. */
function unquoted(etag: string): string {
  return etag.startsWith('"') && etag.endsWith('"') ? etag.slice(1, -1) : etag;
}

/** A date, unless it is later than `nowMs`. */
function upTo(date: Date | undefined, nowMs: number): Date | undefined {
  return date !== undefined && date.getTime() > nowMs ? undefined : date;
}

/** `undefined` without a usable date. HTTP dates have no fractions of seconds, so none are compared. */
function isModifiedSince(object: Validators, since: Date | undefined): boolean | undefined {
  if (since === undefined || Number.isNaN(since.getTime())) return undefined;
  return Math.floor(object.lastModifiedMs / 1000) > Math.floor(since.getTime() / 1000);
}
