import { S3Error } from "../../errors/S3Error.ts";
import type { Routed } from "../Dialect.ts";
import { HeaderList } from "../HeaderList.ts";
import { QueryList } from "../QueryList.ts";
import { RestRequest } from "../rest/RestRequest.ts";
import type { WireRequest } from "../WireRequest.ts";

/** A visitor's read of an object: REST's. */
class VisitorsRead extends RestRequest {
  readonly loggedAs: string;

  constructor(request: WireRequest) {
    super(request.method === "HEAD" ? "HeadObject" : "GetObject", request, undefined);
    this.loggedAs = `WEBSITE.${request.method}.OBJECT`;
  }
}

/** Headers that say who asks, and from where; conditions of policies may want to know. */
const OF_VISITORS: readonly string[] = ["host", "user-agent", "referer"];

/** Headers that say which bytes of a page are wanted, and when; and that there is a body, which is read and means nothing. */
const OF_PAGES: readonly string[] = [
  ...["range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"],
  ...["content-length", "transfer-encoding"],
];

/** REST's request for the object of a key that a visitor wants. Nobody signs it, and the query means nothing to S3. */
export function pageRequest(sent: WireRequest, key: string | undefined): WireRequest {
  return readRequest(sent, key, [...OF_VISITORS, ...OF_PAGES]);
}

/** The same for an error document, of which no conditions are asked: they were for another object. */
export function documentRequest(sent: WireRequest, key: string): WireRequest {
  return readRequest(sent, key, OF_VISITORS);
}

function readRequest(sent: WireRequest, key: string | undefined, kept: readonly string[]): WireRequest {
  const headers = new HeaderList([]);
  for (const name of kept) for (const value of sent.headers.all(name)) headers.add(name, value);
  const { bucket } = sent.address;
  return { ...sent, rawQuery: "", query: NO_QUERY, headers, address: { style: "virtual", bucket, key } };
}

const NO_QUERY = new QueryList("");

/** What a visitor's request means: a read, or what S3 answers to visitors who do not want to read. */
export function routeVisit(request: WireRequest): Routed {
  if (request.method === "GET" || request.method === "HEAD") return new VisitorsRead(request);
  return { operation: undefined, refusal: methodNotAllowed(request.method), loggedAs: INVALID_OPERATION };
}

/** What server access logs call what is neither GET nor HEAD. */
const INVALID_OPERATION = "WEBSITE.INVALIDOPERATION";

function methodNotAllowed(method: string): S3Error {
  return new S3Error("MethodNotAllowed", {
    details: [
      ["Method", method],
      ["ResourceType", "OBJECT"],
    ],
    explanation: "A website is read, with GET and HEAD; objects are written at the address of the S3 API.",
  });
}
