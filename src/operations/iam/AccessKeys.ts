import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { KeyOwner } from "../../store/accounts/accessKeys.ts";
import { createAccessKey, deleteAccessKey, listAccessKeys, setKeyStatus } from "../../store/accounts/accessKeys.ts";
import type { Operation } from "../Operation.ts";
import { userArn } from "./arns.ts";
import type { IamContext } from "./iamOperation.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, pageOf } from "./shownIdentities.ts";

/**
 * Makes an access key: the only answer that shows its secret.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
 */
export const CreateAccessKey: Operation<"CreateAccessKey"> = iamOperation({
  name: "CreateAccessKey",
  on: userArn,
  async handle({ UserName }, context) {
    const key = await createAccessKey(context.store, keyOwner(UserName, context));
    return {
      AccessKey: {
        UserName: shownName(key.userName),
        AccessKeyId: key.accessKeyId,
        Status: "Active",
        SecretAccessKey: key.secretAccessKey,
        CreateDate: new Date(key.createdAtMs),
      },
    };
  },
});

/**
 * Makes an access key active or inactive, from its next request on.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
 */
export const UpdateAccessKey: Operation<"UpdateAccessKey"> = iamOperation({
  name: "UpdateAccessKey",
  on: userArn,
  async handle({ UserName, AccessKeyId, Status }, context) {
    if (Status !== "Active" && Status !== "Inactive") {
      throw new QueryError("InvalidInput", { message: `The status ${Status} cannot be set on an access key.` });
    }
    await setKeyStatus(context.store, keyOwner(UserName, context), AccessKeyId, Status);
    return {};
  },
});

/**
 * Deletes an access key.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
 */
export const DeleteAccessKey: Operation<"DeleteAccessKey"> = iamOperation({
  name: "DeleteAccessKey",
  on: userArn,
  async handle({ UserName, AccessKeyId }, context) {
    await deleteAccessKey(context.store, keyOwner(UserName, context), AccessKeyId);
    return {};
  },
});

/**
 * Lists the access keys of somebody: without a name, of the caller.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
 */
export const ListAccessKeys: Operation<"ListAccessKeys"> = iamOperation({
  name: "ListAccessKeys",
  on: userArn,
  async handle({ UserName, ...page }, context) {
    const found = await listAccessKeys(context.store, keyOwner(UserName, context), pageOf(page));
    const AccessKeyMetadata = found.items.map((key) => ({
      UserName: key.userName,
      AccessKeyId: key.accessKeyId,
      Status: key.disabled ? "Inactive" : "Active",
      CreateDate: new Date(key.createdAtMs),
    }));
    return { AccessKeyMetadata, ...endOf(found) };
  },
});

/** Whose keys are meant. A root that names nobody means its own; so does a user. Throws ValidationError for sessions that name nobody. */
function keyOwner(userName: string | undefined, { accountId, caller }: IamContext): KeyOwner {
  return { accountId, userName: userName ?? callersName(caller) };
}

function callersName({ kind, userName }: SignedCaller): string | undefined {
  if (kind === "user" || kind === "root") return userName;
  throw new QueryError("ValidationError", { message: "Must specify userName when calling with non-User credentials" });
}

/** The schema wants a name, and a root has none. */
function shownName(userName: string | undefined): string {
  return userName ?? "";
}
