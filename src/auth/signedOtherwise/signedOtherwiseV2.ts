import type { QueryParameters, WireRequest } from "../../protocol/WireRequest.ts";
import { otherHeaders, withValue } from "./otherHeaders.ts";
import { otherMethods } from "./otherMethods.ts";
import { otherPaths } from "./otherPaths.ts";
import { MAX_PARAMETERS_LEFT_OUT } from "./otherQueries.ts";
import { MAX_TEXTS_TRIED, MAX_TRIED_TEXT_LENGTH } from "./signedOtherwiseV4.ts";

/** What version 2 signs: a request, with its path as it is signed and what stands in the line of the date. */
type SignedV2 = readonly [request: WireRequest, path: string, date: string];

/** The text that is signed of it. */
type TextOf = (...signed: SignedV2) => string;

/**
 * The same as `signedOtherwiseV4` for version 2, whose `textOf` writes what is signed. `isSigned` compares the client's signature with that of
 * a text, in constant time.
 */
export function signedOtherwiseV2(
  request: WireRequest,
  date: string,
  textOf: TextOf,
  isSigned: (text: string) => boolean,
): string | undefined {
  if (textOf(request, request.rawPath, date).length > MAX_TRIED_TEXT_LENGTH) return undefined;
  let tried = 0;
  for (const [signed, said] of otherRequests(request, date)) {
    if (isSigned(textOf(...signed))) return said;
    tried += 1;
    if (tried === MAX_TEXTS_TRIED) return undefined;
  }
  return undefined;
}

type OtherRequest = readonly [signed: SignedV2, said: string];

function* otherRequests(request: WireRequest, date: string): Generator<OtherRequest> {
  const { address, headers, query, rawPath } = request;
  for (const [method, said] of otherMethods(request.method)) {
    yield [[{ ...request, method }, rawPath, date], said];
    // With another method, programs such as curl send a type of their own as well, which version 2 signs in any case.
    if (headers.has("content-type"))
      yield [
        [{ ...request, method, headers: withValue(headers, "content-type", "") }, rawPath, date],
        `${said} It was signed without Content-Type besides.`,
      ];
  }
  for (const [path, said] of otherPaths(request, rawPath)) yield [[request, path, date], said];
  if (address.style === "virtual")
    yield [
      [{ ...request, address: { ...address, style: "path" } }, rawPath, date],
      "The path was signed without the bucket, and version 2 signs the bucket of the host name in front of it.",
    ];
  for (const [other, said] of otherHeaders(headers, (name) => name === "content-type" || name === "content-md5"))
    yield [[{ ...request, headers: other }, rawPath, date], said];
  for (const [index, { name }] of query.pairs().slice(0, MAX_PARAMETERS_LEFT_OUT).entries())
    yield [
      [{ ...request, query: without(query, index) }, rawPath, date],
      `The parameter ${name} of the query was not signed: it was added after signing, or the client does not know that it is signed.`,
    ];
  for (const name of ["date", "x-amz-date"])
    yield [
      [request, rawPath, headers.get(name) ?? ""],
      "The date stands in the wrong line of what was signed: with x-amz-date, the line of Date stays empty.",
    ];
}

/** A query without one of its pairs; only its pairs are asked for where a text is written. */
function without(query: QueryParameters, index: number): QueryParameters {
  const pairs = query.pairs().toSpliced(index, 1);
  return {
    get: (name) => query.get(name),
    has: (name) => query.has(name),
    names: () => query.names(),
    pairs: () => pairs,
  };
}
