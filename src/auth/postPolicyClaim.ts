import { createHmac } from "node:crypto";
import { invalidArgument } from "../errors/invalidArgument.ts";
import { quoted } from "../errors/quoted.ts";
import type { SignedPolicy } from "../protocol/Dialect.ts";
import { missingField } from "../protocol/form/formErrors.ts";
import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { AuthenticationOptions, Claim } from "./Authentication.ts";
import type { Credential } from "./Caller.ts";
import type { CredentialScope } from "./credentialScope.ts";
import { parseFormScope } from "./credentialScope.ts";
import { VERIFIED } from "./formClaim.ts";
import { signatureDoesNotMatch } from "./mismatch.ts";
import { parseBasicTime } from "./requestTime.ts";
import { ALGORITHM_V4 } from "./signatureV4.ts";
import { equalInConstantTime, signingKeyV4 } from "./signingKeys.ts";

/** The fields of each version's signature as S3 spells them, in the order in which they are missed. With any of them, all must be there. */
const SIGNATURE_FIELDS = {
  v4: ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"],
  v2: ["AWSAccessKeyId", "Signature"],
} as const;

/** What was signed: a policy as it came, in base64. */
interface SignedText {
  readonly policy: string;
  readonly signature: string;
  readonly sessionToken: string | undefined;
}

/** What a browser's form claims of who lets it in: whoever has signed its policy. The policy says until when; no clock is compared. */
abstract class PolicyClaim implements Claim {
  abstract readonly version: Claim["version"];
  readonly authType: Claim["authType"] = "POST";
  abstract readonly accessKeyId: string;
  abstract readonly signedAtMs: number | undefined;
  readonly #signed: SignedText;

  constructor(signed: SignedText) {
    this.#signed = signed;
  }

  get sessionToken(): string | undefined {
    return this.#signed.sessionToken;
  }

  prove(credential: Credential): PayloadSecurity {
    const { policy, signature } = this.#signed;
    if (equalInConstantTime(this.sign(policy, credential), signature)) return VERIFIED;
    throw signatureDoesNotMatch({
      accessKeyId: credential.accessKeyId,
      stringToSign: policy,
      signatureProvided: signature,
      explanation:
        "The access key exists. Either its secret is another one, or another policy was signed than the form has: the signature is over the text " +
        "of the field policy, base64, letter by letter.",
    });
  }

  protected abstract sign(policy: string, credential: Credential): string;
}

class PolicyClaimV4 extends PolicyClaim {
  readonly version = ALGORITHM_V4;
  readonly accessKeyId: string;
  readonly region: string;
  readonly signedAtMs: number;
  readonly #scope: CredentialScope;

  constructor(signed: SignedText, scope: CredentialScope, signedAtMs: number) {
    super(signed);
    this.accessKeyId = scope.accessKeyId;
    this.region = scope.region;
    this.signedAtMs = signedAtMs;
    this.#scope = scope;
  }

  protected sign(policy: string, { accessKeyId, secretAccessKey }: Credential): string {
    return signingKeyV4(accessKeyId, secretAccessKey, this.#scope.day, this.#scope.region).sign(policy);
  }
}

class PolicyClaimV2 extends PolicyClaim {
  readonly version = "AWS";
  readonly accessKeyId: string;
  readonly signedAtMs = undefined;

  constructor(signed: SignedText, accessKeyId: string) {
    super(signed);
    this.accessKeyId = accessKeyId;
  }

  protected sign(policy: string, { secretAccessKey }: Credential): string {
    return createHmac("sha1", secretAccessKey).update(policy).digest("base64");
  }
}

/**
 * What the fields of a form claim; `undefined` for one that has none of a signature's. Throws InvalidArgument for one that is missing or cannot
 * be, in S3's words.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/HTTPPOSTForms.html#HTTPPOSTConstructingPolicySignature
 */
export function policyClaimOf(form: SignedPolicy, options: AuthenticationOptions): Claim | undefined {
  const has = (name: string): boolean => form.field(name.toLowerCase()) !== undefined;
  if (SIGNATURE_FIELDS.v4.some(has)) return claimV4(required(form, SIGNATURE_FIELDS.v4), form, options);
  if (!SIGNATURE_FIELDS.v2.some(has)) return undefined;
  const { policy, values, sessionToken } = required(form, SIGNATURE_FIELDS.v2);
  const [accessKeyId, signature] = values;
  return new PolicyClaimV2({ policy, signature: signature!, sessionToken }, accessKeyId!);
}

function claimV4({ policy, values, sessionToken }: RequiredFields, form: SignedPolicy, options: AuthenticationOptions): Claim {
  const [algorithm, credential, date, signature] = values as [string, string, string, string];
  if (algorithm !== ALGORITHM_V4) {
    throw invalidArgument("X-Amz-Algorithm", algorithm, {
      message: `Only ${ALGORITHM_V4} is supported`,
      explanation: `The field x-amz-algorithm is ${quoted(algorithm)}.`,
    });
  }
  const signedAtMs = parseBasicTime(date);
  if (signedAtMs === undefined) {
    throw invalidArgument("X-Amz-Date", date, {
      message: "X-Amz-Date must be formated via ISO8601 Long format",
      explanation: `The field x-amz-date is ${quoted(date)}; 20260301T120000Z would be one.`,
    });
  }
  return new PolicyClaimV4({ policy, signature, sessionToken }, parseFormScope(credential, options, date), signedAtMs);
}

interface RequiredFields {
  readonly policy: string;
  /** Of the fields that were asked for, in their order. */
  readonly values: readonly string[];
  readonly sessionToken: string | undefined;
}

function required(form: SignedPolicy, names: readonly string[]): RequiredFields {
  const [policy, ...values] = ["Policy", ...names].map((name) => form.field(name.toLowerCase()));
  const missing = names.find((_, index) => values[index] === undefined) ?? (policy === undefined ? "Policy" : undefined);
  if (missing !== undefined) throw missingField(missing);
  return { policy: policy!, values: values as string[], sessionToken: form.field("x-amz-security-token") };
}
