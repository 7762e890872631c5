import { catalogueEntry, errorCodes } from "../../errors/catalogue.ts";
import type { ErrorCode } from "../../errors/ErrorCode.ts";
import type { MessageVariant } from "../../errors/Explanation.ts";
import { explanationOf, messagesOf } from "../../errors/explanationOf.ts";
import { isQueryErrorCode } from "../../errors/QueryError.ts";
import type { RequestRecord } from "../RequestRecord.ts";
import { queryExplanations } from "./queryExplanations.ts";

/** What a code means, in sentences. */
export interface CodeExplanation {
  readonly why: readonly string[];
  readonly change: readonly string[];
}

/** What the catalogue says of a record's error code: of its very text, where the code has several. */
export function explainCode(record: RequestRecord): CodeExplanation {
  const { errorCode = "", story } = record;
  const s3Code = errorCodes().find((code) => code === errorCode);
  const message = story?.error?.message;
  const said = story?.error?.explanation;
  const own = said === undefined ? [] : [said];
  const isQuery = isQueryErrorCode(errorCode) && (s3Code === undefined || isOfQuery(record));
  if (isQuery) {
    const { cause, remedy } = queryExplanations[errorCode];
    return { why: [...own, cause], change: [remedy] };
  }
  if (s3Code === undefined) return withoutEntry(record, own);
  const { cause, remedy } = explanationOf(s3Code);
  const variant = variantOf(s3Code, message);
  const retry = catalogueEntry(s3Code).retryable
    ? ["The same request is worth sending again, with growing pauses and so often at most that somebody notices."]
    : [];
  return { why: [...own, variant?.when ?? cause], change: [narrowRemedy(s3Code, message) ?? remedy, ...retry] };
}

/** AccessDenied has many causes that no permission would help against; what to do about each, by the beginning of its text. */
const DENIALS: readonly (readonly [beginning: string, remedy: string])[] = [
  ["Request has expired", "Presign a new URL, shortly before it is used; X-Amz-Expires is a week at most."],
  ["Request is not yet valid", "Set the clock of the machine that presigns, or wait."],
  [
    "There were headers present",
    "Sign host and every x-amz-… header that is sent, or leave those out that HeadersNotSigned names.",
  ],
  ["AWS authentication requires a valid Date", "Send X-Amz-Date as YYYYMMDDTHHMMSSZ, in UTC."],
  ["Query-string authentication requires", "Pass the URL on whole; in a shell it belongs between quotes."],
  ["Invalid date (should be seconds", "Write Expires in seconds since 1970."],
  ["Invalid according to Policy: Policy expired", "Make a new policy for the form, and sign it."],
  ["Invalid according to Policy: Extra input", "Add a condition for this field to the form's policy, or leave the field out."],
  [
    "Invalid according to Policy: Policy Condition",
    "Send what the condition wants, or make a policy whose condition takes this value.",
  ],
  [
    "Access Denied because object protected",
    "Wait until the retention ends, or take the legal hold off; a retention in GOVERNANCE mode can be bypassed by who may.",
  ],
  ["Mfa Authentication must be used", "Send x-amz-mfa: the serial number of the device, a space, and its code."],
];

function narrowRemedy(code: ErrorCode, message: string | undefined): string | undefined {
  if (code !== "AccessDenied" || message === undefined) return undefined;
  return DENIALS.find(([beginning]) => message.startsWith(beginning))?.[1];
}

/** IAM and STS are sent forms, and have no buckets. */
function isOfQuery({ story, bucket, target }: RequestRecord): boolean {
  if (bucket !== undefined) return false;
  const isForm = story?.headers.some(
    ([name, value]) => name.toLowerCase() === "content-type" && value.startsWith("application/x-www-form-urlencoded"),
  );
  return isForm === true || target.includes("Action=");
}

/** Codes that a plan or a proxy made up. */
function withoutEntry({ errorCode, status, story }: RequestRecord, own: readonly string[]): CodeExplanation {
  const message = story?.error?.message ?? "";
  const why = `The answer was ${status} with the code ${errorCode}, which is in neither S3's catalogue nor that of IAM and STS. ${message}`;
  return { why: [...own, why.trimEnd()], change: ["Act on the status: 5xx is worth another try, 4xx is not."] };
}

/** Which of a code's texts this is; `undefined` where that is plain, because there is only one. */
function variantOf(code: ErrorCode, message: string | undefined): MessageVariant | undefined {
  const known = messagesOf(code);
  if (message === undefined || known.length < 2) return undefined;
  // The most specific one: it has the most text of its own.
  return known
    .filter(({ text }) => text !== "" && isMadeOf(text, message))
    .sort((one, other) => ownLength(other.text) - ownLength(one.text))[0];
}

/** How much of a pattern does not vary. */
function ownLength(pattern: string): number {
  return literalsOf(pattern).join("").length;
}

function literalsOf(pattern: string): readonly string[] {
  return pattern.split(/\{[^{}]*\}/);
}

/** Whether a text is one of a pattern's, in which what varies stands in {braces}. */
function isMadeOf(pattern: string, text: string): boolean {
  const pieces = literalsOf(pattern);
  let from = 0;
  for (const [index, piece] of pieces.entries()) {
    const at = index === 0 ? (text.startsWith(piece) ? 0 : -1) : text.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return pieces.at(-1) === "" || text.endsWith(pieces.at(-1)!);
}
