import { answerError } from "./answerError.ts";
import { bodyText } from "./bodyText.ts";
import { ClientError } from "./ClientError.ts";
import { connectionCode } from "./connectionCode.ts";
import type { HeadersLike } from "./headerOf.ts";
import { retryAfterMs } from "./retryAfter.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The error that a client threw: the AWS SDK's of version 3 and before, minio-js's, and those of fetch and of Node. */
export function thrownError(thrown: object): ClientError {
  const fields = thrown as Fields;
  const metadata = objectIn(fields["$metadata"]);
  const response = objectIn(fields["$response"]);
  const status =
    numberIn(metadata["httpStatusCode"]) ??
    numberIn(response["statusCode"]) ??
    numberIn(fields["statusCode"]) ??
    numberIn(fields["status"]);
  if (fields["name"] === "AbortError" || fields["code"] === "AbortError" || fields["code"] === "RequestAbortedError")
    return withoutAnswer("aborted", "AbortError", thrown);
  const ids = {
    requestId: firstText(fields["RequestId"], metadata["requestId"], fields["requestId"], fields["amzRequestid"]),
    hostId: firstText(fields["HostId"], metadata["extendedRequestId"], fields["extendedRequestId"], fields["amzId2"]),
  };
  const code = saidCode(fields);
  const isAnswer = status !== undefined || ids.requestId !== undefined || fields["name"] === "S3Error";
  if (code === undefined || !isAnswer) {
    if (status !== undefined) return silentAnswer(fields, status, response, ids);
    const failed = connectionCode(thrown);
    if (failed !== undefined) return withoutAnswer("connection", failed, thrown);
    return withoutAnswer("unknown", firstText(fields["code"], fields["name"]) ?? "Unknown", thrown);
  }
  return new ClientError({
    ...ids,
    kind: "answer",
    code,
    message: textOf(fields["message"]) ?? "",
    status,
    details: detailsOf(fields),
    explanation: textOf(fields["Details"]),
    retryAfterMs: retryAfterMs(response["headers"]) ?? numberIn(fields["retryAfterMs"]),
    raw: thrown,
    cause: thrown,
  });
}

function withoutAnswer(kind: "aborted" | "connection" | "unknown", code: string, thrown: object): ClientError {
  return new ClientError({ kind, code, message: textOf((thrown as Fields)["message"]) ?? "", raw: thrown, cause: thrown });
}

/** Names that clients give to errors of which they know nothing, and of JavaScript's own, as when an answer does not parse. */
const NO_CODES: ReadonlySet<string> = new Set([
  "Error",
  "RangeError",
  "S3Error",
  "S3ServiceException",
  "SyntaxError",
  "TypeError",
  "Unknown",
  "UnknownError",
]);
/** How codes are written: not as those of systems, which have no small letters. */
const CODE = /^(?:503 )?[A-Z][\w.]{1,99}$/;
const SMALL_LETTER = /[a-z]/;

/** The service's code, if there is one. */
function saidCode(fields: Fields): string | undefined {
  // What IAM and STS say is kept in the form that it came in.
  const { Code: queryCode } = objectIn(fields["Error"]);
  return [fields["Code"], queryCode, fields["code"], fields["name"]].find(
    (word): word is string => typeof word === "string" && CODE.test(word) && SMALL_LETTER.test(word) && !NO_CODES.has(word),
  );
}

/** An answer whose code the client did not find: it had no body, or one that is not the service's. */
function silentAnswer(
  fields: Fields,
  status: number,
  response: Fields,
  { requestId, hostId }: { readonly requestId: string | undefined; readonly hostId: string | undefined },
): ClientError {
  const body = fields["$responseBodyText"] ?? response["body"];
  const error = answerError(
    {
      status,
      statusText: firstText(response["reason"], response["statusMessage"]),
      headers: response["headers"] as HeadersLike,
      // A stream has been read, or never will be; and that it is empty is not known of a success.
      body: bodyText(body) ?? " ",
    },
    fields,
  );
  return new ClientError({
    ...error,
    message: error.message,
    requestId: error.requestId ?? requestId,
    hostId: error.hostId ?? hostId,
    cause: fields,
  });
}

/** What clients add to an error, beside what its body said. */
const CLIENTS_OWN: ReadonlySet<string> = new Set([
  ...["Code", "Message", "Details", "RequestId", "HostId", "Error", "xmlns"],
  ...[
    "name",
    "message",
    "stack",
    "cause",
    "code",
    "statusCode",
    "status",
    "time",
    "retryable",
    "retryDelay",
    "hostname",
    "region",
  ],
  ...["requestId", "extendedRequestId", "cfId", "amzRequestid", "amzId2", "amzBucketRegion", "headers"],
]);
/** minio-js writes the names of elements small. */
const WRITTEN_SMALL: ReadonlyMap<string, string> = new Map([
  ["bucketname", "BucketName"],
  ["key", "Key"],
  ["resource", "Resource"],
]);
const MAX_DETAILS = 50;

function detailsOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.keys(fields)
      .filter((name) => !name.startsWith("$") && !CLIENTS_OWN.has(name))
      .slice(0, MAX_DETAILS)
      .flatMap((name) => {
        const text = textOf(fields[name]);
        return text === undefined ? [] : [[WRITTEN_SMALL.get(name) ?? name, text] as const];
      }),
  );
}

function objectIn(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function numberIn(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === "string" && value !== "");
}
