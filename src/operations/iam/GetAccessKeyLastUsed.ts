import type { Asked } from "../../access/Permission.ts";
import { identityArn } from "../../store/accounts/arns.ts";
import { IdentityError } from "../../store/accounts/IdentityError.ts";
import { keyLastUsed } from "../../store/accounts/keyLastUsed.ts";
import { findUser } from "../../store/accounts/users.ts";
import type { Operation } from "../Operation.ts";
import { anything } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";

/** What an access key that was never used has in place of a service and a region. */
const NEVER = "N/A";

/**
 * Shows when an access key was last used, and for what.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
 */
export const GetAccessKeyLastUsed: Operation<"GetAccessKeyLastUsed"> = iamOperation({
  name: "GetAccessKeyLastUsed",
  on: arnOfKeysUser,
  async handle({ AccessKeyId }, { store, accountId }) {
    const { key, use } = await keyLastUsed(store, accountId, AccessKeyId);
    return {
      UserName: key.userName,
      AccessKeyLastUsed: {
        LastUsedDate: use === undefined ? undefined : new Date(use.usedAtMs),
        ServiceName: use?.service ?? NEVER,
        Region: use?.region ?? NEVER,
      },
    };
  },
});

/** The user whose key it is; of the root's keys, and where there is none, anything. */
async function arnOfKeysUser({ caller: { accountId }, sent, store }: Asked): Promise<string> {
  try {
    const { key } = await keyLastUsed(store, accountId, sent.text("AccessKeyId") ?? "");
    const user = key.userName === undefined ? undefined : await findUser(store, accountId, key.userName);
    return user === undefined ? anything() : identityArn("user", user);
  } catch (cause) {
    if (cause instanceof IdentityError) return anything();
    throw cause;
  }
}
