/** A Content-Type, taken apart (RFC 2045). */
export interface ContentType {
  /** In lower case, such as "text/xml"; "" where there is none. */
  readonly type: string;
  /** Values by names in lower case; of a repeated name the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A parameter and the ";" behind it: a value is in quotes, or anything else. White space around names and values is theirs for now. */
const PARAMETER = /([^;="]*)=(?:[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*|([^;"]*))(?:;|$)/sy;

/**
 * Reads a Content-Type, or another header of its form. What cannot be read as a parameter ends the list of them. `unquote` makes the value of
 * what stands between quotes.
 */
export function parseContentType(text: string, unquote: (quoted: string) => string = withoutBackslashes): ContentType {
  const semicolon = text.indexOf(";");
  const type = semicolon < 0 ? text : text.slice(0, semicolon);
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = semicolon < 0 ? text.length : semicolon + 1;
  for (let match = PARAMETER.exec(text); match !== null; match = PARAMETER.exec(text)) {
    const [, name, quoted, plain] = match;
    const lower = name!.trim().toLowerCase();
    if (!parameters.has(lower)) parameters.set(lower, quoted === undefined ? plain!.trim() : unquote(quoted));
  }
  return { type: type.trim().toLowerCase(), parameters };
}

function withoutBackslashes(quoted: string): string {
  return quoted.replace(/\\(.)/gs, "$1");
}
