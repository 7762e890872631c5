import { hash } from "node:crypto";
import { QueryError } from "../errors/QueryError.ts";
import { quoted } from "../errors/quoted.ts";
import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Claim } from "./Authentication.ts";
import type { Credential } from "./Caller.ts";
import { canonicalParts, canonicalText } from "./canonicalRequest.ts";
import { basicTime, isDay, isSkewed, MAX_SKEW_MS, parseBasicTime, parseTime } from "./requestTime.ts";
import { ALGORITHM_V4 } from "./signatureV4.ts";
import { explainMismatch } from "./mismatch.ts";
import { signedOtherwiseV4 } from "./signedOtherwise/signedOtherwiseV4.ts";
import { equalInConstantTime, signingKeyV4 } from "./signingKeys.ts";

/** The body of a form is read and part of what was signed: nothing of it is left to be verified. */
export const VERIFIED: PayloadSecurity = { mode: "unsigned", sha256: undefined, chunks: undefined };

/** What the signature of a form is over beside the head of its request. */
export interface FormSignature {
  readonly service: "iam" | "sts";
  /** Of the body as it came, in lower-case hexadecimal digits. */
  readonly bodySha256: string;
}

interface ClaimOptions extends FormSignature {
  readonly nowMs: number;
  readonly realClock?: () => number;
}

/** What a request says of its signature. */
interface Signed {
  readonly accessKeyId: string;
  readonly day: string;
  readonly region: string;
  /** YYYYMMDD'T'HHMMSS'Z'. */
  readonly time: string;
  readonly signedAtMs: number;
  readonly signedHeaders: ReadonlySet<string>;
  readonly signature: string;
  readonly sessionToken: string | undefined;
  readonly authType: Claim["authType"];
}

/** What a request to IAM or STS says of its sender, in the right form and at the right time, and still to be proven. */
class FormClaim implements Claim {
  readonly version: typeof ALGORITHM_V4 = ALGORITHM_V4;
  readonly #request: WireRequest;
  readonly #signed: Signed;
  readonly #form: FormSignature;

  constructor(request: WireRequest, signed: Signed, form: FormSignature) {
    this.#request = request;
    this.#signed = signed;
    this.#form = form;
  }

  get accessKeyId(): string {
    return this.#signed.accessKeyId;
  }

  get authType(): Claim["authType"] {
    return this.#signed.authType;
  }

  get signedAtMs(): number {
    return this.#signed.signedAtMs;
  }

  get sessionToken(): string | undefined {
    return this.#signed.sessionToken;
  }

