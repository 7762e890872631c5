/** The name of the user that a new store begins with. */
export const FIRST_USER_NAME = "admin";

/** 1 to 64 visible characters, spaces between them allowed. */
const USER_NAME_FORM = /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,62}[^\s\p{C}])?$/u;
/** A "/" would end the access key inside a credential scope. */
const ACCESS_KEY_ID_FORM = /^[A-Za-z0-9_.-]{3,128}$/;
const SECRET_ACCESS_KEY_FORM = /^[\x21-\x7e]{8,128}$/;

/** Thrown when users cannot be changed as asked; its message is written for the operator. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Whom to add. Keys that are left out are made. */
export interface NewUser {
  /** The display name; a name already there gets a further access key for the same owner. */
  readonly name: string;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
}

/** Makes sure that name and keys have forms that a user can have. Throws `UserError`. */
export function checkUserForms({ name, accessKeyId, secretAccessKey }: NewUser): void {
  if (!USER_NAME_FORM.test(name)) throw new UserError(`"${name}" cannot be a user's name: 1 to 64 visible characters, please.`);
  if (accessKeyId !== undefined && !ACCESS_KEY_ID_FORM.test(accessKeyId)) {
    throw new UserError(`"${accessKeyId}" cannot be an access key: 3 to 128 letters, digits, "_", "." or "-", please.`);
  }
  // The secret itself is never repeated.
  if (secretAccessKey !== undefined && !SECRET_ACCESS_KEY_FORM.test(secretAccessKey)) {
    throw new UserError("The secret key must have 8 to 128 visible ASCII characters.");
  }
}
