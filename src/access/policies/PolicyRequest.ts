/** Who asks, as policies know them. A `Caller` is one. */
export interface Principal {
  readonly kind: "root" | "user" | "assumed-role" | "federated-user" | "anonymous" | "service";
  /** Twelve digits; `undefined` for those who do not sign, and for services. */
  readonly accountId: string | undefined;
  /** The canonical id of their account: 64 hexadecimal characters. */
  readonly canonicalId?: string | undefined;
  /**
   * arn:aws:iam::ACCOUNT:root, arn:aws:iam::ACCOUNT:user/PATH/NAME, arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION or
   * arn:aws:sts::ACCOUNT:federated-user/NAME.
   */
  readonly arn?: string | undefined;
  /** A role's own ARN for its sessions; for all others the same as `arn`. */
  readonly principalArn?: string | undefined;
  /** `aws:userid`: the account id, AIDA…, AROA…:SESSION, or ACCOUNT:NAME. */
  readonly userId?: string | undefined;
  /** The identity provider that vouches for a web identity: the ARN of an OIDC provider, or its name. */
  readonly federatedProvider?: string | undefined;
  /** Of a service of AWS's, which is nobody's account: its name, such as logging.s3.amazonaws.com. */
  readonly service?: string | undefined;
  /** The ARN of the user who asked for a federated user's session. */
  readonly federatedBy?: string | undefined;
}

/** What policies are asked about: may this principal do this, to this, in a request that is like this? */
export interface PolicyRequest {
  /** An IAM action, such as "s3:GetObject", "iam:CreateUser", "sts:AssumeRole". */
  readonly action: string;
  /** An ARN, or "*" for actions that have no resource. */
  readonly resource: string;
  readonly principal: Principal;
  /** The values of a condition key, whose name is in lower case; `undefined` where the request has no such key. */
  values(key: string): readonly string[] | undefined;
}
