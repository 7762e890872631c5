/** Who sends a request, once authenticated. Anonymous callers exist and own nothing. */
export interface Caller {
  readonly kind: "user" | "anonymous";
  /** Canonical user id: 64 hexadecimal characters; S3's well-known id for anonymous callers. */
  readonly canonicalId: string;
  readonly displayName: string;
  readonly accessKeyId: string | undefined;
}

/** An access key and whom it belongs to. The secret never leaves the auth room. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly canonicalId: string;
  readonly displayName: string;
  /** True while the operator does not want the key to open anything. */
  readonly disabled?: boolean;
}

/** Where access keys are looked up. Synchronous when the engine is; a promise otherwise. */
export interface CredentialSource {
  find(accessKeyId: string): Credential | undefined | Promise<Credential | undefined>;
}
