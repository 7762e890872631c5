import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { User } from "../../protocol/generated/iamTypes.ts";
import { findAccount } from "../../store/accounts/findAccount.ts";
import { createUser, deleteUser, getUser, listUsers, updateUser } from "../../store/accounts/users.ts";
import type { Operation } from "../Operation.ts";
import { listArn, newUserArn, userArn } from "./arns.ts";
import type { IamContext } from "./iamOperation.ts";
import { iamOperation } from "./iamOperation.ts";
import { endOf, listedUser, pageOf, sentTags, shownUser } from "./shownIdentities.ts";

/**
 * Makes a user.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 */
export const CreateUser: Operation<"CreateUser"> = iamOperation({
  name: "CreateUser",
  on: newUserArn,
  givesTags: true,
  async handle({ UserName, Path, PermissionsBoundary, Tags }, { store, accountId }) {
    const wanted = { accountId, userName: UserName, path: Path, boundaryArn: PermissionsBoundary, tags: sentTags(Tags) };
    return { User: shownUser(await createUser(store, wanted)) };
  },
});

/**
 * Shows a user: without a name, the caller.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
 */
export const GetUser: Operation<"GetUser"> = iamOperation({
  name: "GetUser",
  on: userArn,
  async handle({ UserName }, { store, caller, accountId }) {
    if (UserName === undefined && caller.kind === "root") return { User: await rootAsUser(store, caller) };
    return { User: shownUser(await getUser(store, accountId, UserName ?? ownName(caller))) };
  },
});

/** The root of an account, which has no name and no path. */
async function rootAsUser(store: IamContext["store"], { accountId, arn }: SignedCaller): Promise<User> {
  const account = await findAccount(store, { accountId });
  const CreateDate = account === undefined ? undefined : new Date(account.createdAtMs);
  return { UserId: accountId, Arn: arn, CreateDate } as User;
}

/** The name of the user who calls. Throws ValidationError for others. */
function ownName({ kind, userName }: SignedCaller): string {
  if (kind === "user" && userName !== undefined) return userName;
  throw new QueryError("ValidationError", { message: "Must specify userName when calling with non-User credentials" });
}

/**
 * Gives a user another name or path.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
 */
export const UpdateUser: Operation<"UpdateUser"> = iamOperation({
  name: "UpdateUser",
  on: userArn,
  async handle({ UserName, NewUserName, NewPath }, { store, accountId }) {
    await updateUser(store, accountId, UserName, { newUserName: NewUserName, newPath: NewPath });
    return {};
  },
});

/**
 * Deletes a user who has nothing any more.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
export const DeleteUser: Operation<"DeleteUser"> = iamOperation({
  name: "DeleteUser",
  on: userArn,
  async handle({ UserName }, { store, accountId }) {
    await deleteUser(store, accountId, UserName);
    return {};
  },
});

/**
 * Lists users.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
 */
export const ListUsers: Operation<"ListUsers"> = iamOperation({
  name: "ListUsers",
  on: listArn("user"),
  async handle({ PathPrefix, ...page }, { store, accountId }) {
    const found = await listUsers(store, accountId, { ...pageOf(page), pathPrefix: PathPrefix });
    return { Users: found.items.map(listedUser), ...endOf(found) };
  },
});
