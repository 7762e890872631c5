/** The name of the account that a new store begins with. */
export const FIRST_USER_NAME = "admin";

/** 1 to 64 visible characters, spaces between them allowed. */
const ACCOUNT_NAME_FORM = /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,62}[^\s\p{C}])?$/u;
const EMAIL_FORM = /^[^\s\p{C}@]{1,64}@[^\s\p{C}@]{1,255}$/u;
/** A "/" would end the access key inside a credential scope. */
const ACCESS_KEY_ID_FORM = /^[A-Za-z0-9_.-]{3,128}$/;
/** What temporary credentials begin with: their keys are kept nowhere. */
const TEMPORARY_PREFIX = "ASIA";
const SECRET_ACCESS_KEY_FORM = /^[\x21-\x7e]{8,128}$/;

/** Thrown when accounts and their keys cannot be changed as asked; its message is written for the operator. */
export class AccountError extends Error {
  override readonly name = "AccountError";
}

/** What to add: an account, or a further key of its root. Keys that are left out are made. */
export interface NewAccount {
  /** The display name; for a name already there, its root gets a further access key. */
  readonly name: string;
  readonly email?: string | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
}

/** Makes sure that name, address and keys have forms that an account can have. Throws `AccountError`. */
export function checkAccountForms({ name, email, ...keys }: NewAccount): void {
  if (!ACCOUNT_NAME_FORM.test(name)) {
    throw new AccountError(`"${name}" cannot be a user's name: 1 to 64 visible characters, please.`);
  }
  if (email !== undefined && !EMAIL_FORM.test(email)) throw new AccountError(`"${email}" cannot be an e-mail address.`);
  checkKeyForms(keys);
}

/** Makes sure that keys have forms that keys can have. Throws `AccountError`. */
export function checkKeyForms({ accessKeyId, secretAccessKey }: Pick<NewAccount, "accessKeyId" | "secretAccessKey">): void {
  if (accessKeyId !== undefined && !ACCESS_KEY_ID_FORM.test(accessKeyId)) {
    throw new AccountError(`"${accessKeyId}" cannot be an access key: 3 to 128 letters, digits, "_", "." or "-", please.`);
  }
  if (accessKeyId?.startsWith(TEMPORARY_PREFIX) === true) {
    throw new AccountError(
      `"${accessKeyId}" cannot be an access key: those of temporary credentials begin with "${TEMPORARY_PREFIX}".`,
    );
  }
  // The secret itself is never repeated.
  if (secretAccessKey !== undefined && !SECRET_ACCESS_KEY_FORM.test(secretAccessKey)) {
    throw new AccountError("The secret key must have 8 to 128 visible ASCII characters.");
  }
}
