/** IAM's codes for what identities cannot be changed to. */
export type IdentityErrorCode =
  | "DeleteConflict"
  | "EntityAlreadyExists"
  | "InvalidInput"
  | "LimitExceeded"
  | "NoSuchEntity"
  | "PolicyNotAttachable"
  | "ValidationError";

/**
 * Thrown when identities are not, or cannot be, what was asked; the message is IAM's.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
export class IdentityError extends Error {
  override readonly name = "IdentityError";
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
