import type { SignedCaller } from "./Caller.ts";

/** What an account's root is made of. */
export interface AccountNames {
  readonly accountId: string;
  readonly canonicalId: string;
  readonly displayName: string;
}

/** The root of an account, by one of its access keys. */
export function rootCaller({ accountId, canonicalId, displayName }: AccountNames, accessKeyId: string): SignedCaller {
  const arn = `arn:aws:iam::${accountId}:root`;
  return {
    kind: "root",
    canonicalId,
    displayName,
    accessKeyId,
    accountId,
    arn,
    userId: accountId,
    userName: undefined,
    principalArn: arn,
    tags: {},
    session: undefined,
  };
}
