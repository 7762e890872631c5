/** What a caller says of a key of the key management service. */
export interface KeyName {
  readonly region: string | undefined;
  readonly accountId: string | undefined;
  /** With "alias/" in front; not there where a key is named by its id. */
  readonly alias: string | undefined;
  /** "" where an alias names the key. */
  readonly keyId: string;
}

/** Letters, digits and what else the ids of KMS and the names of other services' keys have. */
const KEY_ID = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}$/;
const ALIAS = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;
const ARN = /^arn:aws(?:-[a-z-]{1,20})?:kms:([a-z0-9-]{1,64}):([0-9]{12}):(.{1,300})$/;

/** Reads the id, ARN, alias or alias ARN of a key; `undefined` for what is none of them. */
export function readKeyName(text: string): KeyName | undefined {
  const arn = ARN.exec(text);
  const [, region, accountId, resource = text] = arn ?? [];
  if (ALIAS.test(resource)) return { region, accountId, alias: resource, keyId: "" };
  const keyId = arn === null ? resource : resource.startsWith("key/") ? resource.slice("key/".length) : "";
  return KEY_ID.test(keyId) ? { region, accountId, alias: undefined, keyId } : undefined;
}
