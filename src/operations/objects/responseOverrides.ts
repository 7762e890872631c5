import type { Caller } from "../../auth/Caller.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** The query parameters that replace headers of a read's answer, the input members that hold them, and the output members they replace. */
const OVERRIDES = [
  ["response-cache-control", "ResponseCacheControl", "CacheControl"],
  ["response-content-disposition", "ResponseContentDisposition", "ContentDisposition"],
  ["response-content-encoding", "ResponseContentEncoding", "ContentEncoding"],
  ["response-content-language", "ResponseContentLanguage", "ContentLanguage"],
  ["response-content-type", "ResponseContentType", "ContentType"],
  ["response-expires", "ResponseExpires", "ExpiresString"],
] as const;

/** The members by which a read asks for other headers than the object's own. */
type OverrideMembers = { readonly [Member in (typeof OVERRIDES)[number][1]]?: string | undefined };

/** What a header value cannot hold: characters beyond ISO-8859-1, and controls, which would end or forge a header. */
const NOT_FOR_HEADERS = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/** Headers that a client asked to be sent instead of an object's own; Expires as sent, a date or not. */
export type ResponseOverrides = { readonly [Member in (typeof OVERRIDES)[number][2]]?: string };

/**
 * Reads the response-* overrides. Throws InvalidRequest for unsigned requests and InvalidArgument for values no header can hold.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function responseOverrides(input: OverrideMembers, caller: Caller): ResponseOverrides {
  const sent: { -readonly [Member in keyof ResponseOverrides]: string } = {};
  for (const [parameter, asked, member] of OVERRIDES) {
    const value = input[asked];
    if (value === undefined) continue;
    if (caller.kind === "anonymous") {
      throw new S3Error("InvalidRequest", {
        message: "Request specific response headers cannot be used for anonymous GET requests.",
        explanation: `${parameter} was sent with a request that is not signed; sign it, or leave the parameter out.`,
      });
    }
    checkHeaderValue(parameter, value);
    sent[member] = value;
  }
  return sent;
}

function checkHeaderValue(parameter: string, value: string): void {
  if (!NOT_FOR_HEADERS.test(value)) return;
  throw invalidArgument(parameter, value, {
    message: "Header value cannot be represented using ISO-8859-1.",
    explanation: `${parameter} holds a character that an HTTP header cannot carry; encode it, for file names as filename*=UTF-8''….`,
  });
}
