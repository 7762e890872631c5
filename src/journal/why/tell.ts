import type { Explained } from "./Explained.ts";

/** The story of a request as text for a terminal, in lines that end with "\n". */
export function tell(explained: Explained): string {
  return `${explained.why.join("\n")}\n`;
}
