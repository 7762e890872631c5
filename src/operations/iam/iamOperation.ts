import type { ArnPermission } from "../../access/Permission.ts";
import { onArn } from "../../access/Permission.ts";
import { PolicyFault } from "../../access/policies/PolicyFault.ts";
import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { IamInputs, IamOperationName, IamOutputs, Tag } from "../../protocol/generated/iamTypes.ts";
import { IdentityError } from "../../store/accounts/IdentityError.ts";
import type { Store } from "../../store/Store.ts";
import type { Operation } from "../Operation.ts";
import { sentTags } from "./shownIdentities.ts";

/** What an operation of IAM's knows of its request beyond its input. */
export interface IamContext {
  readonly store: Store;
  readonly caller: SignedCaller;
  /** The caller's account, which is the one acted on: twelve digits. */
  readonly accountId: string;
}

/** What an operation of IAM's declares. It needs the action of its own name, on one ARN. */
interface IamDeclaration<Name extends IamOperationName> {
  readonly name: Name;
  readonly on: ArnPermission["arnOf"];
  /** True where its `Tags` are what conditions call the request's tags. */
  readonly givesTags?: true;
  handle(input: IamInputs[Name], context: IamContext): Promise<IamOutputs[Name]>;
}

/** An input that gives tags. */
interface Tagged {
  readonly Tags?: readonly Tag[] | undefined;
}

/** Declares an operation of IAM's. What the store and the readers of policies refuse is told as IAM tells it. */
export function iamOperation<Name extends IamOperationName>({
  name,
  on,
  givesTags,
  handle,
}: IamDeclaration<Name>): Operation<Name> {
  return {
    name,
    resource: "service",
    permissions: onArn(`iam:${name}`, on),
    ...(givesTags === true && { documentFacts: { tags: (input: unknown) => sentTags((input as Tagged).Tags) } }),
    async handle(input, { store, caller }) {
      // Who does not sign was told so: none of IAM's operations is for them.
      if (caller.kind === "anonymous") throw new QueryError("MissingAuthenticationToken");
      checkSession(caller);
      try {
        const output = await handle(input, { store, caller, accountId: caller.accountId });
        return { output } as never;
      } catch (cause) {
        throw inIamsWords(cause);
      }
    },
  };
}

/**
 * Refuses the sessions that IAM is closed to: those of federated users, and those a user asked for without showing an MFA device's code.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
function checkSession({ session }: SignedCaller): void {
  const isClosed =
    session?.kind === "GetFederationToken" || (session?.kind === "GetSessionToken" && session.mfaAtMs === undefined);
  if (!isClosed) return;
  throw new QueryError("InvalidClientTokenId", {
    explanation: `Credentials of ${session.kind} cannot ask IAM for anything${session.kind === "GetSessionToken" ? " unless an MFA device's code was shown for them" : ""}.`,
  });
}

function inIamsWords(cause: unknown): unknown {
  if (cause instanceof IdentityError) return new QueryError(cause.code, { message: cause.message, cause });
  if (cause instanceof PolicyFault) {
    return new QueryError("MalformedPolicyDocument", { message: cause.message, explanation: cause.explanation, cause });
  }
  return cause;
}
