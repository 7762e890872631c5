import type { ErrorCode } from "../errors/ErrorCode.ts";
import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import { isDay } from "./requestTime.ts";

/** Whom a signature of version 4 is by, and for what day and region. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  /** The scope as signed: day/region/s3/aws4_request. */
  readonly text: string;
}

/** How the two places a scope comes in word their errors. */
interface Wording {
  readonly code: ErrorCode;
  readonly prefix: string;
}

const HEADER: Wording = { code: "AuthorizationHeaderMalformed", prefix: "The authorization header is malformed; " };
const QUERY: Wording = { code: "AuthorizationQueryParametersError", prefix: "Error parsing the X-Amz-Credential parameter; " };

/** Reads the Credential of an Authorization header. Throws AuthorizationHeaderMalformed. */
export function parseHeaderScope(credential: string, region: string): CredentialScope {
  return parse(credential, region, HEADER);
}

/** Reads X-Amz-Credential; `time` is the request's. Throws AuthorizationQueryParametersError. */
export function parseQueryScope(credential: string, region: string, time: string): CredentialScope {
  const scope = parse(credential, region, QUERY);
  if (time.startsWith(scope.day)) return scope;
  throw new S3Error(QUERY.code, {
    message: `Invalid credential date "${scope.day}". This date is not the same as X-Amz-Date: "${time.slice(0, 8)}".`,
    explanation: `X-Amz-Credential is of ${quoted(scope.day)}, and X-Amz-Date of ${time.slice(0, 8)}; sign both for one day.`,
  });
}

function parse(credential: string, region: string, wording: Wording): CredentialScope {
  const parts = credential.split("/");
  if (parts.length < 5) {
    throw refused(
      wording,
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
      `The credential is ${quoted(credential)}, which has ${parts.length} of five parts.`,
    );
  }
  // An access key may hold slashes; the scope is the last four parts.
  const [day, given, service, terminal] = parts.slice(-4) as [string, string, string, string];
  if (!isDay(day)) {
    throw refused(
      wording,
      `incorrect date format "${day}". This date in the credential must be in the format "yyyyMMdd".`,
      `The day of the credential is ${quoted(day)}, which is no date.`,
    );
  }
  checkRegion(given, region, wording);
  if (service !== "s3")
    throw refused(
      wording,
      `incorrect service "${service}". This endpoint belongs to "s3".`,
      `The credential is for the service ${quoted(service)}; sign for s3.`,
    );
  if (terminal !== "aws4_request") {
    throw refused(
      wording,
      `incorrect terminal "${terminal}". This endpoint uses "aws4_request".`,
      `The credential ends in ${quoted(terminal)}; it must end in /aws4_request.`,
    );
  }
  return { accessKeyId: parts.slice(0, -4).join("/"), day, region: given, text: `${day}/${given}/${service}/${terminal}` };
}

function checkRegion(given: string, region: string, wording: Wording): void {
  if (given === region) return;
  if (given === "" && wording === HEADER) {
    throw refused(
      wording,
      "a non-empty region must be provided in the credential.",
      `The credential names no region; sign for ${region}.`,
    );
  }
  throw new S3Error(wording.code, {
    message: `${wording.prefix}the region '${given}' is wrong; expecting '${region}'`,
    details: [["Region", region]],
    // Where the signature is in the query, S3 leaves this header out.
    ...(wording === HEADER && { headers: { "x-amz-bucket-region": region } }),
    explanation: `The credential is for the region ${quoted(given)}, and this server is in ${region}; set the client's region to it.`,
  });
}

function refused(wording: Wording, problem: string, explanation: string): S3Error {
  return new S3Error(wording.code, { message: wording.prefix + problem, explanation });
}
