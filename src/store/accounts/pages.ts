import type { Entry, KeyRange } from "../metadata/MetadataEngine.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";
import { checkNumber } from "./identityForms.ts";
import { IdentityError } from "./IdentityError.ts";

/** Which part of a list is wanted. */
export interface PageRequest {
  /** What the page before ended with; `undefined`: from the beginning. */
  readonly marker?: string | undefined;
  /** From 1 to 1,000. Default: 100. */
  readonly maxItems?: number | undefined;
}

/** A part of a list. It may have fewer items than were wanted, even none, when there are more. */
export interface IdentityPage<Item> {
  readonly items: readonly Item[];
  /** What the next page begins behind; `undefined` at the end of the list. */
  readonly marker: string | undefined;
}

const USUAL_ITEMS = 100;
const MOST_ITEMS = 1_000;
/** Rows that a page with a filter looks at. */
const MOST_LOOKED_AT = 1_000;

const MARKER = /^[\w-]{1,1024}$/;

/** How many items a page may have. Throws `IdentityError` ValidationError. */
export function itemsWanted({ maxItems = USUAL_ITEMS }: PageRequest): number {
  checkNumber("maxItems", maxItems, 1, MOST_ITEMS);
  return maxItems;
}

/**
 * A page of the rows in a range whose keys all begin as it starts. Where `itemOf` leaves rows out, `filtered` lets the page look at more of
 * them, and at no more than that. Throws `IdentityError` ValidationError.
 */
export async function pageOfRows<Item>(
  store: Store,
  range: KeyRange,
  page: PageRequest,
  itemOf: (entry: Entry) => Item | undefined,
  filtered = false,
): Promise<IdentityPage<Item>> {
  const most = itemsWanted(page);
  const start = page.marker === undefined ? range.start : behind(range.start, page.marker);
  const limit = filtered ? Math.max(most + 1, MOST_LOOKED_AT) : most + 1;
  const { entries } = await readRows(store, { entries: { start, end: range.end, limit, decode: (entry: Entry) => entry } });
  const items: Item[] = [];
  for (const [index, entry] of entries.entries()) {
    if (items.length === most) return { items, marker: markerOf(range.start, entries[index - 1]!) };
    const item = itemOf(entry);
    if (item !== undefined) items.push(item);
  }
  return { items, marker: entries.length === limit ? markerOf(range.start, entries.at(-1)!) : undefined };
}

/** A page of a list that is at hand, sorted by what `keyOf` gives, which no two have in common. Throws `IdentityError` ValidationError. */
export function pageOfList<Item>(list: readonly Item[], page: PageRequest, keyOf: (item: Item) => string): IdentityPage<Item> {
  const most = itemsWanted(page);
  const after = page.marker === undefined ? undefined : readMarker(page.marker).toString();
  const sorted = list.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, most);
  const marker = rest.length > most ? Buffer.from(keyOf(items.at(-1)!)).toString("base64url") : undefined;
  return { items, marker };
}

function markerOf(start: Uint8Array, { key }: Entry): string {
  return Buffer.from(key.subarray(start.length)).toString("base64url");
}

/** The lowest key above the one that a marker stands for. */
function behind(start: Uint8Array, marker: string): Buffer {
  return Buffer.concat([start, readMarker(marker), Buffer.of(0)]);
}

function readMarker(marker: string): Buffer {
  if (!MARKER.test(marker)) throw new IdentityError("ValidationError", "Invalid Marker.");
  return Buffer.from(marker, "base64url");
}
