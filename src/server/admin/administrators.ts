import { S3Error } from "../../errors/S3Error.ts";
import { FIRST_USER_NAME } from "../../store/accounts/accountForms.ts";
import { findAccount } from "../../store/accounts/findAccount.ts";
import type { RequestLife } from "../requests/RequestLife.ts";

/**
 * Makes sure that a request is an administrator's: of the root of the first user's account, or of somebody in it whom policies allow it. Other
 * accounts cannot be let in: their policies are their own. Throws AccessDenied.
 */
export async function checkAdministrator(life: RequestLife, action: string, arn: string): Promise<void> {
  const { caller, store } = life;
  if (caller.kind === "anonymous") {
    throw new S3Error("AccessDenied", {
      explanation: `The request is not signed, and this is for administrators; it needs ${action}. Sign it as any request of S3's.`,
    });
  }
  const first = await findAccount(store, { displayName: FIRST_USER_NAME });
  if (caller.canonicalId !== first?.canonicalId) {
    life.note("refused", { reasons: [`${action} on ${arn} by ${caller.arn}: the account is not that of "${FIRST_USER_NAME}"`] });
    throw new S3Error("AccessDenied", {
      explanation: `This is for administrators: the account "${FIRST_USER_NAME}", and whom its policies allow ${action} in it. ${caller.arn} is of another account.`,
    });
  }
  await life.require({ action, bucket: undefined, arn });
}
