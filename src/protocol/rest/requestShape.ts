import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { S3Error } from "../../errors/S3Error.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import type { ShapeMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";
import type { WireRequest } from "../WireRequest.ts";
import type { Members } from "./decode.ts";
import { decodeMember } from "./decode.ts";

/** Wire names of the members whose values S3 reads before it knows who is calling; the others wait until the bucket is found. */
const READ_EARLY: ReadonlySet<string> = new Set(["max-keys", "max-uploads", "max-parts", "x-amz-object-attributes"]);

/** What of an operation's input is checked early. */
interface EarlyChecks {
  readonly members: readonly ShapeMember[];
  readonly takesVersionId: boolean;
}

const checksByOperation = new Map<OperationName, EarlyChecks>();

/**
 * The members of an operation's input that S3 reads before it looks at credentials or bucket, `undefined` being the value of those that
 * were not sent; `undefined` where the operation has none. Throws InvalidArgument for what S3 refuses in a request by then.
 */
export function earlyMembers(name: OperationName, request: WireRequest): Members | undefined {
  let checks = checksByOperation.get(name);
  if (checks === undefined) {
    checks = earlyChecks(name);
    checksByOperation.set(name, checks);
  }
  let early: Members | undefined;
  for (const member of checks.members) {
    early ??= {};
    early[member.name] = decodeMember(member, request, name);
  }
  if (request.rawQuery !== "") checkQuery(name, request, checks.takesVersionId);
  return early;
}

function checkQuery(name: OperationName, request: WireRequest, takesVersionId: boolean): void {
  if (routes[name].scope === "object") checkVersionId(request.query.get("versionId"), takesVersionId);
  const website = request.query.get("website");
  if (website !== undefined && website !== "") {
    throw refused(
      "website",
      website,
      "The website parameter must not have a value",
      `?website stands alone in the query; it came with ${quoted(website)}.`,
    );
  }
}

function earlyChecks(name: OperationName): EarlyChecks {
  const { members } = shapeOf(routes[name].input);
  return {
    members: members.filter(({ wire }) => READ_EARLY.has(wire!)),
    takesVersionId: members.some(({ wire }) => wire === "versionId"),
  };
}

function checkVersionId(versionId: string | undefined, isTaken: boolean): void {
  if (versionId === undefined) return;
  if (!isTaken) {
    const explanation = `This operation acts on no version in particular; leave versionId=${quoted(versionId)} out.`;
    throw refused("versionId", versionId, "This operation does not accept a version-id.", explanation);
  }
}

/** Throws InvalidArgument for a version id without a value, whatever the request means. */
export function checkVersionIdValue({ query }: WireRequest): void {
  if (query.get("versionId") !== "") return;
  const explanation = "versionId is in the query without a value; name a version or leave it out.";
  throw refused("versionId", "", "Version id cannot be the empty string", explanation);
}

function refused(name: string, value: string, message: string, explanation: string): S3Error {
  return invalidArgument(name, value, { message, explanation });
}
