/** A text longer than this is cut. */
export const MAX_EXCERPT_CHARACTERS = 170;
/** What stands of the message behind the code, however long the text before it. */
const MESSAGE_CHARACTERS = 60;

/**
 * The line of a client's output that tells what went wrong, without what differs from run to run: the last one that names the code, or else
 * the last one that looks like an error. Where it is cut, code and start of the message are left. "" for no output.
 */
export function excerpt(output: string, code: string): string {
  const lines = output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const told =
    lines.findLast((line) => line.includes(code)) ?? lines.findLast((line) => /error|failed/i.test(line)) ?? lines.at(-1) ?? "";
  const line = masked(told);
  if (line.length <= MAX_EXCERPT_CHARACTERS) return line;
  const needed = line.indexOf(code) + code.length + MESSAGE_CHARACTERS;
  if (needed <= MAX_EXCERPT_CHARACTERS) return `${line.slice(0, MAX_EXCERPT_CHARACTERS)}…`;
  const from = Math.min(needed, line.length) - MAX_EXCERPT_CHARACTERS;
  return `…${line.slice(from, from + MAX_EXCERPT_CHARACTERS)}${needed < line.length ? "…" : ""}`;
}

/** A line without ids, times, ports, and keys of a thousand letters. */
function masked(line: string): string {
  return line
    .replace(/^\d{4}\/\d\d\/\d\d [\d:]+ /, "")
    .replace(/\b[0-9A-HJKMNP-TV-Z]{16}\b/g, "…")
    .replace(/(host ?id: )[^,\s]+/gi, "$1…")
    .replace(/k{20,}|(?:k\/){20,}k?/g, "k…")
    .replace(/127\.0\.0\.1:\d+/g, "HOST");
}
