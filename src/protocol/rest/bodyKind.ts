import { checksumOptional } from "../deviations.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import type { ShapeMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";

/** What the body of an operation's request is: nothing, an XML document, bytes to be streamed, or text (a policy). */
export type BodyKind = "none" | "xml" | "streaming" | "text";

/** The member of the input that is the body, if one is. */
export function payloadMember(name: OperationName): ShapeMember | undefined {
  return shapeOf(routes[name].input).members.find((member) => member.in === "payload");
}

/** The members of the input that are elements of the body, when no single member is the body. */
export function hasBodyMembers(name: OperationName): boolean {
  return shapeOf(routes[name].input).members.some((member) => member.in === "body");
}

const kinds = new Map<OperationName, BodyKind>();

/** What the body of an operation's request is. */
export function bodyKind(name: OperationName): BodyKind {
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = kindOf(name);
    kinds.set(name, kind);
  }
  return kind;
}

function kindOf(name: OperationName): BodyKind {
  const payload = payloadMember(name);
  if (payload === undefined) return hasBodyMembers(name) ? "xml" : "none";
  if (payload.type === "stream") return "streaming";
  return payload.type === "structure" ? "xml" : "text";
}

/** Content-MD5 or a checksum must come with the body. */
export function requiresChecksum(name: OperationName): boolean {
  return routes[name].requiresChecksum && !checksumOptional.has(name);
}
