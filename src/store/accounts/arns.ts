import type { IdentityRecord } from "../records/identityFields.ts";

/** What has an ARN of IAM's with a path. */
export type ArnKind = "group" | "policy" | "role" | "user";

/**
 * The ARN of a user, a group, a role or a managed policy.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
export function identityArn(
  kind: ArnKind,
  { accountId, path, name }: Pick<IdentityRecord, "accountId" | "path" | "name">,
): string {
  return `arn:aws:iam::${accountId}:${kind}${path}${name}`;
}

/** An ARN of IAM's, taken apart. */
export interface IdentityArn {
  /** Twelve digits, or "aws" for what is AWS's own. */
  readonly accountId: string;
  readonly kind: ArnKind;
  readonly path: string;
  readonly name: string;
}

const ARN = /^arn:aws:iam::(\d{12}|aws):(group|policy|role|user)(\/(?:[\x21-\x7e]*\/)?)([\w+=,.@-]{1,128})$/;
const LONGEST_ARN_CHARACTERS = 2_048;

/** Takes an ARN of a user, a group, a role or a managed policy apart; `undefined` for every other text. */
export function parseIdentityArn(arn: string): IdentityArn | undefined {
  const found = arn.length <= LONGEST_ARN_CHARACTERS ? ARN.exec(arn) : null;
  if (found === null) return undefined;
  const [, accountId, kind, path, name] = found as unknown as readonly [string, string, ArnKind, string, string];
  return { accountId, kind, path, name };
}
