import type { SignedCaller } from "../src/auth/Caller.ts";
import { rootCaller } from "../src/auth/rootCaller.ts";
import { accountIdOf } from "../src/store/accounts/accountIds.ts";

/** The root of an account, as the server would make it of an access key. */
export function rootOf(displayName: string, canonicalId: string, accessKeyId: string): SignedCaller {
  return rootCaller({ accountId: accountIdOf(canonicalId), canonicalId, displayName }, accessKeyId);
}
