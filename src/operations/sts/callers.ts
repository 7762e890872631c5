import type { Caller, SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";

/** Who asks, if they sign. Throws MissingAuthenticationToken. */
export function signedCaller(caller: Caller): SignedCaller {
  if (caller.kind !== "anonymous") return caller;
  throw new QueryError("MissingAuthenticationToken");
}

/** Who asks with a long-term key: a root or a user. Throws AccessDenied for who has temporary credentials. */
export function longTermCaller(caller: Caller, operation: string): SignedCaller & { readonly kind: "root" | "user" } {
  const signed = signedCaller(caller);
  if (signed.session !== undefined) {
    throw new QueryError("AccessDenied", {
      message: `Cannot call ${operation} with session credentials`,
      explanation: "This takes the long-term access key of a user, or of an account's root.",
    });
  }
  return signed as SignedCaller & { readonly kind: "root" | "user" };
}

/** STS's error for who may not. */
export function notAuthorized(caller: SignedCaller, action: string, resource: string): QueryError {
  return new QueryError("AccessDenied", {
    message: `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`,
  });
}

/** Refuses members of an input that this store does not know what to do with. Throws NotImplemented. */
export function refuseUnbuilt<Input>(input: Input, ...names: readonly (keyof Input & string)[]): void {
  const sent = names.find((name) => input[name] !== undefined);
  if (sent === undefined) return;
  throw new QueryError("NotImplemented", {
    message: `The parameter ${sent} is not implemented.`,
    explanation: "Nothing was done. The request can be sent without it.",
  });
}
