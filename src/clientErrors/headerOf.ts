/** Headers as the clients of this world have them: `Headers`, a `Map`, or an object. */
export type HeadersLike =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** How many names of an object are looked at. */
const MAX_HEADERS = 500;

/** The value of a header, whose name is given in lower case; the first of several. */
export function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  if ("get" in headers && typeof headers.get === "function") return textOf(headers.get(name));
  const own = (headers as Record<string, unknown>)[name];
  if (own !== undefined) return textOf(own);
  const found = Object.keys(headers)
    .slice(0, MAX_HEADERS)
    .find((one) => one.toLowerCase() === name);
  return found === undefined ? undefined : textOf((headers as Record<string, unknown>)[found]);
}

function textOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "number") return String(first);
  return typeof first === "string" ? first : undefined;
}