  prove({ accessKeyId, secretAccessKey }: Credential): PayloadSecurity {
    const { day, region, time, signedHeaders, signature, authType } = this.#signed;
    const { service, bodySha256 } = this.#form;
    const parts = canonicalParts(this.#request, signedHeaders, bodySha256, authType === "REST-QUERY-STRING");
    const canonical = canonicalText(parts);
    const toSign = (text: string): string =>
      `${ALGORITHM_V4}\n${time}\n${day}/${region}/${service}/aws4_request\n${hash("sha256", text)}`;
    const stringToSign = toSign(canonical);
    const key = signingKeyV4(accessKeyId, secretAccessKey, day, region, service);
    if (equalInConstantTime(key.sign(stringToSign), signature)) return VERIFIED;
    const isSigned = (text: string): boolean => equalInConstantTime(key.sign(toSign(text)), signature);
    const found = signedOtherwiseV4(this.#request, parts, { domains: [], region }, isSigned);
    throw new QueryError("SignatureDoesNotMatch", {
      explanation:
        `${explainMismatch(this.#request, found, "the Canonical String")} ` +
        `The Canonical String for this request should have been\n'${canonical}'\n\nThe String-to-Sign should have been\n'${stringToSign}'`,
    });
  }
}

/** The parts of a signature of version 4, wherever they come. */
interface Parts {
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
}

/** A presigned address is good for a week at most. */
const MAX_EXPIRES_SECONDS = 604_800;

/** What a request claims; `undefined` for one that is not signed. Throws IncompleteSignature, and SignatureDoesNotMatch for another time or scope. */
export function formClaimOf(request: WireRequest, options: ClaimOptions): Claim | undefined {
  const header = request.headers.get("authorization");
  const isPresigned = request.query.has("X-Amz-Signature") || request.query.has("X-Amz-Credential");
  if (header === undefined && !isPresigned) return undefined;
  const signed = header === undefined ? signedByQuery(request, options) : signedByHeader(request, header, options);
  return new FormClaim(request, signed, options);
}

function signedByHeader(request: WireRequest, header: string, options: ClaimOptions): Signed {
  if (!header.startsWith(`${ALGORITHM_V4} `)) {
    throw incomplete(
      `Authorization header requires the algorithm ${ALGORITHM_V4}.`,
      `The Authorization header begins with ${quoted(header.split(" ")[0]!)}.`,
    );
  }
  const parts = whole(partsOfHeader(header), "Authorization header");
  const date = request.headers.get("x-amz-date") ?? request.headers.get("date") ?? "";
  const signedAtMs = parseTime(date);
  if (signedAtMs === undefined) {
    throw incomplete(
      `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${ALGORITHM_V4}`,
      date === "" ? "Neither came." : `${quoted(date)} is no time.`,
    );
  }
  if (isSkewed(signedAtMs, options.nowMs, options.realClock)) throw outOfTime(signedAtMs, options.nowMs, MAX_SKEW_MS);
  const time = basicTime(signedAtMs);
  return {
    ...scopeOf(parts.credential, time, options.service),
    ...{ time, signedAtMs, signature: parts.signature, authType: "REST-HEADER" },
    signedHeaders: signedHeadersOf(request, parts.signedHeaders),
    sessionToken: request.headers.get("x-amz-security-token"),
  };
}

function partsOfHeader(header: string): Parts {
  const found = new Map<string, string>();
  for (const field of header.slice(ALGORITHM_V4.length).split(",")) {
    const text = field.trim();
    const equals = text.indexOf("=");
    if (text.includes("=")) found.set(text.slice(0, equals), text.slice(equals + 1));
  }
  return { credential: found.get("Credential"), signedHeaders: found.get("SignedHeaders"), signature: found.get("Signature") };
}

/** A presigned address, as those who prove to others who they are send GetCallerIdentity. */
function signedByQuery(request: WireRequest, { service, nowMs, realClock }: ClaimOptions): Signed {
  const { query } = request;
  const parts = whole(
    {
      credential: query.get("X-Amz-Credential"),
      signedHeaders: query.get("X-Amz-SignedHeaders"),
      signature: query.get("X-Amz-Signature"),
    },
    "AWS query-string parameters",
  );
  const date = query.get("X-Amz-Date") ?? "";
  const signedAtMs = parseBasicTime(date);
  if (query.get("X-Amz-Algorithm") !== ALGORITHM_V4 || signedAtMs === undefined) {
    throw incomplete(
      "AWS query-string parameters must include 'X-Amz-Algorithm' and 'X-Amz-Date'. Re-examine the query-string parameters.",
      `X-Amz-Algorithm is ${ALGORITHM_V4}, and X-Amz-Date a time such as 20260301T120000Z, which ${quoted(date)} is not.`,
    );
  }
  const seconds = Number(query.get("X-Amz-Expires"));
  const lifetimeMs = seconds > 0 && seconds <= MAX_EXPIRES_SECONDS ? seconds * 1000 : MAX_SKEW_MS;
  const isEarly = signedAtMs > nowMs && isSkewed(signedAtMs, nowMs, realClock);
  if (isEarly || nowMs > signedAtMs + lifetimeMs) throw outOfTime(signedAtMs, nowMs, lifetimeMs);
  return {
    ...scopeOf(parts.credential, date, service),
    ...{ time: date, signedAtMs, signature: parts.signature, authType: "REST-QUERY-STRING" },
    signedHeaders: signedHeadersOf(request, parts.signedHeaders),
    sessionToken: query.get("X-Amz-Security-Token"),
  };
}

function whole({ credential, signedHeaders, signature }: Parts, where: string): Readonly<Record<keyof Parts, string>> {
  if (credential !== undefined && signedHeaders !== undefined && signature !== undefined) {
    return { credential, signedHeaders, signature };
  }
  const missing = Object.entries({ Credential: credential, Signature: signature, SignedHeaders: signedHeaders })
    .filter(([, value]) => value === undefined)
    .map(([name]) => `${where} requires '${name}' parameter.`);
  throw incomplete(missing.join(" "), "Sign the request again: a part of its signature is missing.");
}

function scopeOf(credential: string, time: string, service: string): Pick<Signed, "accessKeyId" | "day" | "region"> {
  const parts = credential.split("/");
  if (parts.length < 5) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
      "Sign the request again: its credential does not say for what it was made.",
    );
  }
  const [day, region, given, terminal] = parts.slice(-4) as [string, string, string, string];
  if (given !== service) throw mismatch(`Credential should be scoped to correct service: '${service}'.`);
  if (terminal !== "aws4_request") {
    throw mismatch(`Credential should be scoped with a valid terminator: 'aws4_request', not '${terminal}'.`);
  }
  if (!isDay(day) || !time.startsWith(day)) {
    const date = time.slice(0, 8);
    throw mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date}', from '${time}'.`,
    );
  }
  return { accessKeyId: parts.slice(0, -4).join("/"), day, region };
}

/** The names of signed headers, each once. What says where, when and by which session a request is sent must be among them. */
function signedHeadersOf({ headers }: WireRequest, list: string): ReadonlySet<string> {
  const names = new Set(list.split(";"));
  if (!names.has("host")) throw mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  for (const name of ["x-amz-date", "x-amz-security-token"]) {
    if (headers.has(name) && !names.has(name)) throw mismatch(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
  return names;
}

function outOfTime(signedAtMs: number, nowMs: number, lifetimeMs: number): QueryError {
  const [signed, now, minutes] = [basicTime(signedAtMs), basicTime(nowMs), Math.round(lifetimeMs / 60_000)];
  return mismatch(
    signedAtMs < nowMs
      ? `Signature expired: ${signed} is now earlier than ${basicTime(nowMs - lifetimeMs)} (${now} - ${minutes} min.)`
      : `Signature not yet current: ${signed} is still later than ${basicTime(nowMs + MAX_SKEW_MS)} (${now} + 15 min.)`,
  );
}

function mismatch(message: string): QueryError {
  return new QueryError("SignatureDoesNotMatch", { message });
}

function incomplete(message: string, explanation: string): QueryError {
  return new QueryError("IncompleteSignature", { message, explanation });
}
