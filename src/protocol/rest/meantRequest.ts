import { HeaderList } from "../HeaderList.ts";
import { QueryList } from "../QueryList.ts";
import type { Address, WireRequest } from "../WireRequest.ts";

/** What a body says of a request, in REST's terms. */
export interface Meaning {
  readonly method: string;
  readonly address: Address;
  /** Parameters of the query; those that are `undefined` are not sent. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Lower-case names and values; those that are `undefined` are not sent. */
  readonly headers: Iterable<readonly [name: string, value: string | undefined]>;
}

/** Headers that say who asks, and from where; all others of the request as it came are about its body, and not about what that asks. */
const KEPT_HEADERS: readonly string[] = ["host", "user-agent", "referer"];

/** REST's request of the same meaning as one whose body says what is meant. Throws InvalidURI for a query that cannot be. */
export function meantRequest(sent: WireRequest, { method, address, query = {}, headers }: Meaning): WireRequest {
  const list = new HeaderList([]);
  for (const name of KEPT_HEADERS) for (const value of sent.headers.all(name)) list.add(name, value);
  for (const [name, value] of headers) if (value !== undefined) list.add(name, value);
  let rawQuery = "";
  for (const [name, value] of Object.entries(query)) if (value !== undefined) rawQuery += `&${name}=${encodeURIComponent(value)}`;
  return { ...sent, method, rawQuery, headers: list, query: new QueryList(rawQuery), address };
}
