import { Readable } from "node:stream";
import type { HeaderLines, QueryParameters, WireRequest } from "../../src/protocol/WireRequest.ts";

/** Requests for tests of the protocol, told by their method, target and headers. */

/** A path-style request: the target is "/", "/bucket…" or "/bucket/key…", with a query if need be. */
export function wireRequest(method: string, target: string, headers: Readonly<Record<string, string>> = {}): WireRequest {
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/s.exec(rawPath)!;
  return {
    method,
    rawPath,
    rawQuery,
    headers: headerLines(headers),
    query: queryParameters(new URLSearchParams(rawQuery)),
    address: { style: "path", bucket: decoded(bucket), key: decoded(key) },
    endpoint: undefined,
    secure: false,
    tlsVersion: () => undefined,
    httpVersion: "1.1",
    remoteAddress: "127.0.0.1",
    body: Readable.from([]),
    trailers: () => headerLines({}),
  };
}

function decoded(part: string | undefined): string | undefined {
  return part === undefined || part === "" ? undefined : decodeURIComponent(part);
}

function headerLines(headers: Readonly<Record<string, string>>): HeaderLines {
  const lines = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    get: (name) => lines.get(name),
    has: (name) => lines.has(name),
    names: () => [...lines.keys()],
    all: (name) => (lines.has(name) ? [lines.get(name)!] : []),
  };
}

function queryParameters(parameters: URLSearchParams): QueryParameters {
  return {
    get: (name) => parameters.get(name) ?? undefined,
    has: (name) => parameters.has(name),
    names: () => [...new Set(parameters.keys())],
    pairs: () => [...parameters].map(([name, value]) => ({ name, value })),
  };
}
