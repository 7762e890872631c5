import { maskedSignedText } from "../masked.ts";
import type { RequestRecord } from "../RequestRecord.ts";
import type { LikelyCause } from "./differences.ts";
import { headerCause, pathCause, queryCause, stringToSignCause } from "./differences.ts";
import type { ExplainedSignature, SignatureDifference } from "./Explained.ts";
import { canonicalParts, FIRST_HEADER_LINE, normalisedSignedText } from "./signedLines.ts";

/** Compares what a client signed with what the server computed, as far as the record has that. */
export function compareSigned(record: RequestRecord, clientText: string): Pick<ExplainedSignature, "compared" | "difference"> {
  const client = maskedSignedText(normalisedSignedText(clientText));
  const { canonicalRequest, stringToSign } = record.story ?? {};
  const isStringToSign = client.startsWith("AWS4-") || (canonicalRequest === undefined && stringToSign !== undefined);
  const compared = isStringToSign ? "stringToSign" : "canonicalRequest";
  const server = isStringToSign ? stringToSign : canonicalRequest;
  if (server === undefined) return { compared };
  if (client === server) return { compared, difference: null };
  const theirs = client.split("\n");
  const ours = server.split("\n");
  const line = firstOther(theirs, ours);
  const sides = { line: line + 1, client: theirs[line] ?? null, server: ours[line] ?? null };
  if (compared === "canonicalRequest")
    return { compared, difference: { ...sides, ...canonicalCause(theirs, ours, line, record) } };
  const told = server.startsWith("AWS4-")
    ? stringToSignCause(line, theirs[line] ?? "", ours[line] ?? "")
    : version2Cause(line, theirs[line] ?? "", ours[line] ?? "", record);
  return { compared, difference: { ...sides, ...told } };
}

function firstOther(theirs: readonly string[], ours: readonly string[]): number {
  let line = 0;
  while (line < theirs.length && line < ours.length && theirs[line] === ours[line]) line += 1;
  return line;
}

type Told = Pick<SignatureDifference, "part" | "cause" | "remedy">;

function canonicalCause(
  clientLines: readonly string[],
  serverLines: readonly string[],
  line: number,
  record: RequestRecord,
): Told {
  const theirs = canonicalParts(clientLines);
  const ours = canonicalParts(serverLines);
  if (line === 0) return { part: "the method", ...methodCause(theirs.method, ours.method) };
  if (line === 1) return { part: "the path", ...pathCause(theirs.path, ours.path, record) };
  if (line === 2) return { part: "the query", ...queryCause(theirs.query, ours.query) };
  const index = line - FIRST_HEADER_LINE;
  if (index < Math.max(theirs.headers.length, ours.headers.length)) return headersCause(theirs.headers, ours.headers, index);
  if (theirs.signedHeaders !== ours.signedHeaders)
    return {
      part: "the list of signed headers",
      cause: "The list of signed headers is another one than Authorization (or X-Amz-SignedHeaders) names.",
      remedy: "Make it once, of the names in small letters and sorted, with ; between them, and use it in both places.",
    };
  return { part: "the hash of the body", ...payloadCause(theirs.payloadHash, ours.payloadHash) };
}

function methodCause(client: string, server: string): LikelyCause {
  return {
    cause: `The client signed ${client}, and ${server} arrived: a presigned URL is used with another method than it was made for, or a proxy or a followed redirect changed it.`,
    remedy: `Sign ${server}, or send ${client}.`,
  };
}

type Headers = readonly (readonly [name: string, value: string])[];

function headersCause(theirs: Headers, ours: Headers, index: number): Told {
  const [theirName, theirValue] = theirs[index] ?? ["", ""];
  const [ourName, ourValue] = ours[index] ?? ["", ""];
  if (theirName.toLowerCase() === ourName.toLowerCase())
    return { part: `the header ${ourName}`, ...headerCause(theirName, theirValue, ourValue) };
  const has = (headers: Headers, name: string): boolean => headers.some(([other]) => other.toLowerCase() === name.toLowerCase());
  if (theirName !== "" && !has(ours, theirName))
    return {
      part: `the header ${theirName}`,
      cause: `The client signed ${theirName}, which its list of signed headers does not name.`,
      remedy: "Make the list and the lines of the same headers.",
    };
  if (ourName !== "" && !has(theirs, ourName))
    return {
      part: `the header ${ourName}`,
      cause: `The list of signed headers names ${ourName}, which has no line in what the client signed.`,
      remedy: "Make the list and the lines of the same headers.",
    };
  return {
    part: "the order of the headers",
    cause: "The headers are the same in another order.",
    remedy: "Sort them by their names in small letters, and name them in this order in the list.",
  };
}

function payloadCause(client: string, server: string): LikelyCause {
  if (
    client === "UNSIGNED-PAYLOAD" ||
    server === "UNSIGNED-PAYLOAD" ||
    client.startsWith("STREAMING-") ||
    server.startsWith("STREAMING-")
  )
    return {
      cause: `The client signed ${client} in place of the body, and x-amz-content-sha256 says ${server}.`,
      remedy: "Send in x-amz-content-sha256 what was signed; over plain http SDKs sign the body, over https many do not.",
    };
  return {
    cause: "The hash of the body that was signed is not the one in x-amz-content-sha256.",
    remedy: "Compute it once, of the bytes that are sent, and put the same text into header and signature.",
  };
}

/** Lines of version 2: method, Content-MD5, Content-Type, date, x-amz-… headers, resource. */
function version2Cause(line: number, client: string, server: string, record: RequestRecord): Told {
  if (line === 0) return { part: "the method", ...methodCause(client, server) };
  if (line === 1) return { part: "Content-MD5", ...headerCause("content-md5", client, server) };
  if (line === 2) return { part: "Content-Type", ...headerCause("content-type", client, server) };
  if (line === 3)
    return {
      part: "the date",
      cause:
        "The date that was signed is not the one that was sent; with x-amz-date the line is empty, in a presigned URL it is Expires.",
      remedy: "Sign the date that is sent, and leave the line empty where x-amz-date says it.",
    };
  if (server.startsWith("/")) {
    const [theirPath = "", theirQuery = ""] = client.split("?", 2);
    const [ourPath = "", ourQuery = ""] = server.split("?", 2);
    return theirPath === ourPath
      ? { part: "the resource", ...queryCause(theirQuery, ourQuery) }
      : { part: "the resource", ...pathCause(theirPath, ourPath, record) };
  }
  const [ourName = "", ...ourValue] = server.split(":");
  const [theirName = "", ...theirValue] = client.split(":");
  if (ourName === theirName)
    return { part: `the header ${ourName}`, ...headerCause(ourName, theirValue.join(":"), ourValue.join(":")) };
  return {
    part: "the x-amz-… headers",
    cause: `An x-amz-… header was added or lost after signing: ${server === "" ? theirName : ourName}.`,
    remedy: "Sign every x-amz-… header that is sent, sorted by name.",
  };
}
