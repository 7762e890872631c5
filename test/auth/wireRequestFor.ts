import { Readable } from "node:stream";
import type { WireRequest } from "../../src/protocol/WireRequest.ts";
import { HeaderList } from "../../src/protocol/HeaderList.ts";
import { QueryList } from "../../src/protocol/QueryList.ts";

/** What a test says of a request; everything has a default. */
export interface RequestParts {
  readonly method?: string;
  /** Path and query as sent. */
  readonly target?: string;
  /** Names and values; several lines of a name as an array. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The bucket of the host name; path style without. */
  readonly virtualBucket?: string;
  /** The body as it comes from the socket, in these pieces. */
  readonly body?: Readable | readonly Buffer[];
  readonly trailers?: Readonly<Record<string, string>>;
}

/** A request as the server would hand it to the rooms behind it. */
export function wireRequestFor(parts: RequestParts = {}): WireRequest {
  const target = parts.target ?? "/";
  const mark = target.indexOf("?");
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  const body = parts.body ?? [];
  return {
    method: parts.method ?? "GET",
    rawPath: mark < 0 ? target : target.slice(0, mark),
    rawQuery,
    headers: new HeaderList(lines(parts.headers ?? {})),
    endpoint: undefined,
    query: new QueryList(rawQuery),
    address: { style: parts.virtualBucket === undefined ? "path" : "virtual", bucket: parts.virtualBucket, key: undefined },
    secure: false,
    tlsVersion: () => undefined,
    httpVersion: "1.1",
    remoteAddress: "127.0.0.1",
    body: body instanceof Readable ? body : socketWith(body),
    trailers: () => new HeaderList(lines(parts.trailers ?? {})),
  };
}

function lines(headers: Readonly<Record<string, string | readonly string[]>>): string[] {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().flatMap((value) => [name, value]));
}

/** A stream of bytes that yields each piece as it is, as a socket does. */
function socketWith(pieces: readonly Buffer[]): Readable {
  let next = 0;
  return new Readable({
    read() {
      // Each piece arrives by itself: a stream would join pieces that wait together.
      setImmediate(() => this.push(next < pieces.length ? pieces[next++] : null));
    },
  });
}
