/** How much of a client's text an explanation repeats, in UTF-16 units. */
const MAX_QUOTED_CHARACTERS = 100;

/** ETags come in quotes of their own. */
const IN_QUOTES = /^"[^"]*"$/;

/** A client's text between quotes, cut to what a sentence can bear: for `Details`, where it shows what came. */
export function quoted(text: string): string {
  if (text.length <= MAX_QUOTED_CHARACTERS) return IN_QUOTES.test(text) ? text : `"${text}"`;
  // Not through the middle of a character beyond the basic plane.
  const start = text.slice(0, MAX_QUOTED_CHARACTERS).replace(/[\ud800-\udbff]$/, "");
  return `"${start}…" (${text.length} characters)`;
}
