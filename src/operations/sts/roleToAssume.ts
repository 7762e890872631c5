import { QueryError } from "../../errors/QueryError.ts";
import { quoted } from "../../errors/quoted.ts";
import { identityArn } from "../../store/accounts/arns.ts";
import { findRole } from "../../store/accounts/roles.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import type { Store } from "../../store/Store.ts";

const BEFORE_PATH = /^arn:aws:iam::(\d{12}):role\//;

/** The role of an ARN, if there is one: who asks for one that is not there is told the same as who may not assume it. Throws ValidationError. */
export async function roleToAssume(store: Store, roleArn: string): Promise<RoleRecord | undefined> {
  const accountId = BEFORE_PATH.exec(roleArn)?.[1];
  const roleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  if (accountId === undefined || roleName === "") {
    throw new QueryError("ValidationError", {
      message: `${roleArn} is invalid`,
      explanation: `${quoted(roleArn)} is not the ARN of a role, which is like arn:aws:iam::123456789012:role/path/name.`,
    });
  }
  const role = await findRole(store, accountId, roleName);
  return role !== undefined && identityArn("role", role) === roleArn ? role : undefined;
}
