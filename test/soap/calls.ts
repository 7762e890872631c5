/** Whose keys sign a call. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** One call, as every client takes it: programs of other languages as JSON. */
export interface Call {
  readonly operation: string;
  /** Elements by name, in the schema's order. Lists are elements that come again; a Grantee has its type beside its elements; bytes are base64. */
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Nobody signs where it is not there. */
  readonly as?: Signer;
  /** The call is signed so long ago, in seconds. */
  readonly ageSeconds?: number;
  /** A Timestamp that is none. */
  readonly timestamp?: string;
  /** What is attached, in base64. */
  readonly attachment?: string;
  /** MIME is what clients do by themselves. */
  readonly encapsulation?: "dime";
}

/** What a client made of the answer. */
export interface Outcome {
  /** What is inside the one element of the response's. */
  readonly result?: unknown;
  /** In base64. */
  readonly attachment?: string;
  readonly fault?: Fault;
}

/** A fault as a client reads it. */
export interface Fault {
  /** Some clients leave the prefix. */
  readonly code: string;
  readonly message: string;
  /** The text of each element by its name. */
  readonly detail: Readonly<Record<string, string>>;
}

/** Elements that may come again: some clients make no list of one. */
const LISTS: ReadonlySet<string> = new Set(["Bucket", "CommonPrefixes", "Contents", "Grant", "Metadata"]);
/** Times of S3's in milliseconds. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * An answer as all clients say it alike: every value a text, lists as lists, Metadata by its name, and nothing that is empty. A time of the last
 * hour is "now".
 */
export function alike(value: unknown, name = ""): unknown {
  if (LISTS.has(name) && !Array.isArray(value)) return alike([value], name);
  if (Array.isArray(value)) return sorted(value.map((item) => alike(item)));
  if (typeof value !== "object" || value === null) return textOf(value);
  const members = Object.entries(value)
    .map(([key, inside]) => [key, alike(inside, key)] as const)
    .filter(([, inside]) => !isEmpty(inside))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members);
}

function isEmpty(value: unknown): boolean {
  return value === "" || (typeof value === "object" && Object.keys(value as object).length === 0);
}

function sorted(items: readonly unknown[]): unknown[] {
  return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function textOf(value: unknown): string {
  const text = value === null || value === undefined ? "" : String(value);
  return TIME.test(text) && Math.abs(Date.parse(text) - Date.now()) < 3_600_000 ? "now" : text;
}
