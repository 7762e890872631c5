import { S3Error } from "../../errors/S3Error.ts";
import type { Policy } from "./Policy.ts";
import type { NamedPrincipal } from "./Principals.ts";

/** The principals that a policy names, for whoever knows which exist. */
export function namedPrincipals(policy: Policy): readonly NamedPrincipal[] {
  return policy.statements.flatMap(({ principals }) => principals?.names.named ?? []);
}

/** S3's error for a bucket policy that names somebody who does not exist. */
export function invalidPrincipal({ element, written }: Pick<NamedPrincipal, "element" | "written">): S3Error {
  return new S3Error("MalformedPolicy", {
    message: "Invalid principal in policy",
    explanation: `There is no "${element}": "${written}" here.`,
  });
}
