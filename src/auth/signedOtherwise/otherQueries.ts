import { quoted } from "../../errors/quoted.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { Otherwise } from "./Otherwise.ts";
import { unencoded, withSmallDigits } from "./otherPaths.ts";

/** Of a query, no more parameters are tried without each. */
export const MAX_PARAMETERS_LEFT_OUT = 16;

const SIGNATURE = "X-Amz-Signature";

/** Ways of writing the canonical query `query` of a request that clients sign by mistake, or before something adds to it. */
export function* otherQueries(request: WireRequest, query: string): Generator<Otherwise> {
  if (query === "" && request.rawQuery === "") return;
  for (const [text, said] of waysToWrite(request, query)) if (text !== query) yield [text, said];
}

function* waysToWrite({ rawQuery }: WireRequest, query: string): Generator<Otherwise> {
  const pairs = query.split("&");
  for (const [index, pair] of pairs.slice(0, MAX_PARAMETERS_LEFT_OUT).entries()) {
    const name = pair.split("=", 1)[0]!;
    yield [
      pairs.toSpliced(index, 1).join("&"),
      `The parameter ${quoted(name)} of the query was not signed: it was added after signing. A presigned URL takes no parameter that was not there when it was made.`,
    ];
  }
  const own = pairs.filter((pair) => pair.startsWith("X-Amz-"));
  yield [
    own.join("&"),
    "The query was not signed: its parameters were added after signing, or the client leaves them out of what it signs.",
  ];
  yield [
    query.replace(/=(?=&|$)/g, ""),
    "Parameters without a value were signed by their names alone, and a = belongs behind each, as in acl=.",
  ];
  yield [query.replaceAll("%20", "+"), "The query was signed with + for a space, and S3 has %20."];
  yield [
    rawQuery
      .split("&")
      .filter((pair) => !pair.startsWith(`${SIGNATURE}=`))
      .join("&"),
    "The query was signed as it was sent, and S3 signs it with its parameters sorted, encoded, and a = behind each name.",
  ];
  yield [
    query
      .split("&")
      .flatMap((pair) => (rawQuery.includes("+") ? pair.replaceAll("%20", "%2B") : pair))
      .join("&"),
    "The query was sent with a bare +, which S3 reads as a space, and signed with it as %2B: send it as %2B.",
  ];
  yield [
    unencoded(query, "!'()*"),
    "The query was signed with ! ' ( ) * left alone, as encodeURIComponent does, and S3 encodes them too.",
  ];
  yield [unencoded(query, "/"), "The query was signed with slashes left alone, and S3 encodes them in queries."];
  yield [
    unencoded(query, "/!'()*:,;@$"),
    "The query was signed with characters left alone that S3 encodes: all but A-Z a-z 0-9 - . _ ~.",
  ];
  yield [withSmallDigits(query), "The query was signed with small digits after the %, and S3 has capital ones."];
  yield [query.replaceAll("%", "%25"), "The query was signed encoded twice, and sent encoded once."];
}
