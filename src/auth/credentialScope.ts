import type { ErrorCode } from "../errors/ErrorCode.ts";
import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { ErrorDetail } from "../errors/ServiceError.ts";
import type { AuthenticationOptions } from "./Authentication.ts";
import { isDay } from "./requestTime.ts";

/** Whom a signature of version 4 is by, and for what day and region. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  /** The scope as signed: day/region/s3/aws4_request. */
  readonly text: string;
}

/** How the places a scope comes in word their errors. */
interface Wording {
  readonly code: ErrorCode;
  readonly prefix: string;
  /** The argument that the error names, with the credential as its value. */
  readonly argument?: string;
}

const HEADER: Wording = { code: "AuthorizationHeaderMalformed", prefix: "The authorization header is malformed; " };
const QUERY: Wording = { code: "AuthorizationQueryParametersError", prefix: "Error parsing the X-Amz-Credential parameter; " };
const FORM: Wording = { code: "InvalidArgument", prefix: "", argument: "X-Amz-Credential" };

/** The region that a scope must name, and others that it may name. */
export type ScopeRegions = Pick<AuthenticationOptions, "region" | "otherRegions">;

/** Reads the Credential of an Authorization header. Throws AuthorizationHeaderMalformed. */
export function parseHeaderScope(credential: string, regions: ScopeRegions): CredentialScope {
  return parse(credential, regions, HEADER);
}

/** Reads X-Amz-Credential; `time` is the request's. Throws AuthorizationQueryParametersError. */
export function parseQueryScope(credential: string, regions: ScopeRegions, time: string): CredentialScope {
  const scope = parse(credential, regions, QUERY);
  if (time.startsWith(scope.day)) return scope;
  throw otherDay(scope, credential, time, QUERY);
}

/** Reads the credential of a browser's form; `time` is that of its x-amz-date. Throws InvalidArgument. */
export function parseFormScope(credential: string, regions: ScopeRegions, time: string): CredentialScope {
  const scope = parse(credential, regions, FORM);
  if (scope.accessKeyId === "") {
    throw refused(
      FORM,
      credential,
      "a non-empty Access Key (AKID) must be provided in the credential.",
      `The credential is ${quoted(credential)}, with nothing before its day.`,
    );
  }
  if (time.startsWith(scope.day)) return scope;
  throw otherDay(scope, credential, time, FORM);
}

function otherDay({ day }: CredentialScope, credential: string, time: string, { code, argument }: Wording): S3Error {
  return new S3Error(code, {
    message: `Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${time.slice(0, 8)}".`,
    details: argumentDetails(argument, credential),
    explanation: `X-Amz-Credential is of ${quoted(day)}, and X-Amz-Date of ${time.slice(0, 8)}; sign both for one day.`,
  });
}

function parse(credential: string, regions: ScopeRegions, wording: Wording): CredentialScope {
  const parts = credential.split("/");
  if (parts.length < 5) {
    throw refused(
      wording,
      credential,
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
      `The credential is ${quoted(credential)}, which has ${parts.length} of five parts.`,
    );
  }
  // An access key may hold slashes; the scope is the last four parts.
  const [day, given, service, terminal] = parts.slice(-4) as [string, string, string, string];
  if (!isDay(day)) {
    throw refused(
      wording,
      credential,
      `incorrect date format "${day}". This date in the credential must be in the format "yyyyMMdd".`,
      `The day of the credential is ${quoted(day)}, which is no date.`,
    );
  }
  checkRegion(given, regions, credential, wording);
  if (service !== "s3")
    throw refused(
      wording,
      credential,
      `incorrect service "${service}". This endpoint belongs to "s3".`,
      `The credential is for the service ${quoted(service)}; sign for s3.`,
    );
  if (terminal !== "aws4_request") {
    throw refused(
      wording,
      credential,
      `incorrect terminal "${terminal}". This endpoint uses "aws4_request".`,
      `The credential ends in ${quoted(terminal)}; it must end in /aws4_request.`,
    );
  }
  return { accessKeyId: parts.slice(0, -4).join("/"), day, region: given, text: `${day}/${given}/${service}/${terminal}` };
}

function checkRegion(given: string, { region, otherRegions = [] }: ScopeRegions, credential: string, wording: Wording): void {
  if (given === region || otherRegions.includes(given)) return;
  if (given === "" && wording === HEADER) {
    throw refused(
      wording,
      credential,
      "a non-empty region must be provided in the credential.",
      `The credential names no region; sign for ${region}.`,
    );
  }
  throw new S3Error(wording.code, {
    message: `${wording.prefix}the region '${given}' is wrong; expecting '${region}'`,
    details: [...argumentDetails(wording.argument, credential), ["Region", region]],
    // Where the signature is elsewhere, S3 leaves this header out.
    ...(wording === HEADER && { headers: { "x-amz-bucket-region": region } }),
    explanation: `The credential is for the region ${quoted(given)}, and this request is to be signed for ${region}; set the client's region to it.`,
  });
}

function refused({ code, prefix, argument }: Wording, credential: string, problem: string, explanation: string): S3Error {
  return new S3Error(code, { message: prefix + problem, details: argumentDetails(argument, credential), explanation });
}

function argumentDetails(argument: string | undefined, credential: string): readonly ErrorDetail[] {
  if (argument === undefined) return [];
  return [
    ["ArgumentName", argument],
    ["ArgumentValue", credential],
  ];
}
