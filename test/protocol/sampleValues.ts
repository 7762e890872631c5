import { enums } from "../../src/protocol/generated/enums.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";
import type { ShapeMember, TypeOfMember } from "../../src/protocol/Shape.ts";

/** Inputs and outputs for every operation, made from the shapes: the least a structure needs, or all it can hold. */
export type Fullness = "minimal" | "maximal";

export type Sample = Record<string, unknown>;

/** Whole seconds, because S3 keeps no more. */
const MOMENT = new Date(Date.UTC(2026, 1, 3, 4, 5, 6));

/** Members of a structure with values; `omitted` names the ones to leave out. */
export function sample(shapeName: string, fullness: Fullness, omitted: ReadonlySet<string> = new Set()): Sample {
  const { kind, members } = shapeOf(shapeName);
  const wanted = members.filter((member) => !omitted.has(member.name) && (fullness === "maximal" || isNeeded(member)));
  // A union has one member at a time, and an empty one is no value.
  const chosen = kind === "union" ? members.slice(0, 1) : wanted;
  return Object.fromEntries(chosen.map((member) => [member.name, valueOf(member, member, fullness)]));
}

/** A document that is a member's is there even when nothing else is. */
function isNeeded(member: ShapeMember): boolean {
  return member.required === true || (member.in === "payload" && member.type === "structure");
}

function valueOf(type: TypeOfMember, member: ShapeMember, fullness: Fullness): unknown {
  switch (type.type) {
    case "number":
      return 7;
    case "boolean":
      return true;
    case "timestamp":
      return MOMENT;
    case "blob":
    case "stream":
      return Buffer.from("some bytes");
    case "structure":
      return sample(type.shape!, fullness);
    case "list":
      return [0, 1].map((index) => (type.item!.type === "string" ? text(member, index) : valueOf(type.item!, member, fullness)));
    case "map":
      return { colour: "blue", size: "12" };
    default:
      return text(member, 0);
  }
}

/** A text its place can carry, as awkward as the place allows. */
function text(member: ShapeMember, index: number): string {
  if (member.enum !== undefined) return enums[member.enum]![index % enums[member.enum]!.length]!;
  if (member.name === "PartNumberMarker") return "7";
  switch (member.in) {
    case "label":
      return member.name === "Bucket" ? "a-bucket" : "folder//a key+(é) & more?/";
    case "header":
      return member.name === "CopySource" ? "other-bucket/key" : `${member.name}-${index}`;
    default:
      return ` <${member.name}> & "é😀"\r\n\t'${index}' `;
  }
}
