import { accountOfTemporaryKey } from "../../access/sessions/temporaryKeyIds.ts";
import { onArn } from "../../access/Permission.ts";
import { findCredential } from "../../store/accounts/credentials.ts";
import { QueryError } from "../../errors/QueryError.ts";
import { quoted } from "../../errors/quoted.ts";
import { operation } from "../Operation.ts";
import type { Operation } from "../Operation.ts";

/**
 * Tells whose account an access key is of, whether it still opens anything or not.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
 */
export const GetAccessKeyInfo: Operation<"GetAccessKeyInfo"> = operation({
  name: "GetAccessKeyInfo",
  resource: "service",
  permissions: onArn("sts:GetAccessKeyInfo", () => "*"),
  async handle({ AccessKeyId: accessKeyId }, { store }) {
    const account = accountOfTemporaryKey(accessKeyId) ?? (await findCredential(store, accessKeyId))?.caller.accountId;
    if (account !== undefined) return { output: { Account: account } };
    throw new QueryError("ValidationError", {
      message: `The access key ${accessKeyId} is not known`,
      explanation: `Nobody has the access key ${quoted(accessKeyId)} here, and it is none of temporary credentials.`,
    });
  },
});
