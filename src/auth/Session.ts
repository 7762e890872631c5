/**
 * What temporary credentials say of themselves, beside whose they are: the content of a session token.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html
 */
export interface Session {
  /** How they were asked for. */
  readonly kind: "GetSessionToken" | "AssumeRole" | "AssumeRoleWithWebIdentity" | "GetFederationToken";
  /** Milliseconds since 1970. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** When the caller has shown an MFA device's code; `undefined` where none was shown. */
  readonly mfaAtMs: number | undefined;
  readonly sourceIdentity: string | undefined;
  /** The names of session tags that the next role gets as well. */
  readonly transitiveTagKeys: readonly string[];
  /** The ARN of the identity provider of a web identity, `aws:FederatedProvider`. */
  readonly federatedProvider: string | undefined;
  /**
   * The session policies, as documents: nothing is allowed beyond them. `undefined` where none was passed, which leaves a session all that
   * its user or role may; but a federated user has then nothing, and an empty list here.
   */
  readonly policies: readonly string[] | undefined;
  /** The ARNs of managed policies that are session policies as well, as they are at the time of each request. */
  readonly policyArns: readonly string[];
}
