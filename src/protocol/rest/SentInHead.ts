import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import type { SentMembers } from "../SentMembers.ts";
import type { ShapeMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";
import type { WireRequest } from "../WireRequest.ts";

/** Where each operation's members travel; made once for each operation. */
const membersByOperation = new Map<OperationName, ReadonlyMap<string, ShapeMember>>();

function membersOf(name: OperationName): ReadonlyMap<string, ShapeMember> {
  let members = membersByOperation.get(name);
  if (members === undefined) {
    const { input } = routes[name];
    members = new Map(input === undefined ? [] : shapeOf(input).members.map((member) => [member.name, member]));
    membersByOperation.set(name, members);
  }
  return members;
}

/** What the head of a REST request says: members in its address, query and headers. */
export class SentInHead implements SentMembers {
  readonly #members: ReadonlyMap<string, ShapeMember>;
  readonly #request: WireRequest;

  constructor(operation: OperationName, request: WireRequest) {
    this.#members = membersOf(operation);
    this.#request = request;
  }

  text(memberName: string): string | undefined {
    const member = this.#members.get(memberName);
    if (member === undefined) return undefined;
    const { address, headers, query } = this.#request;
    switch (member.in) {
      case "label":
        return memberName === "Bucket" ? address.bucket : address.key;
      case "query":
        return query.get(member.wire!);
      case "header":
        return headers.get(member.wire!);
      default:
        return undefined;
    }
  }
}
