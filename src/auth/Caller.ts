import type { Session } from "./Session.ts";

/** Who sends a request, once authenticated. */
export type Caller = Anonymous | SignedCaller;

/** Everybody who does not sign; owns nothing. */
export interface Anonymous {
  readonly kind: "anonymous";
  /** S3's well-known id for them. */
  readonly canonicalId: string;
  readonly displayName: string;
  readonly accessKeyId: undefined;
  readonly accountId: undefined;
}

/**
 * An account's root, or somebody in it who may do what policies allow them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export interface SignedCaller {
  readonly kind: "root" | "user" | "assumed-role" | "federated-user";
  /** The canonical id of their account, which owns what they make: 64 hexadecimal characters. */
  readonly canonicalId: string;
  /** The display name of their account. */
  readonly displayName: string;
  readonly accessKeyId: string;
  /** Twelve digits. */
  readonly accountId: string;
  /**
   * arn:aws:iam::ACCOUNT:root, arn:aws:iam::ACCOUNT:user/PATH/NAME, arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION or
   * arn:aws:sts::ACCOUNT:federated-user/NAME.
   */
  readonly arn: string;
  /** `aws:userid`: the account id, AIDA…, AROA…:SESSION, or ACCOUNT:NAME. */
  readonly userId: string;
  /** The user's, or that of who asked for a federated user's session; `undefined` for others. */
  readonly userName: string | undefined;
  /** `aws:PrincipalArn`: a role's own ARN for its sessions; for all others `arn`. */
  readonly principalArn: string;
  /** `aws:PrincipalTag`: the tags of a user, or of a role with those of its session. */
  readonly tags: Readonly<Record<string, string>>;
  /** What temporary credentials say of themselves; `undefined` for long-term keys. */
  readonly session: Session | undefined;
}

/** An access key and whom it belongs to. The secret never leaves the auth room. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly caller: SignedCaller;
  /** True while the operator does not want the key to open anything. */
  readonly disabled?: boolean;
}

/** Where access keys are looked up. Synchronous when the engine is; a promise otherwise. */
export interface CredentialSource {
  find(accessKeyId: string): Credential | undefined | Promise<Credential | undefined>;
  /**
   * The temporary credentials that a session token holds, whether or not their time has run out; `undefined` where whose they are is not
   * there any more. Throws InvalidToken for a token that was not issued here, or with another access key. A source without it has none.
   */
  open?(sessionToken: string, accessKeyId: string): Credential | undefined | Promise<Credential | undefined>;
}
