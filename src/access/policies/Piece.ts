/** The wildcard `*`: any text, also none. */
export const ANY_TEXT = 0;
/** The wildcard `?`: one character. */
export const ANY_CHARACTER = 1;

/** What a pattern is made of: text that stands for itself, and wildcards. */
export type Piece = string | typeof ANY_TEXT | typeof ANY_CHARACTER;
